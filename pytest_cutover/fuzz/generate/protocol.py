"""Requests that nobody writes by hand: a valid one, with something about its protocol changed.

Content types and codings, odd bodies, other methods, spellings of the path, origins, conditions and
tokens. Each variation of each operation is a case; what differs is told once for all operations.
Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Final

from pytest_cutover.fuzz.generate.case import ABSENT, Absent, Binding, Call, Case

ORIGIN: Final = "protocol "
PLAIN: Final = f"{ORIGIN}as documented"
FOREIGN: Final = "https://elsewhere.example"
MOST_PER_OPERATION: Final = 25
MOST_BAD_TOKENS: Final = 3
_LEAST: Final = 750
_MOST_KINDS: Final = 4
_LARGE: Final = 200_000
_DEEP: Final = 5_000
_LONG_QUERY: Final = 12_000
_OTHER_METHODS: Final = ("PATCH", "PUT", "POST")
# Where somebody logs in a wrong token may lock an account.
_LOGINS: Final = ("login", "signin", "sign-in", "token", "auth", "session", "password", "otp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An operation to vary: a valid call, the methods of its path, and what may be sent.

    `writes` says whether methods other than GET and OPTIONS may be; `first_of_path` whether no
    other operation of this path comes before it; `logged_in` whether there is a login to leave out.
    `answers` are the media types of its documented successes.
    """

    call: Call
    methods: frozenset[str]
    writes: bool
    first_of_path: bool
    logged_in: bool
    bad_token: bool
    answers: tuple[str, ...] = ()


def is_login(template: str) -> bool:
    """Return whether a path looks like one that somebody logs in at."""
    return any(word in template.lower() for word in _LOGINS)


def protocol_cases(operations: Sequence[Asked]) -> Iterator[Case]:
    """Give each operation as documented, then each variation of all of them, in turn.

    Each operation begins with another one: the first hundred are of every kind.
    """
    yield from (Case((one.call,), PLAIN) for one in operations)
    varied = []
    for number, one in enumerate(operations):
        own = list(_variations(one))[:MOST_PER_OPERATION]
        first = number % len(own) if own else 0
        varied.append([*own[first:], *own[:first]])
    for turn in zip_longest(*varied):
        yield from (case for case in turn if case is not None)


def most_of(cases: int, operations: int) -> int:
    """Return how many odd requests a run sends that was asked for so many cases each.

    Of hundreds of operations, whose router is one, not every one is sent each oddity.
    """
    return max(_LEAST, operations * cases)


def label_of(case: Case) -> str:
    """Return what was changed, in words; empty for any other case."""
    return case.origin.removeprefix(ORIGIN) if case.origin.startswith(ORIGIN) else ""


def _variations(asked: Asked) -> Iterator[Case]:
    call = asked.call
    for label, calls in (
        *_bodies(call),
        *_spellings(call),
        *_origins(asked),
        *_methods(asked),
        *_tokens(asked),
        *_conditions(call),
        *_answers(asked),
    ):
        yield Case(calls, f"{ORIGIN}{label}")


_Variation = tuple[str, tuple[Call, ...]]


def _bodies(call: Call) -> Iterator[_Variation]:
    if isinstance(call.body, Absent | bytes) or not call.content_type:
        return
    plain = replace(call, headers=_without(call, "content-type"))
    for label, kind in (
        ("a body of text/plain", "text/plain"),
        ("a body without a content type", ""),
        ("a body of a vendor's type", "application/vnd.cutover+json"),
        ("a body in the charset iso-8859-1", "application/json; charset=iso-8859-1"),
        ("a JSON body that says it is a form", "application/x-www-form-urlencoded"),
    ):
        yield label, (replace(plain, content_type=kind),)
    for coding in ("gzip", "deflate"):
        packed = (*plain.headers, ("Content-Encoding", coding))
        yield f"a {coding} body", (replace(plain, headers=packed, coding=coding),)
    yield "a body with a byte order mark", (replace(plain, coding="bom"),)
    yield "a body that is cut off", (replace(plain, coding="cut"),)
    odd = replace(plain, bindings=_outside_the_body(plain), rest_valid=False)
    yield "an empty body", (replace(odd, body=b""),)
    yield "a body that is a text", (replace(odd, body="text"),)
    yield "a body that is a list", (replace(odd, body=[]),)
    yield "a body nested deep", (replace(odd, body=b"[" * _DEEP + b"]" * _DEEP),)
    if isinstance(call.body, dict):
        large = {**call.body, "cutover_unknown": "x" * _LARGE}
        yield "a large body", (replace(plain, body=large, rest_valid=False),)


