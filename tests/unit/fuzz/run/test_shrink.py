"""The shrinker ends at what matters, within its steps; cases survive being a file."""

from __future__ import annotations

import json
from typing import Any

from pytest_cutover.fuzz.generate.case import Binding, Call, Case, case_document, case_of
from pytest_cutover.fuzz.run.shrink import shrink


def lot(**body: Any) -> Case:
    bindings = (Binding("body/code", label="code"),)
    call = Call(
        endpoint="POST /lots", body=body, content_type="application/json", bindings=bindings
    )
    return Case((call,), "probe")


def test_only_the_members_that_matter_are_left() -> None:
    big = lot(code="LOT-1", kind="RAW", weight=12.5, note="x" * 200, more={"a": [1, 2, {"b": 3}]})

    def shows(case: Case) -> bool:
        body = case.calls[0].body
        return "code" in body and body.get("kind") == "RAW" and "weight" in body

    small, steps = shrink(big, shows)
    assert small.calls[0].body == {"code": "a", "kind": "RAW", "weight": 0}
    assert steps <= 60


def test_a_text_is_cut_to_the_character_that_matters() -> None:
    small, _ = shrink(lot(note="a long text, geprüft"), lambda c: "ü" in str(c.calls[0].body))
    assert small.calls[0].body == {"note": "ü"}


def test_calls_that_are_not_needed_go_and_later_bindings_move_up() -> None:
    make = Call(endpoint="POST /lots", body={"code": "x"})
    read = Call(
        endpoint="GET /lots/{id}",
        path={"id": "1"},
        bindings=(Binding("path/id", step=1, pointer="/id"),),
    )
    small, _ = shrink(Case((make, make, read)), lambda c: c.calls[-1].method == "GET")
    assert [call.method for call in small.calls] == ["GET"]
    two, _ = shrink(
        Case((make, make, read)), lambda c: len(c.calls) == 2 and bool(c.calls[-1].bindings)
    )
    assert two.calls[-1].bindings[0].step == 0


def test_no_more_than_the_steps_are_asked() -> None:
    asked = []

    def never(case: Case) -> bool:
        asked.append(case)
        return False

    shrink(lot(note="y" * 500), never, steps=3)
    assert len(asked) == 3


def test_a_case_is_the_same_after_being_a_file() -> None:
    call = Call(
        endpoint="PUT /lots/{id}",
        path={"id": "a/b"},
        query=(("q", "1"), ("q", "2")),
        headers=(("X-A", "b"),),
        body={"n": 9007199254740993, "t": "ü\ud800"},
        content_type="application/json",
        bindings=(Binding("path/id", step=0, pointer="/id"), Binding("body/t", label="t")),
    )
    case = Case((call, Call(endpoint="POST /raw", body=b"\x00\xff", rest_valid=False)), "random")
    assert case_of(json.loads(json.dumps(case_document(case)))) == case
    assert call.target() == "/lots/a%2Fb?q=1&q=2"
