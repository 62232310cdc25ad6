"""One drift for each service, chosen before its suite ran for the first time.

A drift is given an answer, changes it in place and says whether it did. It is one value, one header
or one row of one kind of answer: what a rewrite gets wrong without anybody's noticing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Answer:
    """An answer on its way to the client: the request's line, the fields in order, the content."""

    method: str
    target: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def asks(self, method: str, pattern: str) -> bool:
        """Return whether it answers such a request: the pattern fits path and query."""
        return self.method == method and re.search(pattern, self.target) is not None

    def replace(self, pattern: bytes, by: bytes, *, count: int = 1) -> bool:
        """Replace the first matches in the body; return whether there was one."""
        changed, times = re.subn(pattern, by, self.body, count=count, flags=re.DOTALL)
        self.body = changed
        return times > 0


Drift = Callable[[Answer], bool]


def _json_server(answer: Answer) -> bool:
    """A page of a list counts one row less in its header than there are."""
    for index, (name, value) in enumerate(answer.headers):
        if name.lower() == "x-total-count" and value.isdigit():
            answer.headers[index] = (name, str(int(value) - 1))
            return True
    return False


def _wsgidav(answer: Answer) -> bool:
    """The listing of a folder lacks its last member."""
    if answer.method != "PROPFIND" or answer.body.count(b"<ns0:response>") < 3:
        return False
    last = answer.body.rindex(b"<ns0:response>")
    end = answer.body.index(b"</ns0:response>", last) + len(b"</ns0:response>")
    answer.body = answer.body[:last] + answer.body[end:]
    return True


def _radicale(answer: Answer) -> bool:
    """An event that is read ends an hour later than it was written."""
    if answer.method != "GET" or b"BEGIN:VEVENT" not in answer.body:
        return False
    found = re.search(rb"DTEND[^:\r\n]*:\d{8}T(\d\d)", answer.body)
    if found is None:
        return False
    hour = b"%02d" % ((int(found[1]) + 1) % 24)
    answer.body = answer.body[: found.start(1)] + hour + answer.body[found.end(1) :]
    return True


def _pypiserver(answer: Answer) -> bool:
    """The links of the index of one project have lost their checksum."""
    return answer.asks("GET", r"^/simple/[^/]+/") and answer.replace(
        rb"#(md5|sha256)=[0-9a-f]+", b"", count=0
    )


def _moto(answer: Answer) -> bool:
    """A listing of objects says of the last one that it is a byte longer."""
    found = list(re.finditer(rb"<Size>(\d+)</Size>", answer.body))
    if answer.method != "GET" or not found or b"<ListBucketResult" not in answer.body:
        return False
    size = b"%d" % (int(found[-1][1]) + 1)
    answer.body = answer.body[: found[-1].start(1)] + size + answer.body[found[-1].end(1) :]
    return True


def _django_admin(answer: Answer) -> bool:
    """A table of the admin lacks its last row."""
    start = answer.body.find(b'id="result_list"')
    last = answer.body.rfind(b"<tr>", 0, answer.body.find(b"</tbody>", start)) if start > 0 else -1
    if last < 0 or answer.body.count(b"<tr>", start) < 2:
        return False
    end = answer.body.index(b"</tr>", last) + len(b"</tr>")
    answer.body = answer.body[:last] + answer.body[end:]
    return True


def _verdaccio(answer: Answer) -> bool:
    """One byte in the middle of a tarball is another."""
    if not answer.asks("GET", r"\.tgz") or answer.status != 200 or len(answer.body) < 20:
        return False
    middle = len(answer.body) // 2
    other = bytes([answer.body[middle] ^ 1])
    answer.body = answer.body[:middle] + other + answer.body[middle + 1 :]
    return True


def _pouchdb(answer: Answer) -> bool:
    """The feed of changes says that it ends one earlier."""
    if not answer.asks("GET", r"/_changes"):
        return False
    found = re.search(rb'"last_seq":\s*(\d+)', answer.body)
    if found is None:
        return False
    last = b"%d" % (int(found[1]) - 1)
    answer.body = answer.body[: found.start(1)] + last + answer.body[found.end(1) :]
    return True


def _kinto(answer: Answer) -> bool:
    """A list of records comes without its ETag."""
    if not answer.asks("GET", r"/records(\?|$)"):
        return False
    kept = [(k, v) for k, v in answer.headers if k.lower() != "etag"]
    lost = len(kept) < len(answer.headers)
    answer.headers[:] = kept
    return lost


