"""HAR files of a suite are tests: replayed on both sides, without anybody's secrets."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.harness.project import Project
from tests.harness.stub_server import Answer
from tests.unit.replay.importers.test_har import entry

Shop = Callable[..., Project]
SECRET = "recorded-secret-0123456789abcdef"
ORIGIN = "https://shop.example"


def record(project: Project, *more: dict[str, Any]) -> None:
    made = {"id": "11111111-2222-4333-8444-555555555555", "code": "REC-000001"}
    listed = [
        entry(
            "POST",
            f"{ORIGIN}/things",
            {"code": "REC-000001", "color": "red"},
            made,
            status=201,
            headers=(("Authorization", f"Bearer {SECRET}"), ("Content-Type", "application/json")),
        ),
        entry("GET", f"{ORIGIN}/things/REC-000001", None, made),
        *more,
    ]
    project.write("tests/shop.har", json.dumps({"log": {"entries": listed}}))


def test_a_recording_replays_any_number_of_times(shop: Shop) -> None:
    project = shop()
    record(project)
    for _ in range(2):
        run = project.run("--cutover-writes")
        assert (run.verdict, run.status) == ("GO", 0), run.screen
    codes = [json.loads(one.body)["code"] for one in project.candidate.asked("POST /things")]
    recorded, *_ = codes  # asked first, to learn that it is taken only once
    new = [code for code in codes if code != recorded]
    assert len(set(new)) == len(new) > 1


def test_a_difference_fails_the_recording_and_names_no_secret(shop: Shop) -> None:
    project = shop(lambda thing: (201, {**thing, "note": SECRET}))
    record(project)
    run = project.run("--cutover-writes")
    run.outcomes(failed=1)
    assert run.codes == {"CUT101"}
    assert [one["pointer"] for one in run.report["findings"]] == ["/note"]
    written = [path for path in (project.path / ".cutover").rglob("*") if path.is_file()]
    assert written
    assert not [path for path in written if SECRET in path.read_text("utf-8", "replace")]
    assert SECRET not in run.screen
    headers = [one.headers for one in project.candidate.asked("POST /things")]
    assert not [one for one in headers if "authorization" in one]


def test_recorded_writes_need_consent(shop: Shop) -> None:
    project = shop()
    record(project)
    run = project.run("-rs")
    run.outcomes(skipped=1)
    assert run.verdict == "INCONCLUSIVE"
    assert "it holds POST, and this target does not allow writes" in run.screen
    assert project.candidate.asked() == []


def test_a_recording_that_is_cut_off_is_missing_evidence(shop: Shop) -> None:
    project = shop()
    record(project)
    path = project.path / "tests" / "shop.har"
    path.write_bytes(path.read_bytes()[:-40])
    run = project.run("--cutover-writes", "-rs")
    assert run.verdict == "INCONCLUSIVE"
    assert (
        "shop.har was not replayed as a HAR file: it is cut off after 1 whole entries" in run.screen
    )


@pytest.mark.parametrize(
    "now",
    [
        Answer(401, {"error": "log in"}),
        Answer(302, "", {"Location": "/login"}),
        Answer(200, "<html>log in</html>", {"Content-Type": "text/html"}),
    ],
    ids=["refused", "sent on", "a page"],
)
def test_a_recorded_success_that_is_none_now_is_no_evidence(shop: Shop, now: Answer) -> None:
    project = shop()
    record(project)
    for server in (project.baseline, project.candidate):
        server["POST /things"] = now
    run = project.run("--cutover-writes")
    assert (run.verdict, run.status) == ("INCONCLUSIVE", 1), run.screen
    assert run.report["findings"] == []
    assert "recorded requests are not answered as they were recorded: POST /things was 201" in (
        run.screen
    )


def test_requests_to_other_hosts_are_left_out_and_named(shop: Shop) -> None:
    project = shop()
    record(project)
    path = project.path / "tests" / "shop.har"
    recording = json.loads(path.read_text())
    other = json.loads(json.dumps(recording["log"]["entries"][0]))
    other["request"]["url"] = "https://in.tracking.example/v1/t"
    recording["log"]["entries"] += [other] * 9
    path.write_text(json.dumps(recording))
    project.write("cutover.toml", '[replay]\norigins = ["https://shop.example"]\n')
    run = project.run("--cutover-writes")
    assert run.verdict == "GO", run.screen
    (left_out,) = [one for one in run.report["not_judged"] if "shop.har" in one["title"]]
    assert "https://in.tracking.example" in left_out["reason"]
    assert left_out["title"].startswith("shop.har: 9 of ")


def wrote(project: Project, *listed: dict[str, Any]) -> None:
    project.write("tests/shop.har", json.dumps({"log": {"entries": list(listed)}}))


def test_requests_without_answers_that_nobody_lets_in_are_no_evidence(shop: Shop) -> None:
    project = shop()
    listed = [entry("GET", f"{ORIGIN}/{name}") for name in ("open", "orders")]
    for one in listed:
        del one["response"]
    wrote(project, *listed)
    for server in (project.baseline, project.candidate):
        server["GET /open"] = Answer(200, {"ok": True})
        server["GET /orders"] = Answer(200, {"n": 1})
    assert project.run().verdict == "GO"
    for server in (project.baseline, project.candidate):
        server["GET /orders"] = Answer(401, {"error": "log in"})
    run = project.run()
    assert run.verdict == "INCONCLUSIVE", run.screen
    assert "1 of 2 requests, recorded without their answers, were let in by nobody" in run.screen


def test_errors_in_an_answer_of_graphql_are_no_success(shop: Shop) -> None:
    project = shop()
    wrote(project, entry("POST", f"{ORIGIN}/graphql", {"query": "{ me }"}, {"data": {"me": 4}}))
    for server in (project.baseline, project.candidate):
        server["POST /graphql"] = Answer(200, {"data": None, "errors": [{"message": "log in"}]})
    run = project.run("--cutover-writes")
    assert run.verdict == "INCONCLUSIVE", run.screen
    assert "tells of errors where none were recorded" in run.screen.replace("\n          ", " ")


def test_what_can_be_removed_once_is_compared_the_first_time(shop: Shop) -> None:
    project = shop()
    wrote(project, entry("DELETE", f"{ORIGIN}/notes/5", None, {"removed": 5}))
    for server in (project.baseline, project.candidate):
        gone: list[int] = []

        def remove(_request: object, gone: list[int] = gone) -> Answer:
            gone.append(1)
            return Answer(200, {"removed": 5}) if len(gone) == 1 else Answer(404, {"error": "gone"})

        server["DELETE /notes/5"] = remove
    run = project.run("--cutover-writes")
    assert run.verdict == "GO", run.screen


@pytest.mark.parametrize("served", [True, False])
def test_a_page_counts_where_the_baseline_serves_it(shop: Shop, served: bool) -> None:
    project = shop()
    page = entry("GET", f"{ORIGIN}/shop", None, "<h1>shop</h1>", mime="text/html")
    wrote(project, page, entry("GET", f"{ORIGIN}/price", None, {"price": 9}))
    for server, title in ((project.baseline, "shop"), (project.candidate, "Shop")):
        server["GET /price"] = Answer(200, {"price": 9})
        if served:
            server["GET /shop"] = Answer(200, f"<h1>{title}</h1>", {"Content-Type": "text/html"})
    run = project.run()
    assert run.verdict == ("NO-GO" if served else "GO"), run.screen
    told = [one["reason"] for one in run.report["not_judged"] if "shop.har" in one["title"]]
    assert told == ([] if served else ["a page that the baseline does not serve"])


def test_a_recording_of_another_tool_is_told_what_is_read(shop: Shop) -> None:
    project = shop()
    project.write("tests/flows.mitm", "123:")
    run = project.run("tests/flows.mitm")
    assert "flows.mitm is no recording that is read: HAR files and Postman" in run.screen
