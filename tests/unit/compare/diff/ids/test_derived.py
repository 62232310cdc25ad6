"""A value that the server works out from what it was sent is worked out from that on both sides."""

from __future__ import annotations

import base64
import hashlib
import uuid
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pytest_cutover.core.exchange import Request, Transcript
from tests.unit.compare.building import brief, exchange, judged, transcript

FORM = "application/x-www-form-urlencoded"
Derive = Callable[[str], Any]


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


WORKED_OUT: dict[str, Derive] = {
    "md5": _md5,
    "md5 as uuid": lambda text: str(uuid.UUID(_md5(text))),
    "gravatar": lambda text: _md5(text.strip().lower()),
    "sha1": lambda text: hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest(),
    "short sha1": lambda text: hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:10],
    "sha256 upper": lambda text: hashlib.sha256(text.encode()).hexdigest().upper(),
    "labelled": lambda text: "sha256:" + hashlib.sha256(text.encode()).hexdigest(),
    "integrity": lambda text: (
        "sha512-" + base64.b64encode(hashlib.sha512(text.encode()).digest()).decode()
    ),
    "crc32": lambda text: f"{zlib.crc32(text.encode()):08x}",
    "crc32 as a number": lambda text: zlib.crc32(text.encode()),
    "uuid5": lambda text: str(uuid.uuid5(uuid.NAMESPACE_URL, text)),
    "cut off": lambda text: text[:9].upper(),
    "its end": lambda text: text[-7:],
    "reversed": lambda text: text[::-1],
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "in a sentence": lambda text: f"stored as {_md5(text)}, thank you",
}


def told(
    name: str, worked_out: Any, *, sent: Any = None, shown: dict[str, Any] | None = None
) -> Transcript:
    body = {"id": 7, "name": name, "check": worked_out, **(shown or {})}
    post = exchange(
        body, status=201, method="POST", target="/packages", sent=sent or {"name": name}
    )
    return transcript(post, generated=[("package", name)])


NAMES = ("packagek3ma7q9x", "packageb8ma2c4z", "packagez5ma8r2y")


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("way", WORKED_OUT)
def test_a_checksum_is_of_the_name_that_was_sent(way: str, shared: bool) -> None:
    derive = WORKED_OUT[way]
    first, again, alike = (told(name, derive(name)) for name in NAMES)
    assert not judged(first, alike, again=again, shared_state=shared).differences
    wrong = told(NAMES[2], derive("packagex9na4t6b"))
    found = judged(first, wrong, again=again, shared_state=shared)
    assert [kind for kind, _ in brief(found.differences)] == ["value"]
    assert found.differences[0].pointer.startswith("/check")


def test_it_is_that_of_a_sentence_around_the_name_or_of_the_whole_request() -> None:
    def sent(name: str) -> dict[str, str]:
        return {"title": f"The {name} of Basel", "kind": "a"}

    for derive in (
        lambda name: _md5(f"The {name} of Basel"),
        lambda name: _md5(f'{{"title": "The {name} of Basel", "kind": "a"}}'),
    ):
        first, again, alike = (told(name, derive(name), sent=sent(name)) for name in NAMES)
        assert not judged(first, alike, again=again).differences
        wrong = told(NAMES[2], _md5("The packagex9na4t6b of Basel"), sent=sent(NAMES[2]))
        assert brief(judged(first, wrong, again=again).differences) == [("value", "/check")]


def test_what_is_worked_out_with_a_secret_of_each_side_is_held_to_its_form() -> None:
    first, again, alike = (
        told(name, _md5(f"{name} {salt}"))
        for name, salt in zip(NAMES, ("a", "a", "b"), strict=True)
    )
    assert not judged(first, alike, again=again).differences


def _uploaded(boundary: str, hashed: str) -> Transcript:
    content = "a,b\r\n1,2\r\n"
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n'
        f"Content-Type: text/csv\r\n\r\n{content}\r\n--{boundary}--\r\n"
    )
    made = exchange({"check": hashed}, status=201, method="POST", target="/files")
    kind = (("Content-Type", f"multipart/form-data; boundary={boundary}"),)
    request = replace(made.request, headers=kind, body=body.encode())
    return transcript(replace(made, request=request))


@pytest.mark.parametrize("way", ["md5", "uuid5", "short sha1", "sha256 upper", "integrity"])
def test_what_was_sent_to_both_alike_has_one_checksum_on_two_databases(way: str) -> None:
    """It stands still like an id of the database, which would be each side's own."""
    derive = WORKED_OUT[way]
    first = told("steel", derive("steel"))
    assert not judged(first, first, again=first, shared_state=False).differences
    found = judged(first, told("steel", derive("stee")), again=first, shared_state=False)
    assert brief(found.differences) == [("value", "/check")]
    content = "a,b\r\n1,2\r\n"
    upload, again, alike = (_uploaded(f"b0{n}", derive(content)) for n in range(3))
    assert not judged(upload, alike, again=again, shared_state=False).differences
    cut = judged(upload, _uploaded("b9", derive(content[:-1])), again=again, shared_state=False)
    assert brief(cut.differences) == [("value", "/check")]


