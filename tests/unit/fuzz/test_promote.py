"""The test that `promote` writes is one that a person would have written, and it compiles."""

from __future__ import annotations

from typing import Any

from pytest_cutover.fuzz.generate.case import Binding, Call, Case
from pytest_cutover.fuzz.promote import function
from pytest_cutover.fuzz.run.corpus import Kept

SIGNATURE = "POST /api/lots | type | /weight_kg | number → string"


def promoted(*calls: Call, request: str = "") -> str:
    text = function(Kept("1a2b3c4d", SIGNATURE, request, Case(calls)))
    compile(text, "test_promoted.py", "exec")
    return text


def call(endpoint: str = "POST /api/lots", **fields: Any) -> Call:
    return Call(endpoint=endpoint, content_type="application/json", **fields)


def test_a_request_with_a_new_code() -> None:
    code = Binding("body/lot_code", label="lot_code", max_length=100)
    body = {"lot_code": "a", "weight_kg": 0}
    assert promoted(call(body=body, bindings=(code,))) == (
        '@pytest.mark.characterization("POST /api/lots")\n'
        "def test_post_lots_weight_kg_1a2b3c4d(backend):\n"
        f"    # Found by fuzzing: {SIGNATURE}\n"
        '    backend.post("/api/lots", json={"lot_code": backend.unique("a"), "weight_kg": 0})\n'
    )


def test_a_sequence_uses_the_answer_of_its_own_side() -> None:
    read = call(
        "GET /api/traceability/{lot_code}",
        path={"lot_code": "x"},
        bindings=(Binding("path/lot_code", step=0, pointer="/lot_code"),),
    )
    text = promoted(call(body={"lot_code": "x"}), read)
    assert '    first = backend.post("/api/lots", json={"lot_code": "x"})\n' in text
    assert """backend.get(f"/api/traceability/{first.json()['lot_code']}")""" in text


def test_a_refused_request_is_a_negative_test() -> None:
    text = promoted(call(body={"odd": 1}), request="unknown field")
    assert '@pytest.mark.negative("POST /api/lots", scenario="unknown field")' in text


def test_bytes_quotes_and_long_bodies_compile() -> None:
    text = promoted(
        call(body=b"\x00'\""),
        call(body={"a" * 20: "b" * 40, "list": [{"c": 'it\'s "d"'}] * 3, "none": None}),
        call("QUERY /api/lots", query=(("q", "ü"),)),
    )
    assert max(map(len, text.splitlines())) <= 100
    assert 'backend.request("QUERY", "/api/lots", params=' in text
