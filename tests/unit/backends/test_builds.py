"""Which build of a side answers."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from pytest_cutover.backends.builds import BuildUnknown, build_of
from pytest_cutover.config.target import BackendSpec


def told(version: str | None, answer: str = "", status: int = 200, **spec: object) -> str:
    if "command" not in spec:
        spec["url"] = "http://x"
    made = BackendSpec(version=version, **spec)  # type: ignore[arg-type]
    return build_of(made, lambda _path: httpx.Response(status, text=answer), Path())


@pytest.mark.parametrize(
    ("version", "answer", "expected"),
    [
        ("v2.1", "", "v2.1"),
        ("/version", " 1.2.3\n", "1.2.3"),
        ("/version#/build/sha", '{"build": {"sha": "abc"}, "up": 7}', "abc"),
        ("/version#/build", '{"build": 7}', "7"),
        (None, "", ""),
    ],
)
def test_a_text_an_answer_or_a_place_in_it(version: str | None, answer: str, expected: str) -> None:
    assert told(version, answer) == expected


def test_a_long_answer_is_known_by_its_digest() -> None:
    assert told("/", "<html>" * 50) == told("/", "<html>" * 50)
    assert told("/", "<html>" * 50) != told("/", "<htm1>" * 50)
    assert len(told("/", "<html>" * 50)) < 30


@pytest.mark.parametrize(
    ("version", "answer", "status", "why"),
    [
        ("/version", "gone", 404, "GET /version answered 404, not 200"),
        ("/version#/sha", "{}", 200, "the answer of GET /version has no /sha"),
        ("/version#/sha", "no JSON", 200, "the answer of GET /version has no /sha"),
    ],
)
def test_what_does_not_tell_it_is_said(version: str, answer: str, status: int, why: str) -> None:
    with pytest.raises(BuildUnknown, match=f"^{why}$"):
        told(version, answer, status)


def test_a_launched_side_is_its_command() -> None:
    words = ("node", "server.js", "--port", "{port}")

    assert told(None, command=words).startswith("node server.js --port '{port}'")
