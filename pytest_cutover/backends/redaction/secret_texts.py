"""Secrets by their form in free text: passwords in URLs, and what stands after a telling name.

For texts that are no exchange: logs, broken JSON, multipart and XML bodies. Pure.
"""

from __future__ import annotations

import contextlib
import csv
import html
import io
import json
import re
from collections.abc import Iterator, Mapping

from pytest_cutover.backends.redaction.likeness import is_common, looks_generated

_NAME = re.compile(
    r"(?:^|[^a-z])(?:(?:pg)?pass(?:word|wd|phrase|code)?|pwd|secrets?|tokens?|jwt|api[-_]?keys?|"
    r"(?:(?:shared-?_?)?access|private|subscription|functions?|auth|client|rapidapi|licen[cs]e|signing"
    r"|encryption|account|(?:pre-?_?)?shared|storage|master|deploy|ssh|hmac|admin|aes|crypt|role)"
    # An `account_sid` names an account; a `sid` and a `connect.sid` are sessions.
    r"[-_]?keys?|authorization|auth|cookie|session(?:[-_]?id)?|(?<![a-z][-_])sid|csrf|"
    r"xsrf|credentials?|bearer|psk|otp)(?:$|[^a-z])"
)
# What a variable or a setting is called that may hold a key of any service: `DEPLOY_KEY`, `GH_PAT`.
_ANY_KEY = re.compile(
    r"(?!.*(?:public|primary|foreign|cache|sort|partition|idempotency|object|routing))"
    r"(?:.*[a-z0-9][-_.](?:keys?|pat|pw|private)|passkey)"
)
_MAY_NAME_A_KEY = re.compile(
    r"(?:[A-Za-z0-9][-_.](?i:keys?|pat|pw|private)|[a-z]Key|(?i:passkey))[\"']{0,2}\s{0,3}[:=]"
    r"|\s(?:-u|--user)[ =]\S{1,40}:"
)
# Each telling name holds one of these, whatever its case: a text without them is known at once, a
# megabyte in a tenth of the time of the pattern.
_STEMS = (
    "pass",
    "pwd",
    "secret",
    "token",
    "jwt",
    "key",
    "auth",
    "cookie",
    "session",
    "sid",
    "csrf",
    "xsrf",
    "credential",
    "bearer",
    "psk",
    "otp",
)
_STEMS_OF_KEYS = ("key", "_pat", "-pat", "_pw", "-pw", "_private", "-private", "-u", "--user")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# In JSON within JSON, and in what PHP writes, slashes and quotes have backslashes before them.
_USERINFO = re.compile(r"(:(?:\\*/){2}[^\s/@:'\"<>\\]*:)([^\s/@'\"<>\\]+)(?=@)")
_LONE_USER = re.compile(r"(:(?:\\*/){2})([^\s/@:'\"<>\\]{20,})(?=@)")
_NAMED = re.compile(
    r"""(?<![\w-])(?P<name>[A-Za-z][\w-]{0,60})\\*["']?\s{0,3}(?:[:=]|=>|,(?=\s*b?\\*["']))\s{0,3}
    (?P<scheme>(?:b(?=\\*["']))?\\*["']?(?:(?:Bearer|Basic|Token|Digest)\s+)?)
    (?P<value>(?<=")[^"\\\n]{4,}|(?<=')[^'\\\n]{4,}|[^\s"'\\,;&<>{}\[\]()]{4,})""",
    re.VERBOSE | re.IGNORECASE,
)
_COOKIES = re.compile(
    r"(?i)(?<![\w-])((?:set-)?cookie\\*[\"']?\s{0,3}[:=]\s{0,3})([^\s\"'\\][^\n\"'\\]*)"
)
_MEMBER = re.compile(r'"([^"\\]{1,60})"\s{0,3}:\s{0,3}"((?:[^"\\]|\\.)+)')
_PART = re.compile(r'name="([^"]+)"[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n(.*?)\r\n--', re.DOTALL)
_ELEMENT = re.compile(r"<(?:\w+:)?([\w.-]+)(?:\s[^<>]*)?>([^<>]+)</")
_ARGUMENT = re.compile(
    r"""\b([A-Za-z][\w-]{1,60})\\*["']?\s{0,3}(?::|=>?)\s{0,3}\\*(["'])([^"'\\\s]{4,}?)\\*\2"""
)
# What `var_dump` and `print_r` of PHP show of an array: `["KEY"]=> string(20) "…"`, `[KEY] => …`.
_DUMPED = re.compile(
    r"""\[\\*["']?([A-Za-z][\w-]{1,60})\\*["']?\]\s{0,3}=>\s{0,9}(?:string\(\d{1,6}\)\s)?
    \\*["']?([^\s"'\\<>()]{4,})""",
    re.VERBOSE,
)
# A row of a page that shows settings: of a debugger, of `phpinfo`, of an admin.
_CELLS = re.compile(
    r"<(?:td|th|dt)\b[^<>]*>\s*([A-Za-z][\w.-]{1,60})\s*</(?:td|th|dt)>\s*<(?:td|dd)\b[^<>]*>"
    r"(?:\s*<\w[^<>]*>)*\s*['\"]?([^<>\s'\"]{4,})"
)
_PRIVATE_KEY = re.compile(
    r"(----[ -]BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK-|[ -])----|\bPrivate-Lines: \d{1,4}\b)"
    r"(.{1,20000}?)(----[ -]END|\bPrivate-MAC|\Z)",
    re.DOTALL,
)
# A line of YAML, of properties or of TOML that is a name and one value, and nothing else.
_SETTING = re.compile(
    r"""^[ \t]*(?:-[ \t]+|export[ \t]+)?["']?([A-Za-z][\w.-]{1,60})["']?[ \t]{0,3}[:=][ \t]{0,3}
    (["']?)([^\s"'{}\[\]&*|>][^\s"']{3,})\2[ \t]*(?:\#.*)?\r?$""",
    re.MULTILINE | re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""[\s<]([A-Za-z][\w:.-]{1,60})=(["'])([^"'<>]{4,}?)\2""")
_INPUT = re.compile(
    r"<(?:input|meta|button|param|add|env|setting|property|variable)\s([^<>]{1,2000})>",
    re.IGNORECASE,
)
# Text after text in MessagePack: a byte between them that is none of UTF-8, and perhaps a length.
_PACKED = re.compile("([A-Za-z][\\w-]{1,60})\ufffd(.?[^\\x00-\\x20\ufffd]{4,})", re.DOTALL)
_KEY_LINE = re.compile(r"(?:\\+[rn]|\s)+")
_SHORTEST_LINE = 6
_SHORTEST_IN_PROSE = 8
_MIXED = re.compile(r"(?=.*[A-Za-z])(?=.*\d)")
# Tokens that tell by themselves who issued them; what scanners of repositories look for.
ISSUED = re.compile(
    r"(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,}|glpat-[\w-]{15,}"
    r"|xox[abeoprs]-[\w-]{10,}|[rs]k_(?:live|test)_[A-Za-z0-9]{16,}|A[KS]IA[A-Z0-9]{16}(?!\w)"
    r"|AIza[\w-]{35}|shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{16,}|npm_[A-Za-z0-9]{30,}|pypi-[\w-]{40,}"
    r"|SG\.[\w-]{16,}\.[\w-]{16,}|ya29\.[\w-]{20,}|hv[bs]\.[\w-]{20,}|dop_v1_[a-f0-9]{40,}"
    r"|sk-(?:proj|ant|svcacct)-[\w-]{20,}|sk-[A-Za-z0-9]{40,}|whsec_[A-Za-z0-9+/=]{20,}"
    r"|hf_[A-Za-z0-9]{30,}|AGE-SECRET-KEY-1[0-9A-Z]{20,}|xapp-\d-[\w-]{20,}|GOCSPX-[\w-]{20,}"
    r"|dapi[a-f0-9]{32}|sq0csp-[\w-]{20,}|lin_api_\w{30,}|PMAK-[a-f0-9]{24}-[a-f0-9]{30,}"
    r"|(?:bot)?\d{8,10}:[A-Za-z0-9_-]{35}(?![\w-])"  # a bot of Telegram
    r"|(?<=hooks\.slack\.com/services/)T\w{6,}/B\w{6,}/[A-Za-z0-9]{16,}"
    r"|(?<=/api/webhooks/)\d{16,20}/[\w-]{40,})"
)
# A header as somebody printed it: `Authorization: Bearer …`.
_PRINTED = re.compile(
    r"""(\bauthorization\\*["']?\s?[:=]\s?\\*["']?(?:(?:bearer|basic|token)\s+))([\w.~+/=-]{8,})""",
    re.IGNORECASE,
)
_MAY_BE_PASSWORD = re.compile("[Pp]ass|PASS|[Pp]wd")
_PASSWORD = re.compile(
    r"""(\b[\w-]{0,20}(?:passw(?:or)?d|passphrase|passcode|pwd)\\*(?:["']\s?:\s?\\*["']|=))"""
    r"""[^\s"'&;,<>\\)}\]]{3,}(?=["'&;\\\s]|$)""",
    re.IGNORECASE,
)
_NO_VALUE = re.compile(r"<secret|(?:None|null|true|false|undefined)\Z", re.IGNORECASE)
# As a shell, a process and a crash report write a variable.
_ASSIGNED = re.compile(r"(?<![\w-])([A-Z][A-Z0-9_]{2,60})=([\w+/=.:~@%-]{6,})")
# A part of a connection string: `AccountName=shop;AccountKey=…;`.
_CONNECTED = re.compile(
    r"(?:(?<=;)|(?<=; )|(?<![\w;-]))([A-Za-z]\w{1,40})=([\w+/=.:~@%-]{6,})(?=;)"
)
# What is given to a command: `--password hunter2`.
_FLAG = re.compile(r"(?<!\S)--?([A-Za-z][\w-]{1,40})[ =]([^\s\"'-][^\s\"']{5,})")
_USER = re.compile(r"(?<!\S)(?:-u|--user)[ =][\"']?[^\s:\"']{1,40}:([^\s\"']{4,})")
# A variable as YAML lists them: its name in one line, its value in the next.
_PAIR = re.compile(
    r"""^[ \t-]*name:\s?["']?([A-Za-z][\w.-]{1,60})["']?\s*\n\s*value:\s?["']?([^\s"']{4,})""",
    re.MULTILINE,
)
# What a variable with a telling name may hold without being a secret.
_NO_SECRET = re.compile(r"[A-Za-z]{1,11}|\d{1,7}|[./~].*|\w+://[^@]*|\w+:path=.*")


def is_secret_name(name: str) -> bool:
    """Whether a member, header or parameter of this name holds a secret."""
    lower = name.lower()
    for stem in _STEMS:
        if stem in lower:
            return _NAME.search(_CAMEL.sub("_", name).lower()) is not None
    return False


def mentions_secrets(text: str) -> bool:
    """Whether there is a telling name in a text."""
    if is_secret_name(text):
        return True
    lower = text.lower()
    return any(stem in lower for stem in _STEMS_OF_KEYS) and (
        _MAY_NAME_A_KEY.search(text) is not None
    )


def is_key(name: str, value: str) -> bool:
    """Whether a variable or a setting holds the key of some service, by its name and its value."""
    return (
        _ANY_KEY.fullmatch(_CAMEL.sub("_", name).lower()) is not None
        and not is_common(value)
        and looks_generated(value)
    )


def is_telling_word(text: str) -> bool:
    """Whether a text is a telling name and nothing else."""
    return _NAME.fullmatch(text.lower()) is not None


def of_urls(text: str) -> Iterator[str]:
    """Yield the passwords of all URLs in a text, and names long enough to be tokens."""
    if "@" in text:
        yield from (found[2] for found in _USERINFO.finditer(text))
        yield from (found[2] for found in _LONE_USER.finditer(text))


def of_text(text: str) -> Iterator[str]:
    """Yield what a body holds under a telling name that is no whole JSON: cut off, multipart or
    XML.

    Prose is left alone: "token: expired" holds no secret, and comparing would forgive the word.
    """
    for name, value in _MEMBER.findall(text):
        if is_secret_name(name):
            yield _unescaped(value)
    for pattern in (_PART, _ELEMENT):
        yield from (value.strip() for name, value in pattern.findall(text) if is_secret_name(name))
    for name, _, value in _SETTING.findall(text):
        if _may_be_secret(name, value) or is_key(name, value):
            yield value
    yield from (value for name, value in _PAIR.findall(text) if is_secret_name(name))
    yield from _of_prose(text)
    if "<" in text:
        yield from _of_tags(text)
    for name, value in _PACKED.findall(text) if "\ufffd" in text else ():
        if is_secret_name(name):
            yield from (value, value[1:])


def _of_prose(text: str) -> Iterator[str]:
    """Yield what stands behind a telling name, a colon or a flag, and is neither word nor number:
    ``map[DB_PASSWORD:x7Kq3Lm9]``, ``--token x7Kq3Lm9``.
    """
    yield from _USER.findall(text) if ":" in text else ()
    named = [(found["name"], found["value"]) for found in _NAMED.finditer(text)]
    for name, value in (*named, *(_FLAG.findall(text) if "-" in text else ())):
        is_one = is_secret_name(name) and "=" not in value.rstrip("=")
        if is_one and len(value) >= _SHORTEST_IN_PROSE and _MIXED.match(value):
            yield value


def _of_tags(text: str) -> Iterator[str]:
    """Yield the values of attributes with a telling name, and of inputs that have one."""
    for name, _, value in _ATTRIBUTE.findall(text):
        if _may_be_secret(name, value):
            yield value
    for name, value in _CELLS.findall(html.unescape(text) if "&" in text else text):
        if is_secret_name(name):
            yield value
    for inside in _INPUT.findall(text):
        said = {name.lower(): value for name, _, value in _ATTRIBUTE.findall(f" {inside}")}
        names = [said.get(one, "") for one in ("name", "id", "key", "property")]
        names += ["password"] if said.get("type", "").lower() == "password" else []
        for value in (said.get("value", ""), said.get("content", "")):
            if any(_may_be_secret(name, value) for name in names):
                yield value


def _may_be_secret(name: str, value: str) -> bool:
    """Whether a value of a setting or an attribute is one: words tell what a client may do, how and
    where.
    """
    if not is_secret_name(name) or value.startswith("<"):
        return False
    return any(c.isdigit() for c in value) or "pass" in name.lower()


def of_columns(text: str) -> Iterator[str]:
    """Yield the cells of a table of which the head of the column is a telling name."""
    head, _, rest = text.lstrip("\ufeff").partition("\n")
    sign = next((one for one in ",;\t|" if one in head), "")
    if not sign or not rest or not any(map(is_secret_name, head.split(sign))):
        return
    rows = csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=sign)
    columns: list[int] = []
    with contextlib.suppress(csv.Error):  # a table of which no cell can be told from the next
        for index, cells in enumerate(rows):
            if not index:
                columns = [at for at, cell in enumerate(cells) if is_secret_name(cell.strip())]
            else:
                yield from (cells[at].strip() for at in columns if at < len(cells) and cells[at])


def of_arguments(text: str) -> Iterator[str]:
    """Yield what is quoted after a telling name and a colon: arguments of GraphQL, JSON within
    JSON, and how Python, Ruby and PHP show a dictionary, in a page too.
    """
    for shown in {text, html.unescape(text)} if "&" in text else {text}:
        for name, _, value in _ARGUMENT.findall(shown):
            if is_secret_name(name) and not is_common(value):
                yield value
        for name, value in _DUMPED.findall(shown) if "=>" in shown else ():
            if is_secret_name(name) and not is_common(value):
                yield value


def of_private_keys(text: str) -> Iterator[str]:
    """Yield the lines of private keys in a text, whether its line ends are escaped or not."""
    for found in _PRIVATE_KEY.finditer(text):
        yield from (line for line in _KEY_LINE.split(found[2]) if len(line) >= _SHORTEST_LINE)


def of_printed_headers(text: str) -> Iterator[str]:
    """Yield the credentials of headers that were printed into a text."""
    if "uthorization" in text:
        yield from (found[2] for found in _PRINTED.finditer(text) if not is_common(found[2]))


def without_private_keys(text: str) -> str:
    """Return the text with what every private key holds replaced, cut off or not."""
    if "PRIVATE KEY" not in text and "Private-Lines" not in text:
        return text
    return _PRIVATE_KEY.sub(r"\1<secret>\3", text)


def without_passwords(text: str) -> str:
    """Return the text with what follows the name of a password replaced, be it a common word.

    Prose about passwords stays; what is sent or stored as one has no blank in it.
    """
    if not _MAY_BE_PASSWORD.search(text):
        return text
    return _PASSWORD.sub(lambda found: f"{found[1]}<secret>", text)


def _unescaped(value: str) -> str:
    try:
        return str(json.loads(f'"{value}"'))
    except ValueError:
        return value


def of_environment(variables: Mapping[str, str]) -> Iterator[str]:
    """Yield the secrets among the variables of a process: by their names, and passwords in URLs."""
    for name, value in variables.items():
        yield from of_urls(value)
        telling = name.upper() not in ("PWD", "OLDPWD") and is_secret_name(name)
        if (telling and not _NO_SECRET.fullmatch(value)) or is_key(name, value):
            yield value


def assigned(text: str) -> Iterator[tuple[int, int]]:
    """Yield where in a text the value of a variable with a telling name stands: ``API_TOKEN=…``."""
    if "=" not in text:
        return
    named = (*_ASSIGNED.finditer(text), *(_CONNECTED.finditer(text) if ";" in text else ()))
    yield from sorted(
        {
            found.span(2)
            for found in named
            if (is_secret_name(found[1]) and not _NO_SECRET.fullmatch(found[2]))
            or is_key(found[1], found[2])
        }
    )


def without_assigned(text: str) -> str:
    """Return the text with the values of variables that have a telling name replaced."""
    parts: list[str] = []
    position = 0
    for start, end in assigned(text):
        parts += [text[position:start], "<secret>"]
        position = end
    return "".join([*parts, text[position:]])


def without_urls_passwords(text: str) -> str:
    """Return the text with every password of a URL replaced."""
    if "@" not in text:
        return text
    return _LONE_USER.sub(r"\1<secret>", _USERINFO.sub(r"\1<secret>", text))


def without_named(text: str) -> str:
    """Return the text of a log with everything replaced that stands after a telling name."""

    def hidden(found: re.Match[str]) -> str:
        value = found["value"]
        if not is_secret_name(found["name"]) or _NO_VALUE.match(value):
            return found[0]
        return found[0][: found.start("value") - found.start()] + "<secret>"

    return _NAMED.sub(hidden, _COOKIES.sub(r"\1<secret>", text))
