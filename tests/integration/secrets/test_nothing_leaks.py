"""Planted secrets stand in nothing that a run leaves behind, however loud it was asked to be."""

from __future__ import annotations

import pytest

from tests.harness.run import Run
from tests.integration.secrets.conftest import CRASHES, DIES, SUITE, Leaky
from tests.integration.secrets.planted import everything_below, found_in


def leaks(leaky: Leaky, run: Run) -> dict[str, list[str]]:
    texts = everything_below(leaky.path) | {"screen": run.screen, "errors": run.errors}
    found = {name: found_in(text, leaky.plants) for name, text in texts.items()}
    return {name: names for name, names in found.items() if names}


LOUD = ["-vv", "--tb=long", "--showlocals", "-rA", "--junitxml=out.xml"]


@pytest.mark.parametrize(
    "words",
    [["-v", "--tb=native"], LOUD, [*LOUD, "-n2"]],
    ids=["v", "loud", "loud-n2"],
)
def test_not_from_a_run(leaky: Leaky, words: list[str]) -> None:
    run = leaky.gate(*words)
    assert run.verdict == "NO-GO"
    assert leaks(leaky, run) == {}
    logs = everything_below(leaky.path / ".cutover" / "logs")
    assert sorted(logs) == ["local-baseline.log", "local-candidate.log"]
    assert all("POST /login" in text and "<secret" in text for text in logs.values())
    assert run.report["findings"]


def test_not_when_a_backend_dies(leaky: Leaky) -> None:
    run = leaky.gate(*LOUD, suite=SUITE + DIES)
    assert run.verdict != "GO"
    assert leaks(leaky, run) == {}


def test_not_when_a_worker_crashes(leaky: Leaky) -> None:
    run = leaky.gate(*LOUD, "-n2", suite=SUITE + CRASHES)
    assert "CUT307" in run.codes
    assert run.verdict != "GO"
    log = (leaky.path / ".cutover" / "logs" / "local-candidate.log").read_text()
    assert log.startswith("This log is not kept: gw")
    assert leaks(leaky, run) == {}


def test_not_from_a_recording(leaky: Leaky, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIET", "1")
    recorded = leaky.gate("--snapshot-update", "-vv")
    assert leaks(leaky, recorded) == {}
    monkeypatch.delenv("QUIET")
    goldens = list((leaky.path / "snapshots").rglob("*.json"))
    assert len(goldens) >= 4
    run = leaky.gate(*LOUD)
    assert run.verdict == "NO-GO"
    assert leaks(leaky, run) == {}
