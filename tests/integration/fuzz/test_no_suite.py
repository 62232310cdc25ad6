"""In a folder without any test: a verdict, a report, and the smallest request for each finding."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from typing import Any

import pytest

from pytest_cutover.backends import waiting
from tests.harness.project import Project
from tests.harness.stub_server import Answer, Reply, Seen, StubServer
from tests.integration.fuzz.conftest import SCHEMA, shop_of

Shop = Callable[..., Project]
FUZZ = ("--cutover-schema=openapi.json", "--cutover-fuzz=40")


def in_turn(answers: Iterator[Answer]) -> Reply:
    return lambda _seen: next(answers)


def code_of(seen: Seen) -> str:
    try:
        body = json.loads(seen.body)
    except ValueError:
        return ""
    return str(body.get("code")) if isinstance(body, dict) else ""


def red_sizes(thing: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    if thing["color"] == "red" and thing["size"] is not None:
        thing["size"] = str(thing["size"])
    return 201, thing


def test_two_equal_backends_get_a_go(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "AFTER_S", 0.0)  # as if each item took long
    run = shop().run(*FUZZ, "--cutover-writes")
    assert (run.verdict, run.status) == ("GO", 0), run.screen
    assert run.report["findings"] == []
    assert "generated cases on both backends" in run.screen
    assert "seed 0" in run.screen
    assert "fuzz POST /things: " in run.screen


def test_no_gate_about_tests_passes_without_a_test(shop: Shop) -> None:
    project = shop()
    project.write(
        "cutover-accepted.toml",
        """
        [[accepted]]
        signature = "POST /things | status |  | 400 → 422"
        scope = ["tests/test_things.py::*"]
        reason = "agreed"
        approver = "Mira Ek"
        expires = 2999-01-01
        """,
    )
    run = project.run(*FUZZ, "--cutover-writes")
    about_tests = [one["id"] for one in run.report["gates"] if one["id"].startswith("parity.")]
    assert about_tests == ["parity.acceptance-expired"]
    assert "tests of a suite" in {one["title"] for one in run.report["not_judged"]}
    assert run.verdict == "GO", run.screen


def test_what_the_command_line_asks_for_must_be_judged(shop: Shop) -> None:
    project = shop()
    for server in (project.baseline, project.candidate):
        server.answers["GET /thing"] = Answer(200, {"size": 3}, wait_s=0.3)
    project.write("cutover.toml", '[gate]\nrequire = ["parity"]\n[fuzz]\nseconds = 0.2\n')
    run = project.run(*FUZZ)
    assert run.gate("fuzz.cases")["verdict"] == "inconclusive"
    assert (run.verdict, run.status) == ("INCONCLUSIVE", 1)


def test_a_difference_is_shown_with_the_smallest_request(shop: Shop) -> None:
    run = shop(red_sizes).run(*FUZZ, "--cutover-writes")
    assert (run.verdict, run.status) == ("NO-GO", 1)
    found = [(one["endpoint"], one["kind"], one["pointer"]) for one in run.report["findings"]]
    assert found == [("POST /things", "type", "/size")]
    assert "POST /things  type  /size  number → string" in run.screen
    assert '{"code": "a", "color": "red", "size": 1}   (code new each time)' in run.screen
    (one,) = run.report["findings"]
    assert f"pytest-cutover promote {one['id']}   (writes it as a test)" in run.screen


def test_all_findings_are_reported_and_each_once(shop: Shop) -> None:
    def change(thing: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        thing["seen"] = True
        if thing["note"]:
            thing["note"] += " "
        return (200 if thing["color"] == "blue" else 201), thing

    run = shop(change).run(*FUZZ, "--cutover-writes")
    found = sorted((one["kind"], one["pointer"]) for one in run.report["findings"])
    assert found == [("added", "/seen"), ("status", ""), ("value", "/note")]
    assert max(one["occurrences"] for one in run.report["findings"]) > 10


def test_what_changes_by_itself_is_no_finding(shop: Shop) -> None:
    project = shop()
    counter = iter(range(1_000_000))
    for server in (project.baseline, project.candidate):
        server.answers["GET /thing"] = lambda _seen: Answer(200, {"hits": next(counter) * 7})
    run = project.run(*FUZZ)
    assert run.report["findings"] == []


def test_without_consent_only_get_and_options_are_sent(shop: Shop) -> None:
    project = shop(red_sizes)
    run = project.run(*FUZZ)
    assert {seen.method for seen in project.candidate.asked()} == {"GET", "OPTIONS"}
    # Where nothing may be written, there is no thing to be read.
    assert (run.verdict, run.codes) == ("INCONCLUSIVE", {"CUT113"})
    assert "the baseline took no request at GET" in run.screen
    reasons = {one["title"]: one["reason"] for one in run.report["not_judged"]}
    assert "--cutover-writes" in reasons["generated POST /things"]
    assert "not judged here: generated POST /things" in run.screen


def test_unusual_methods_are_sent_once_or_when_asked_for(shop: Shop) -> None:
    project = shop()
    run = project.run(*FUZZ, "--cutover-writes")
    methods = [seen.method for seen in project.candidate.asked()]
    assert set(methods) == {"GET", "POST", "HEAD", "OPTIONS", "PATCH"}
    assert methods.count("HEAD") <= 4  # an odd request for each path that can be read
    assert "generated HEAD /things/{code}" in {one["title"] for one in run.report["not_judged"]}
    project.write("cutover.toml", '[fuzz]\nmethods = ["HEAD"]\n')
    project.run(*FUZZ, "--cutover-writes")
    assert "HEAD" in {seen.method for seen in project.candidate.asked()}


def test_methods_outside_the_schema_are_sent_only_when_asked_for(shop: Shop) -> None:
    project = shop()
    project.write("cutover.toml", '[fuzz]\nmethods = ["delete", "PUT"]\n')
    for server in (project.baseline, project.candidate):
        server.answers["PUT /thing"] = Answer(404, {"error": "no"})
    project.candidate.answers["DELETE /thing"] = Answer(405, {"error": "no"})
    run = project.run(*FUZZ, "--cutover-writes")
    assert [(one["endpoint"], one["change"]) for one in run.report["findings"]] == [
        ("DELETE /thing", "404 → 405 (method not offered request)")
    ]
    asked = [(seen.method, seen.path) for seen in project.baseline.asked()]
    assert ("PUT", "/thing") in asked
    assert not [one for one in asked if one[0] in ("CONNECT", "TRACE")]
    refused = project.run(*FUZZ)
    reasons = {one["title"]: one["reason"] for one in refused.report["not_judged"]}
    assert "--cutover-writes" in reasons["generated DELETE /thing"]


def test_what_a_write_did_to_what_was_made_is_read_afterwards(shop: Shop) -> None:
    schema = copy.deepcopy(SCHEMA)
    schema["paths"]["/marks"] = copy.deepcopy(schema["paths"]["/things"])
    properties = {"code": {"type": "string", "minLength": 1}, "mark": {"enum": ["A", "B"]}}
    schema["paths"]["/marks"]["post"]["requestBody"]["content"]["application/json"]["schema"] = {
        "type": "object",
        "required": ["code", "mark"],
        "properties": properties,
    }
    project = shop(schema=schema)

    def marking(server: StubServer, *, remembers: bool) -> None:
        def mark(seen: Seen) -> Answer:
            thing = shop_of(server).shelf.get(code_of(seen))
            if thing is None:
                return Answer(404, {"error": "unknown"})
            if remembers:
                thing["note"] = "marked"
            return Answer(200, {"done": True})

        server["POST /marks"] = mark

    marking(project.baseline, remembers=True)
    marking(project.candidate, remembers=False)
    run = project.run(*FUZZ, "--cutover-writes")
    places = {(one["endpoint"], one["pointer"]) for one in run.report["findings"]}
    assert places == {("GET /things/{code}", "/note")}
    found = run.report["findings"][0]
    kept = project.path / ".cutover" / "fuzz" / f"{found['id']}.json"
    calls = json.loads(kept.read_text())["calls"]
    assert [call["endpoint"] for call in calls] == [
        "POST /things",
        "POST /marks",
        "GET /things/{code}",
    ]


def test_a_sequence_reads_what_it_made_with_each_sides_own_code(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = shop()
    find = shop_of(project.candidate).find

    def forgets(seen: Seen) -> Answer:
        """Only what a sequence makes has a name that no generated path guesses."""
        return Answer(404, {"error": "unknown"}) if "-" in seen.path else find(seen)

    monkeypatch.setattr(shop_of(project.candidate), "find", forgets)
    run = project.run(*FUZZ, "--cutover-writes")
    (found,) = run.report["findings"]
    assert found["endpoint"] == "GET /things/{code}"
    assert found["change"] == "200 → 404 (valid request)"
    assert "request    POST /things" in run.screen
    assert "(code from answer 1)" in run.screen


def test_the_same_seed_sends_the_same_requests(shop: Shop) -> None:
    project = shop()
    lists = []
    for _ in range(2):
        before = len(project.baseline.requests)
        project.run(*FUZZ)
        asked = project.baseline.requests[before:]
        lists.append([(one.method, one.path) for one in asked if one.path != "/"])
    assert lists[0] == lists[1]
    assert len(lists[0]) > 40


def test_a_finding_is_kept_asked_first_next_time_and_replays_by_its_file(shop: Shop) -> None:
    project = shop(red_sizes)
    first = project.run(*FUZZ, "--cutover-writes")
    (found,) = first.report["findings"]
    kept = project.path / ".cutover" / "fuzz" / f"{found['id']}.json"
    assert json.loads(kept.read_text())["signature"] == found["signature"]
    assert first.next.endswith(f" .cutover/fuzz/{found['id']}.json")
    alone = project.run("--cutover-writes", f".cutover/fuzz/{found['id']}.json")
    assert [one["id"] for one in alone.report["findings"]] == [found["id"]]
    again = project.run(*FUZZ, "--cutover-writes", "-v")
    lines = [line for line in again.screen.splitlines() if "FAILED" in line and "%]" in line]
    assert found["id"] in lines[0]


def test_a_repaired_candidate_passes_its_kept_cases(shop: Shop) -> None:
    project = shop(red_sizes)
    project.run(*FUZZ, "--cutover-writes")
    shop_of(project.candidate).change = None
    run = project.run(*FUZZ, "--cutover-writes")
    assert run.verdict == "GO", run.screen


def test_workers_share_the_operations(shop: Shop) -> None:
    run = shop(red_sizes).run(*FUZZ, "--cutover-writes", "-n2", apart=True)
    assert [one["pointer"] for one in run.report["findings"]] == ["/size"], run.screen
    assert run.status == 1


def test_what_somebody_else_wrote_between_two_answers_accuses_nobody(shop: Shop) -> None:
    """The candidate had it before the baseline did: seen once, and then on both."""
    project = shop()
    for server, absent in ((project.baseline, 3), (project.candidate, 2)):
        answers = chain([Answer(404, {"error": "none"})] * absent, repeat(Answer(200, {"size": 3})))
        server.answers["GET /thing"] = in_turn(answers)
    run = project.run(*FUZZ, "--cutover-writes")
    assert run.report["findings"] == [], run.screen


def test_hypothesis_leaves_nothing_in_the_folder(shop: Shop) -> None:
    project = shop()
    project.run(*FUZZ, "--cutover-writes", apart=True)
    assert not list(project.path.rglob(".hypothesis"))
