"""What is kept of the last runs, and what a run looks like beside them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pytest_cutover.codes import CODES
from pytest_cutover.gate.order import ordered
from pytest_cutover.report.history import KEPT, PastRun, history_of, remembered_of
from pytest_cutover.report.io.artifacts import write_report
from pytest_cutover.report.io.history import past_runs
from pytest_cutover.report.model import Finding, Report, Verdict
from pytest_cutover.report.renderers.html.page import render
from tests.unit.report.reports import FULL, GO, NO_GO, WEIGHT


def run(number: int, *ids: str, report: Report = NO_GO) -> Report:
    """The n-th run of a target, with these findings that nobody accepted."""
    return replace(
        report,
        finished=f"2030-11-{number:02}T09:00:00.000Z",
        findings=tuple(finding(one) for one in ids),
        environment={"run": f"{number:08x}", "commit": f"c{number}", "seconds": "7"},
    )


def finding(name: str) -> Finding:
    return replace(WEIGHT, id=name * 8)


def kept(*reports: Report) -> list[PastRun]:
    return [remembered_of(one) for one in reports]


def test_a_finding_is_there_since_the_run_that_it_came_with() -> None:
    past = kept(run(1, "a"), run(2, "a", "b"), run(3, "b"), run(4, "a", "b"))

    history = history_of(run(5, "a", "b", "c"), past)

    assert history.told("b" * 8) == "there since 2030-11-02 09:00 UTC"
    assert history.told("a" * 8) == "there since 2030-11-04 09:00 UTC", "it went, and came back"
    assert history.told("c" * 8) == "new in this run"


def test_runs_stand_newest_first_with_what_came_and_went() -> None:
    history = history_of(run(3, "b"), kept(run(1), run(2, "a", "b")))

    assert [(one.run.commit, one.new, one.gone) for one in history.rows] == [
        ("c3", 0, 1),
        ("c2", 2, 0),
        ("c1", None, None),
    ]


def test_runs_of_another_target_or_phase_are_no_history() -> None:
    others = kept(
        replace(run(1, "a"), target="production"), replace(run(2, "a"), phase="validation")
    )

    history = history_of(run(3, "a"), others)

    assert len(history.rows) == 1
    assert history.told("a" * 8) == "", "nobody knows since when"


def test_nothing_is_kept_that_a_backend_or_a_person_wrote() -> None:
    said = "hunter2"
    report = replace(
        FULL,
        findings=(replace(WEIGHT, baseline=said, candidate=said, change=said, pointer=said),),
        gates=tuple(replace(one, message=said, observed=said) for one in FULL.gates),
        notes=(said,),
        environment={"command": said, "run": "1"},
    )

    assert said not in str(remembered_of(report))


def test_the_nearest_limit_is_kept_with_its_headroom() -> None:
    room = remembered_of(GO).headroom["GET /api/health"]

    assert (room.name, room.limit) == ("P50 ratio", 1.5)
    assert 0 < room.share < 1


def test_the_last_runs_are_kept_and_the_page_tells_them(tmp_path: Path) -> None:
    def written(report: Report) -> str:
        write_report(report, tmp_path, history=history_of(report, past_runs(tmp_path, {})))
        return (tmp_path / "gate.html").read_text("utf-8")

    assert 'id="history"' not in written(run(1, "a"))
    page = written(run(2, "a", "b"))

    assert 'id="history"' in page
    assert "2, 1 new" in page
    for number in range(KEPT + 5):
        path = tmp_path / "history" / f"2029{number:04}-x.json"
        path.write_text((next((tmp_path / "history").glob("2030*"))).read_text())
    written(run(3))
    names = sorted(path.name for path in (tmp_path / "history").iterdir())
    assert len(names) == KEPT
    assert sum(name.startswith("2030") for name in names) == 3, "the oldest went"


def test_the_history_of_the_base_branch_is_read_beside_the_own(tmp_path: Path) -> None:
    base = tmp_path / "base"
    first = run(1, "a")
    write_report(first, base, history=history_of(first, ()))

    for given in (base, base / "gate.json"):
        past = past_runs(tmp_path, {"CUTOVER_BASE_REPORT": str(given)})
        history = history_of(run(2, "a"), past)
        assert history.told("a" * 8) == "there since 2030-11-01 09:00 UTC"


def test_what_cannot_be_read_is_no_history(tmp_path: Path) -> None:
    (tmp_path / "history").mkdir()
    (tmp_path / "history" / "1.json").write_text("{")
    (tmp_path / "history" / "2.json").write_text('{"verdict": "MAYBE"}')

    assert past_runs(tmp_path, {}) == ()


def test_a_cause_says_on_the_page_since_when_it_is_there() -> None:
    report = ordered(run(2, "a"), CODES)

    page = render(report, history=history_of(report, kept(run(1, "a"))))

    assert report.verdict is Verdict.NO_GO
    assert "there since 2030-11-01 09:00 UTC" in page
