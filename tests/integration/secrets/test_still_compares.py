"""A secret is never shown, and is compared all the same."""

from __future__ import annotations

import pytest

from tests.harness.project import Project
from tests.harness.stub_server import Answer

TEST = """
    import pytest

    @pytest.mark.characterization("GET /thing")
    def test_thing(backend):
        backend.get("/thing")
"""
ONE, OTHER = "k1-0123456789abcdef-left", "k2-fedcba9876543210-right"


@pytest.mark.parametrize("recorded", [False, True], ids=["unrecorded", "recorded"])
def test_another_form_is_a_finding_without_the_values(project: Project, recorded: bool) -> None:
    project.write("test_it.py", TEST)
    project.both("GET /thing", Answer(200, {"apiKey": ONE, "size": 3}))
    if recorded:
        project.run("--snapshot-update")
    project.candidate["GET /thing"] = Answer(200, {"apiKey": 12345678901, "size": 3})
    run = project.run("-vv")
    assert run.verdict == "NO-GO"
    [finding] = run.report["findings"]
    assert (finding["kind"], finding["pointer"]) == ("type", "/apiKey")
    assert "<secret" in finding["baseline"]
    everything = run.screen + str(run.report)
    assert ONE not in everything
    assert "12345678901" not in everything


def test_another_value_where_both_must_say_the_same(project: Project) -> None:
    project.write("test_it.py", TEST)
    project.baseline["GET /thing"] = Answer(200, {"apiKey": ONE, "said": f"welcome {ONE}"})
    project.candidate["GET /thing"] = Answer(200, {"apiKey": ONE, "said": f"welcome {OTHER}"})
    run = project.run("-vv", "--showlocals")
    assert run.verdict == "NO-GO"
    [finding] = run.report["findings"]
    assert finding["pointer"] == "/said"
    assert ONE not in run.screen + str(run.report)
