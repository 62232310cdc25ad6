"""Goldens: recorded from the baseline, twice; the candidate is never written down."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.harness.project import ONE_TEST, Project
from tests.harness.stub_server import Answer, Seen

Handler = Callable[[Seen], Answer]


def goldens(project: Project) -> list[Path]:
    return sorted((project.path / "snapshots").rglob("*.json"))


def recorded(project: Project) -> Path:
    """A project with one recorded test."""
    project.write("test_it.py", ONE_TEST)
    run = project.run("--snapshot-update")
    assert run.verdict == "PARTIAL"
    [path] = goldens(project)
    return path


def test_recording_asks_the_baseline_twice_and_the_candidate_never(project: Project) -> None:
    project.write("test_it.py", ONE_TEST)
    project.write("test_b.py", ONE_TEST)
    run = project.run("--snapshot-update", "-v")
    lines = [line.split()[0] for line in run.screen.splitlines() if "PASSED" in line]
    assert [line.rpartition("[")[2] for line in lines] == [
        "baseline]",
        "baseline]",
        "baseline-again]",
        "baseline-again]",
    ]
    assert len(project.baseline.asked("GET /thing")) == 4
    assert project.candidate.asked("GET /thing") == []
    assert [path.relative_to(project.path).parts[:2] for path in goldens(project)] == [
        ("snapshots", "test_b"),
        ("snapshots", "test_it"),
    ]
    assert run.status == 1
    assert run.verdict == "PARTIAL"


NOTES = """
    import pytest

    @pytest.mark.characterization("POST /notes")
    def test_note(backend):
        backend.post("/notes", json={"text": backend.unique("note")})

    @pytest.mark.characterization("GET /notes")
    def test_newest(backend):
        backend.get("/notes")
    """


def notes(rows: list[dict[str, Any]]) -> tuple[Handler, Handler]:
    """A store of its own, whose list shows the newest five."""
    rows += [{"id": number, "text": f"a{number * 7919}"} for number in range(1, 9)]

    def add(seen: Seen) -> Answer:
        rows.append({"id": len(rows) + 1, **json.loads(seen.body)})
        return Answer(201, rows[-1])

    return add, lambda _seen: Answer(200, rows[:-6:-1])


@pytest.mark.parametrize("words", [(), ("-n", "2")])
def test_a_recording_on_two_databases_leaves_both_alike(
    project: Project, words: tuple[str, ...]
) -> None:
    """A page of the newest would show rows of the recording on the baseline alone."""
    project.write("test_it.py", NOTES)
    project.target(more="writes = true\n            shared_state = false")
    for side in (project.baseline, project.candidate):
        side["POST /notes"], side["GET /notes"] = notes([])
    run = project.run("--cutover-target=staging", "--snapshot-update", *words, gate=False)
    assert run.verdict == "PARTIAL"
    assert len(goldens(project)) == 2
    assert len(project.baseline.asked("POST /notes")) == 2
    assert len(project.candidate.asked("POST /notes")) == 2
    assert project.candidate.asked("GET /notes") == []
    assert project.run("--cutover-target=staging", gate=False).verdict == "GO"


def test_a_recording_on_one_database_writes_to_the_baseline_alone(project: Project) -> None:
    project.write("test_it.py", NOTES)
    project.target(more="writes = true\n            shared_state = true")
    add, newest = notes([])
    project.both("POST /notes", add)
    project.both("GET /notes", newest)
    project.run("--cutover-target=staging", "--snapshot-update", gate=False)
    assert len(project.baseline.asked("POST /notes")) == 2
    assert project.candidate.asked("POST /notes") == []
    assert project.run("--cutover-target=staging", gate=False).verdict == "GO"


def test_a_candidate_that_fails_while_a_recording_is_mirrored_spoils_nothing(
    project: Project,
) -> None:
    project.write("test_it.py", NOTES.replace("})", "}).raise_for_status()"))
    project.target(more="writes = true\n            shared_state = false")
    project.baseline["POST /notes"], project.baseline["GET /notes"] = notes([])
    project.candidate["POST /notes"] = Answer(500, {"error": "not yet"})
    run = project.run("--cutover-target=staging", "--snapshot-update", gate=False)
    run.outcomes(passed=4)
    assert len(goldens(project)) == 2
    assert "not yet" not in "".join(path.read_text() for path in goldens(project))


def test_a_recording_says_what_it_wrote(project: Project) -> None:
    project.write("test_it.py", ONE_TEST)
    first, again = project.run("--snapshot-update"), project.run("--snapshot-update")
    assert "recorded 1 goldens from the baseline (1 new)" in " ".join(first.screen.split())
    assert "recorded 1 goldens from the baseline (all as before)" in " ".join(again.screen.split())


def test_a_recorded_suite_is_a_go_of_its_own(project: Project) -> None:
    recorded(project)
    run = project.run()
    assert run.verdict == "GO"
    assert run.report["tests"]["unrecorded"] == 0
    assert "unrecorded" not in run.screen


def test_noise_is_known_from_the_golden(project: Project) -> None:
    numbers = itertools.count(1)

    def changing(_seen: Seen) -> Answer:
        return Answer(200, {"size": 3, "id": f"00000000-0000-4000-8000-{next(numbers):012d}"})

    project.both("GET /thing", changing)
    path = recorded(project)
    assert "<uuid4 #1>" in path.read_text()
    assert project.run().verdict == "GO"
    project.candidate["GET /thing"] = Answer(200, {"size": 3, "id": 17})
    run = project.run()
    [finding] = run.report["findings"]
    assert (finding["kind"], finding["pointer"]) == ("type", "/id")


def test_a_baseline_that_moved_on_makes_the_golden_stale(project: Project) -> None:
    path = recorded(project)
    before = path.read_text()
    project.both("GET /thing", Answer(200, {"size": 5}))
    run = project.run()
    assert run.verdict == "INCONCLUSIVE"
    assert run.codes == {"CUT102"}
    assert run.report["findings"] == []
    assert run.next == f"pytest {' '.join(project.urls)} --snapshot-update"
    [stale] = run.report["stale_goldens"]
    assert "/size" in stale["message"]
    assert path.read_text() == before


@pytest.mark.parametrize(
    "text",
    ["", "{", '{"exchanges": 3}', "<<<<<<< ours\n{}\n=======\n{}\n>>>>>>> theirs\n", b"\xff\xfe"],
    ids=["empty", "truncated", "other", "conflict", "bytes"],
)
def test_a_golden_that_cannot_be_read_is_stale(project: Project, text: str | bytes) -> None:
    path = recorded(project)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    run = project.run()
    assert run.verdict == "INCONCLUSIVE"
    [stale] = run.report["stale_goldens"]
    assert path.relative_to(project.path).as_posix() in stale["message"]
    assert "cannot be used" in stale["message"]


def test_an_unreadable_golden_is_recorded_again(project: Project) -> None:
    path = recorded(project)
    before = path.read_text()
    path.write_text("{")
    project.run("--snapshot-update")
    assert path.read_text() == before


def test_an_orphan_is_reported_in_a_full_run_only_and_never_deleted(project: Project) -> None:
    path = recorded(project)
    project.write("test_it.py", ONE_TEST.replace("test_thing", "test_renamed"))
    run = project.run()
    assert run.verdict == "INCONCLUSIVE"
    assert run.gate("parity.orphans")["place"] == path.relative_to(project.path).as_posix()
    assert "CUT108" not in project.run("test_it.py").codes
    project.run("--snapshot-update")
    assert path.exists()


def test_nothing_is_written_for_a_test_whose_body_failed(project: Project) -> None:
    project.write("test_it.py", ONE_TEST.replace("== 200", "== 201"))
    run = project.run("--snapshot-update")
    run.outcomes(failed=2)
    assert goldens(project) == []


def test_a_baseline_that_contradicts_itself_is_not_recorded(project: Project) -> None:
    statuses = itertools.cycle([200, 404])
    project.both("GET /thing", lambda _seen: Answer(next(statuses), {}))
    project.write("test_it.py", ONE_TEST.replace(".status_code == 200", ""))
    run = project.run("--snapshot-update")
    assert "not recorded" in run.screen
    assert goldens(project) == []


def test_without_the_baseline_the_golden_is_its_memory(project: Project) -> None:
    recorded(project)
    project.write("test_new.py", ONE_TEST.replace("test_thing", "test_new"))
    project.baseline.close()
    project.candidate["GET /thing"] = Answer(200, {"size": 4})
    project.target("staging")
    path = project.path / "cutover.toml"
    path.write_text(path.read_text().replace('" }', '", ready_timeout_s = 0.2 }'))
    run = project.run("--cutover-target=staging", gate=False)
    assert run.verdict == "NO-GO"
    assert "differs from the golden" in run.screen
    assert "3 marked tests were not run" in run.gate("evidence.baseline-unreachable")["message"]
    project.candidate["GET /thing"] = Answer(200, {"size": 3})
    run = project.run("--cutover-target=staging", gate=False)
    assert run.verdict == "INCONCLUSIVE"


def test_names_that_a_disk_might_confuse_stay_apart(project: Project) -> None:
    project.write(
        "test_it.py",
        """
        import pytest

        @pytest.mark.characterization("GET /thing")
        @pytest.mark.parametrize("n", ["a/b", "a:b", "ab", "AB", "x" * 300])
        def test_thing(backend, n):
            backend.get("/thing", params={"n": n})
        """,
    )
    project.run("--snapshot-update")
    names = [path.name.lower() for path in goldens(project)]
    assert len(set(names)) == 5
    assert max(map(len, names)) < 120
    assert project.run().verdict == "GO"


def test_the_users_own_snapshot_is_shared_by_both_sides(project: Project) -> None:
    project.write(
        "test_it.py",
        """
        import pytest

        @pytest.mark.characterization("GET /thing")
        def test_thing(backend, snapshot):
            assert backend.get("/thing").json() == snapshot
            assert "second" == snapshot
        """,
    )
    project.run("--snapshot-update").outcomes(passed=2)
    own = [path for path in goldens(project) if ".snapshot" in path.name]
    assert len(own) == 2
    assert "size" in "".join(path.read_text() for path in own)
    assert not list(project.path.rglob("__snapshots__"))
    run = project.run()
    run.outcomes(passed=2)
    assert run.verdict == "GO"
    project.candidate["GET /thing"] = Answer(200, {"size": 4})
    before = {path: path.read_text() for path in goldens(project)}
    assert project.run().verdict == "NO-GO"
    assert {path: path.read_text() for path in goldens(project)} == before


def test_a_golden_holds_no_secret(project: Project) -> None:
    project.both(
        "GET /thing",
        Answer(200, {"token": "tok-1234567890abcdef"}, {"Set-Cookie": "sid=abcdef123456"}),
    )
    text = recorded(project).read_text()
    assert "tok-1234567890abcdef" not in text
    assert "abcdef123456" not in text
    assert json.loads(text)
