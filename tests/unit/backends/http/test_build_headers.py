"""Which build the headers of a side name, and whether it was another before."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pytest_cutover.backends.http.build_headers import BuildHeaders

Answers = Sequence[tuple[str, str]]


def seen(name: str, answers: Answers) -> BuildHeaders:
    builds = BuildHeaders()
    for asked, value in answers:
        builds.saw(asked, {name: value} if value else {"Content-Type": "text/plain"})
    return builds


OLD, NEW = [("GET /a", "1")] * 3, [("GET /a", "2")] * 3


@pytest.mark.parametrize("name", ["X-App-Version", "x-build-id", "X-GIT-SHA", "X-Version"])
def test_a_value_that_is_another_from_some_moment_on_is_a_deployment(name: str) -> None:
    said = seen(name, [*OLD, *NEW]).changed(seen(name, OLD))
    assert said == f"{name.lower()} was 1, and is 2 since then"


@pytest.mark.parametrize(
    ("name", "answers", "beside"),
    [
        pytest.param("X-Build-Id", OLD, OLD, id="it stays"),
        pytest.param("X-Build-Id", [*OLD, *NEW, *OLD], OLD, id="it comes and goes"),
        pytest.param("X-Build-Id", [*OLD, *NEW], [*OLD, *NEW], id="both sides change it"),
        pytest.param("X-Build-Id", [*OLD, *NEW[:2]], OLD, id="too few to tell"),
        pytest.param("X-Build-Id", [*OLD, *[("GET /b", "2")] * 5], OLD, id="of another request"),
        pytest.param("X-Version", [*OLD, *NEW], [("GET /a", "")], id="one side has it alone"),
        pytest.param("X-Request-Id", [*OLD, *NEW], OLD, id="a header of something else"),
    ],
)
def test_what_is_no_deployment_is_none(name: str, answers: Answers, beside: Answers) -> None:
    assert seen(name, answers).changed(seen(name, beside)) == ""


def test_an_answer_without_the_header_says_nothing() -> None:
    between = [("GET /a", ""), ("GET /b", "")]
    assert seen("X-Build-Id", [*OLD, *between, *NEW]).changed(BuildHeaders())
