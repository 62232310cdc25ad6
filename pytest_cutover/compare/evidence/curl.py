"""A request as a command line that anybody can run; credentials stay in variables of the shell."""

from __future__ import annotations

import shlex

from pytest_cutover.backends.redaction.secrets import is_secret_name
from pytest_cutover.core.exchange import Request

_BY_ITSELF = frozenset(
    {"host", "accept", "accept-encoding", "connection", "user-agent", "content-length"}
)
_LONGEST_BODY = 4_000
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "'": "\\'", "\\": "\\\\"}


def curl(request: Request, base_url: str) -> str:
    """Return the command that sends this request again.

    ``$CUTOVER_TOKEN`` and ``$CUTOVER_COOKIE`` stand for credentials. A body that is no text, or is
    long, is read from a file that the reader has to make.
    """
    words = ["curl", "-i"]
    if request.method == "HEAD":
        words.append("--head")
    elif request.method != ("POST" if request.body else "GET"):
        words += ["-X", shlex.quote(request.method)]
    # curl would tidy `..` and `.` away; the request had them.
    if "/." in request.path:
        words.append("--path-as-is")
    words.append(shlex.quote(base_url.rstrip("/") + request.target))
    if request.body and not _header(request, "content-type"):
        words += ["-H", "'Content-Type:'"]
    for name, value in request.headers:
        words += _words(name, value)
    words += _body(request.body)
    return " ".join(words)


def _header(request: Request, name: str) -> bool:
    return any(key.lower() == name for key, _ in request.headers)


def _words(name: str, value: str) -> list[str]:
    lowered = name.lower()
    if lowered in _BY_ITSELF:
        return []
    if lowered in ("authorization", "proxy-authorization"):
        scheme = value.partition(" ")[0] if " " in value else ""
        return ["-H", f'"{name}: {scheme}{" " if scheme else ""}$CUTOVER_TOKEN"']
    if lowered == "cookie":
        return ["-H", f'"{name}: $CUTOVER_COOKIE"']
    if is_secret_name(name):
        return ["-H", f'"{name}: $CUTOVER_TOKEN"']
    header = f"{name}: {value}"
    # What stands in a header of other signs are bytes, of which a header has one for each.
    return ["-H", shlex.quote(header) if _is_plain(header) else _quoted(header, "latin-1")]


def _body(body: bytes) -> list[str]:
    if not body:
        return []
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    if text is None or "\0" in text or len(text) > _LONGEST_BODY:
        return ["--data-binary", "@body.bin", f"# {len(body)} bytes"]
    return ["--data-raw", _quoted(text)]


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _quoted(text: str, encoding: str = "utf-8") -> str:
    """Return a word of the shell; control characters, which no screen shows, as escapes."""
    if text.isprintable() and encoding == "utf-8":
        return shlex.quote(text)
    return "$'" + "".join(_ESCAPES.get(one) or _escape(one, encoding) for one in text) + "'"


def _escape(character: str, encoding: str) -> str:
    if _is_plain(character) or (encoding == "utf-8" and character.isprintable()):
        return character
    error = "surrogatepass" if encoding == "utf-8" else "backslashreplace"
    return "".join(f"\\x{byte:02x}" for byte in character.encode(encoding, error))
