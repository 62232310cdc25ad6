"""What an item tells where it breaks off: not that all is well."""

from __future__ import annotations

from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_cutover.fuzz.generate.payload import TOLD
from pytest_cutover.fuzz.run import items
from tests.unit.fuzz.test_gates import contributed


def _item(run: Any) -> Any:
    session = SimpleNamespace(problem="", begin=lambda: None)
    room = SimpleNamespace(opened=lambda _session: session, document=None)
    properties: list[Any] = []
    return SimpleNamespace(
        room=room, session=None, config=None, name="fuzz", nodeid="fuzz::POST /sums",
        user_properties=properties, run=run,
    )  # fmt: skip


def test_an_item_that_breaks_off_leaves_the_run_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items, "told_when_long", lambda *_: nullcontext())

    def broken(_session: object) -> None:
        raise TypeError("no len()")

    item = _item(broken)
    with pytest.raises(TypeError):
        items.FuzzItem.runtest(item)
    told = [TOLD.read(line) for _, line in item.user_properties]
    gates = {gate.id: gate for gate in contributed(*told).gates}
    assert gates["fuzz.cases"].verdict == "inconclusive"
    assert gates["fuzz.cases"].place == "fuzz::POST /sums"
    assert "TypeError" in gates["fuzz.cases"].message


def test_an_item_that_skips_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items, "told_when_long", lambda *_: nullcontext())
    item = _item(lambda _session: pytest.skip("not sent"))
    with pytest.raises(pytest.skip.Exception):
        items.FuzzItem.runtest(item)
    assert item.user_properties == []
