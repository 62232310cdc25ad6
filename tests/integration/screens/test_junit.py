"""`--junitxml` carries the verdict, for CI that is not GitHub's."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tests.harness.project import ONE_TEST, Project
from tests.harness.stub_server import Answer


def properties(project: Project) -> dict[str, str]:
    """The properties of the suite in the JUnit file."""
    (suite,) = ElementTree.parse(project.path / "junit.xml").getroot()
    found = suite.find("properties")
    assert found is not None
    return {str(one.get("name")): str(one.get("value")) for one in found}


@pytest.mark.parametrize("workers", [[], ["-n1"]], ids=["one process", "xdist"])
def test_the_verdict_and_its_blockers_are_properties_of_the_suite(
    project: Project, workers: list[str]
) -> None:
    project.candidate["GET /thing"] = Answer(500, {"size": 3})
    project.write("test_it.py", ONE_TEST)

    run = project.run("--junitxml=junit.xml", *workers)

    told = properties(project)
    assert run.verdict == told["cutover.verdict"] == "NO-GO"
    assert told["cutover.target"] == "adhoc"
    assert told["cutover.blocker.1"].startswith("CUT101 differences   GET /thing   status  200 → 5")
    assert int(told["cutover.blockers"]) >= 1
    assert told["cutover.report"].endswith("/.cutover/gate.html")
    assert told["cutover.next"] == run.next
    cases = ElementTree.parse(project.path / "junit.xml").getroot().iter("testcase")
    assert len(list(cases)) == 2


def test_hostile_text_leaves_the_file_whole(project: Project) -> None:
    project.candidate["GET /thing"] = Answer(
        200, {"size\x1b[31m\u202e]]><x a='": "\x00</property>"}
    )
    project.write("test_it.py", ONE_TEST)

    project.run("--junitxml=junit.xml")

    told = "".join(properties(project).values())
    assert "\\x1b[31m\\u202e" in told
    assert told.isprintable()


def test_a_token_reaches_no_property(project: Project) -> None:
    secret = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.c2lnbmF0dXJlLXRoYXQtaXMtbG9uZw"
    project.candidate["GET /thing"] = Answer(200, {"token": secret, secret: 1})
    project.write("test_it.py", ONE_TEST)

    project.run("--junitxml=junit.xml")

    assert secret not in "".join(properties(project).values())


def test_without_the_option_there_is_no_file(project: Project) -> None:
    project.write("test_it.py", ONE_TEST)

    assert project.run("-q").verdict == "GO"
    assert not (project.path / "junit.xml").exists()
