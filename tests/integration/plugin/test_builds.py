"""A deployment in the middle of a run: what was seen before and after it is not one candidate."""

from __future__ import annotations

from itertools import count

import pytest

from tests.harness.project import Project
from tests.harness.stub_server import Answer, Seen

MANY = """
    import pytest

    @pytest.mark.characterization("GET /thing")
    @pytest.mark.parametrize("turn", range(7))
    def test_thing(backend, turn):
        assert backend.get("/thing").status_code == 200
"""


@pytest.mark.parametrize(("after", "verdict"), [("1.5.0", "INCONCLUSIVE"), ("1.4.0", "GO")])
def test_a_candidate_that_says_another_version_at_the_end(
    project: Project, after: str, verdict: str
) -> None:
    project.target("staging")
    text = (project.path / "cutover.toml").read_text("utf-8")
    candidate = f'candidate = {{ url = "{project.candidate.url}"'
    project.write("cutover.toml", text.replace(candidate, f'{candidate}, version = "/version#/v"'))
    project.write("test_it.py", MANY)
    project.both("GET /thing", Answer(200, {"size": 3}))
    turn = count()

    def version(_seen: Seen) -> Answer:
        return Answer(200, {"v": after if next(turn) else "1.4.0"})

    project.candidate["GET /version"] = version

    run = project.run("--cutover-target=staging", gate=False)

    assert run.verdict == verdict
    assert ("CUT311" in run.codes) is (verdict != "GO")
    if verdict != "GO":
        message = run.gate("evidence.another-candidate")["message"]
        assert "said 1.4.0 when the run began, and 1.5.0 at its end" in message
        assert "another candidate" in run.screen


def test_an_answer_that_is_another_each_time_tells_no_build(project: Project) -> None:
    project.target("staging")
    text = (project.path / "cutover.toml").read_text("utf-8")
    candidate = f'candidate = {{ url = "{project.candidate.url}"'
    project.write("cutover.toml", text.replace(candidate, f'{candidate}, version = "/version"'))
    project.write("test_it.py", MANY)
    project.both("GET /thing", Answer(200, {"size": 3}))
    up = count()
    project.candidate["GET /version"] = lambda _seen: Answer(200, {"v": "1", "up_s": next(up)})

    run = project.run("--cutover-target=staging", gate=False)

    assert run.verdict == "GO"
    assert any("answers something else each time" in note for note in run.report["notes"])


def test_a_header_that_names_another_build_since_some_moment_is_told(project: Project) -> None:
    turn = count()

    def deployed(_seen: Seen) -> Answer:
        build = "7f3a" if next(turn) < 3 else "9b20"
        return Answer(200, {"size": 3}, {"X-Git-Sha": build})

    project.baseline["GET /thing"] = Answer(200, {"size": 3}, {"X-Git-Sha": "7f3a"})
    project.candidate["GET /thing"] = deployed
    project.write("test_it.py", MANY)

    run = project.run()

    message = run.gate("evidence.another-candidate")["message"]
    assert "x-git-sha was 7f3a, and is 9b20 since then" in message


def test_workers_tell_it_too(project: Project) -> None:
    turn = count()

    def deployed(_seen: Seen) -> Answer:
        return Answer(200, {"size": 3}, {"X-Build-Id": "7" if next(turn) < 3 else "8"})

    project.baseline["GET /thing"] = Answer(200, {"size": 3}, {"X-Build-Id": "7"})
    project.candidate["GET /thing"] = deployed
    project.write("test_it.py", MANY)

    run = project.run("-n1", apart=True)

    assert "x-build-id was 7" in run.gate("evidence.another-candidate")["message"]