@pytest.mark.parametrize("way", [str.upper, str.lower])
@pytest.mark.parametrize("names", [("BobSmith", "CleoGarcia"), ("CleoGarcia", "BobSmith")])
def test_a_whole_name_in_another_spelling_is_as_long_as_the_name(
    way: Callable[[str], str], names: tuple[str, str]
) -> None:
    """What is shorter on the baseline is not cut on the candidate."""
    one, other = (
        transcript(exchange({"name": way(name)}, method="PUT", sent={"name": name}))
        for name in names
    )
    assert brief(judged(one, other).differences) == []
    cut = transcript(exchange({"name": way(names[1])[:7]}, method="PUT", sent={"name": names[1]}))
    assert brief(judged(one, cut).differences) == [("value", "/name")]


def test_a_seeded_id_is_no_checksum_of_what_was_sent() -> None:
    first = told("steel", _md5("a row of the baseline"))
    other = told("steel", _md5("a row of the candidate"))
    assert not judged(first, other, again=first, shared_state=False).differences


def test_a_later_answer_shows_the_checksum_too() -> None:
    def asked(name: str, of: str) -> Transcript:
        post = exchange({"id": 7}, status=201, method="POST", target="/p", sent={"name": name})
        rows = [{"name": name, "check": _md5(of)}, {"name": "old", "check": _md5("old")}]
        return transcript(post, exchange(rows, target="/p"), generated=[("package", name)])

    first, again, alike = (asked(name, name) for name in NAMES)
    assert not judged(first, alike, again=again).differences
    wrong = asked(NAMES[2], "packagex9na4t6b")
    assert brief(judged(first, wrong, again=again).differences) == [("value", "/0/check")]


def test_a_checksum_of_the_id_that_was_given_out() -> None:
    def asked(number: int, of: int) -> Transcript:
        made = {"id": number, "etag": _md5(str(of))}
        return transcript(exchange(made, status=201, method="POST", sent={"name": "a"}))

    first, again, alike = asked(17, 17), asked(18, 18), asked(31, 31)
    assert not judged(first, alike, again=again, shared_state=False).differences
    found = judged(first, asked(31, 33), again=again, shared_state=False)
    assert brief(found.differences) == [("value", "/etag")]


@pytest.mark.parametrize("header", ["ETag", "Content-MD5", "Digest"])
def test_a_validator_is_of_the_body_that_it_comes_with(header: str) -> None:
    def asked(number: int, of: int) -> Transcript:
        body, other = (f'{{"id": {n}, "name": "a"}}' for n in (number, of))
        tag = f'"{_md5(other)}"'
        if header == "Content-MD5":
            tag = base64.b64encode(bytes.fromhex(_md5(other))).decode()
        elif header == "Digest":
            tag = f"SHA-256={base64.b64encode(hashlib.sha256(other.encode()).digest()).decode()}"
        headers = (("Content-Type", "application/json"), (header, tag))
        made = exchange(
            body=body.encode(), status=201, headers=headers, method="POST", sent={"name": "a"}
        )
        return transcript(made)

    first, again, alike = asked(17, 17), asked(18, 18), asked(31, 31)
    assert not judged(first, alike, again=again, shared_state=False).differences
    found = judged(first, asked(31, 33), again=again, shared_state=False)
    assert brief(found.differences) == [("header-value", f"/headers/{header.lower()}")]


def test_a_signed_token_that_a_form_sent_back_is_another_one_in_the_next_second() -> None:
    def page(name: str, sent: str, shown: str) -> Transcript:
        form = exchange({"form": sent}, target="/form")
        body = f"name={name}&csrf_token={sent}".encode()
        after = exchange({"form": shown}, method="POST", target="/form")
        request = Request("POST", "/form", (("Content-Type", FORM),), body)
        return transcript(form, replace(after, request=request), generated=[("name", name)])

    def token(text: str, second: str) -> str:
        said = base64.urlsafe_b64encode(f'"{text}"'.encode()).decode().rstrip("=")
        return f"{said}.aWhB{second}.xC5onq-F6gg5RBZErJZFfkIG7_E"

    ours, theirs, again = (_md5(name) for name in NAMES)
    base = page(NAMES[0], token(ours, "xg"), token(ours, "xg"))
    later = page(NAMES[2], token(again, "zg"), token(again, "zg"))
    for shared in (True, False):
        cand = page(NAMES[1], token(theirs, "yg"), token(theirs, "yw"))
        assert brief(judged(base, cand, again=later, shared_state=shared).differences) == []
        gone = page(NAMES[1], token(theirs, "yg"), "none")
        assert brief(judged(base, gone, again=later, shared_state=shared).differences) != []