def _spellings(call: Call) -> Iterator[_Variation]:
    path, _, query = call.target().partition("?")
    rest = f"?{query}" if query else ""
    if not call.template.endswith("/"):
        yield "a slash at the end", (replace(call, spelling="slash"),)
    if any(part and not part.startswith("{") for part in call.template.split("/")):
        yield "the path in upper case", (replace(call, spelling="upper"),)
    if call.method == "GET" and "{" in call.template:
        yield "an id in the other case", (replace(call, spelling="case"),)
    yield "an encoded slash in the path", (replace(call, spelling="%2Fcutover"),)
    yield "a broken escape in the path", (replace(call, spelling="%zz"),)
    if call.method == "GET" and len(path + rest) < _LONG_QUERY:
        long = (*call.query, ("cutover", "x" * _LONG_QUERY))
        yield "a long query", (replace(call, query=long),)


def _origins(asked: Asked) -> Iterator[_Variation]:
    call = asked.call
    yield "a foreign origin", (_with(call, ("Origin", FOREIGN)),)
    if call.method == "GET" or asked.first_of_path:
        yield "the origin null", (_with(call, ("Origin", "null")),)
    if asked.first_of_path:
        plain = replace(
            call, endpoint=f"OPTIONS {call.template}", body=ABSENT, content_type="", headers=(),
            bindings=_outside_the_body(call),
        )  # fmt: skip
        yield "OPTIONS", (plain,)
        preflight = (
            ("Origin", FOREIGN),
            ("Access-Control-Request-Method", call.method),
            ("Access-Control-Request-Headers", "authorization,content-type"),
        )
        # A browser sends no credentials with it.
        yield "a preflight", (replace(plain, headers=preflight, login="none"),)


def _methods(asked: Asked) -> Iterator[_Variation]:
    call = asked.call
    if not asked.writes:
        return
    bare = replace(call, body=ABSENT, content_type="", headers=(), bindings=_outside_the_body(call))
    if call.method == "GET" and "HEAD" not in asked.methods:
        head = replace(bare, endpoint=f"HEAD {call.template}")
        # What HEAD says of a length is held to what GET says of it, where both ask for one thing.
        yield "HEAD", (head,) if "{" in call.template else (call, head)
    other = next((one for one in _OTHER_METHODS if one not in asked.methods), None)
    if asked.first_of_path and other:
        yield "a method that is not there", (replace(bare, endpoint=f"{other} {call.template}"),)


def _tokens(asked: Asked) -> Iterator[_Variation]:
    if asked.logged_in:
        yield "no token", (replace(asked.call, login="none"),)
    if asked.bad_token:
        yield "a wrong token", (replace(asked.call, login="bad"),)


def _conditions(call: Call) -> Iterator[_Variation]:
    if call.method == "GET":
        tag = Binding("header/If-None-Match", step=0, pointer="/headers/etag")
        again = replace(_with(call, ("If-None-Match", '"cutover"')), bindings=(*call.bindings, tag))
        yield "If-None-Match of its own", (call, again)
        yield "If-None-Match of anything", (_with(call, ("If-None-Match", "*")),)
        later = "Fri, 01 Jan 2100 00:00:00 GMT"
        yield "If-Modified-Since", (_with(call, ("If-Modified-Since", later)),)


def _answers(asked: Asked) -> Iterator[_Variation]:
    """Ask for each of several documented media types, and for one that most do not have."""
    kinds = asked.answers[:_MOST_KINDS] if len(asked.answers) > 1 else ()
    for kind in kinds:
        yield f"an answer in {kind}", (_with(asked.call, ("Accept", kind)),)
    if "application/xml" not in kinds:
        yield "an answer in XML", (_with(asked.call, ("Accept", "application/xml")),)


def _with(call: Call, *headers: tuple[str, str]) -> Call:
    names = {name.lower() for name, _ in headers}
    kept = tuple(pair for pair in call.headers if pair[0].lower() not in names)
    return replace(call, headers=(*kept, *headers))


def _without(call: Call, name: str) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in call.headers if pair[0].lower() != name)


def _outside_the_body(call: Call) -> tuple[Binding, ...]:
    return tuple(one for one in call.bindings if not one.place.startswith("body"))
