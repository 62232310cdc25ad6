"""Pages in one file: our templates, with every text made harmless, our style and our script.

A page names the hashes of its own style and script, so that nothing else can act in it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from pytest_cutover.core.numbers import interval, number
from pytest_cutover.core.sanitize import block, command_line
from pytest_cutover.report.renderers.html.filters import cut, when
from pytest_cutover.report.truncation import total

if TYPE_CHECKING:  # half of what a command would take that writes no page
    import jinja2


# Half a command is worse than none.
_COMMAND = 8_000
_TOO_LONG = "# too long for this page: gate.json has it"


def standalone(template: str, *, style: str, script: str, **values: object) -> str:
    """Return a template filled in, with the files of its style and its script inside."""
    css, code = asset(style), asset(script)
    return (
        environment()
        .get_template(template)
        .render(
            **values,
            style=Markup(css),  # our own files, no data in them
            style_hash=digest_of(css),
            script=Markup(code),
            script_hash=digest_of(code),
        )
    )


def asset(name: str) -> str:
    """Return the text of a file beside the templates."""
    folder = files("pytest_cutover.report") / "templates"
    return folder.joinpath(name).read_text(encoding="utf-8")


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text as a content security policy writes it."""
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _items(mapping: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted(mapping.items())


def _command(text: str) -> Markup:
    """Return a command for the inside of an element: whole, and to the byte, or not at all."""
    return escape(command_line(text) if len(text) <= _COMMAND else _TOO_LONG)


def _harmless(value: object) -> object:
    """Return what every expression of every template passes through before it is escaped."""
    return block(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def environment() -> jinja2.Environment:
    """Return the environment of all templates."""
    import jinja2

    made = jinja2.Environment(
        loader=jinja2.PackageLoader("pytest_cutover.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "command": _command,
        "cut": cut,
        "interval": interval,
        "items": _items,
        "number": number,
        "total": total,
        "when": when,
    }
    return made