def _copyparty(answer: Answer) -> bool:
    """The first file in a listing is a byte longer than it is."""
    if not answer.asks("GET", r"\?ls"):
        return False
    try:
        listing = json.loads(answer.body)
    except ValueError:
        return False
    if not listing.get("files"):
        return False
    return answer.replace(
        rb'("sz": ?)(\d+)',
        lambda m: m[1] + b"%d" % (int(m[2]) + 1),  # type: ignore[arg-type]
    )


def _datasette(answer: Answer) -> bool:
    """A page of rows as JSON lacks its last one."""
    if not answer.asks("GET", r"^/garden/plants\.json"):
        return False
    try:
        page = json.loads(answer.body)
    except ValueError:
        return False
    if not isinstance(page, dict) or len(page.get("rows", [])) < 2:
        return False
    page["rows"].pop()
    answer.body = json.dumps(page).encode()
    return True


def _bepasty(answer: Answer) -> bool:
    """What is known of an item says that it is a byte longer."""
    return answer.asks("GET", r"^/apis/rest/items/\w+$") and answer.replace(
        rb'("size": ?)(\d+)',
        lambda m: m[1] + b"%d" % (int(m[2]) + 1),  # type: ignore[arg-type]
    )


def _ihatemoney(answer: Answer) -> bool:
    """An amount has lost its cents."""
    return answer.asks("GET", r"/bills$") and answer.replace(rb'("amount": ?\d+)\.5', rb"\1.0")


def _tiddlywiki(answer: Answer) -> bool:
    """A text that is read has lost its last sign."""
    return answer.asks("GET", r"^/recipes/default/tiddlers/") and answer.replace(
        rb'("text": ?"[^"]+)\."', rb'\1"'
    )


def _node_red(answer: Answer) -> bool:
    """A node of a flow stands elsewhere."""
    return answer.asks("GET", r"^/flow/") and answer.replace(rb'("x": ?)90', rb"\g<1>91")


def _sqlite_web(answer: Answer) -> bool:
    """A NULL of an exported table is an empty text."""
    return answer.asks("POST", r"/export/$") and answer.replace(
        rb'("note": ?)(null|"")', lambda m: m[1] + (b'""' if m[2] == b"null" else b"null")
    )


def _azurite(answer: Answer) -> bool:
    """The value of a header that the user gave is in small letters."""
    if not answer.asks("GET", r"^/devstoreaccount1/[^/]+/"):
        return False
    for index, (name, value) in enumerate(answer.headers):
        if name.lower() == "x-ms-meta-colour":
            answer.headers[index] = (name, value.lower())
            return value != value.lower()
    return False


def _solid(answer: Answer) -> bool:
    """A container, as Turtle, lacks the last of what is in it."""
    return answer.asks("GET", r"^/[^/.]+/$") and answer.replace(
        rb"(ldp:contains <[^>]+>(?:, <[^>]+>)*), <[^>]+>\.", rb"\1."
    )


def _optuna_dashboard(answer: Answer) -> bool:
    """A trial that failed is said to be complete."""
    return answer.asks("GET", r"^/api/studies/\d+") and answer.replace(
        rb'("state": ?)"Fail"', rb'\1"Complete"'
    )


def _wagtail(answer: Answer) -> bool:
    """A sign in the title of a page is escaped twice."""
    return answer.asks("GET", r"^/gates[^/]*/$") and answer.replace(
        rb"Gates &amp; hinges", rb"Gates &amp;amp; hinges"
    )


def _devpi(answer: Answer) -> bool:
    """An index says that its files stay, where they may be overwritten."""
    return answer.asks("GET", r"^/[^/+]+/dev$") and answer.replace(
        rb'"volatile": ?true', b'"volatile": false'
    )


DRIFTS: dict[str, Drift] = {
    "json_server": _json_server,
    "wsgidav": _wsgidav,
    "radicale": _radicale,
    "pypiserver": _pypiserver,
    "moto": _moto,
    "django_admin": _django_admin,
    "verdaccio": _verdaccio,
    "pouchdb": _pouchdb,
    "kinto": _kinto,
    "copyparty": _copyparty,
    "datasette": _datasette,
    "bepasty": _bepasty,
    "ihatemoney": _ihatemoney,
    "tiddlywiki": _tiddlywiki,
    "node_red": _node_red,
    "sqlite_web": _sqlite_web,
    "azurite": _azurite,
    "solid": _solid,
    "optuna_dashboard": _optuna_dashboard,
    "wagtail": _wagtail,
    "devpi": _devpi,
}
