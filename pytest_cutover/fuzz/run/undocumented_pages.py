"""Pages that a browser would show where the document promises something else. Pure.

Single sign-on answers 200 with its form to whoever has no session, and a server of an application
for browsers its empty page to every path that it does not know: two such sides agree in every
answer, and no request came in anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from pytest_cutover.core.exchange import Response

_KINDS: Final = ("text/html", "application/xhtml")
_BEGINNING: Final = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html)\b", re.I)
_PASSWORD: Final = re.compile(rb"""<input\b[^>]*\btype\s*=\s*["']?password\b""", re.I)

_SHELL: Final = re.compile(
    rb"""<(\w[\w-]*)\b[^>]*\bid\s*=\s*["']?(?:root|app|__next)\b[^>]*>\s*</\1>""", re.I
)


def is_undocumented_page(response: Response, documented: Collection[str]) -> bool:
    """Return whether an answer is a page, and the operation documents other kinds of answers.

    `documented` are the media types of its successes; where it says none, a page that asks for a
    password, or that scripts have still to fill, is no answer of an operation.
    """
    if any(kind.startswith(_KINDS) for kind in documented):
        return False
    named = (response.header("content-type") or "").strip().lower()
    if (named and not named.startswith(_KINDS)) or not _BEGINNING.match(response.body):
        return False
    return bool(documented) or any(one.search(response.body) for one in (_PASSWORD, _SHELL))
