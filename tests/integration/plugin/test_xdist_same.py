"""With workers, everything that a run leaves behind is what it leaves behind without them.

Byte for byte, but for times, the run's own random name and the order of test cases in JUnit's file.
"""

from __future__ import annotations

import itertools
import json
import re
import shutil
import uuid
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.harness.project import Project
from tests.harness.run import Run
from tests.harness.stub_server import Answer, Reply, Seen

LOTS = """
    import pytest

    @pytest.mark.characterization("GET /lots/{n}")
    @pytest.mark.parametrize("n", range(8))
    def test_lot(backend, n):
        assert backend.get(f"/lots/{n}").status_code == 200

    @pytest.mark.characterization("POST /lots")
    @pytest.mark.parametrize("n", range(3))
    def test_create(backend, n):
        code = backend.unique("LOT")
        assert backend.post("/lots", json={"code": code}).status_code == 201

    @pytest.mark.negative("GET /missing", scenario="unknown: lot")
    def test_unknown(backend):
        assert backend.get("/missing").is_client_error

    @pytest.mark.negative("GET /odd", scenario="odd")
    @pytest.mark.parametrize("n", range(2))
    def test_its_own_assertion_fails_on_the_candidate(backend, n):
        assert backend.get("/odd").status_code == 400

    @pytest.mark.characterization("GET /lots/{n}")
    def test_fails_on_both(backend):
        assert backend.get("/lots/0").status_code == 201
"""
OTHERS = """
    import pytest

    @pytest.mark.characterization("GET /wavering")
    def test_wavering(backend):
        backend.get("/wavering")

    @pytest.mark.characterization("GET /lots/{n}")
    def test_skipped(backend):
        backend.get("/lots/1")
        pytest.skip("later")

    @pytest.mark.characterization("GET /lots/{n}")
    @pytest.mark.xfail(strict=True)
    def test_expected_to_fail(backend):
        assert backend.get("/lots/1").status_code == 201

    @pytest.mark.characterization("GET /lots/{n}")
    def test_sends_nothing(backend):
        pass

    @pytest.mark.crossover("GET /lots/{n}")
    def test_both(baseline, candidate):
        assert baseline.get("/lots/1").status_code == candidate.get("/lots/1").status_code

    @pytest.mark.characterization("POST /refused")
    def test_not_at_this_origin(backend):
        backend.get("http://127.0.0.1:1/elsewhere")

    def test_unmarked():
        assert False, "no evidence, and yet a failure"
"""
ACCEPTED = """
    [[accepted]]
    signature = "GET /missing | status |  | 404 → 410"
    scope = ["unknown: *"]
    reason = "meant so"
    approver = "Ada"
    expires = 2999-12-31

    [[accepted]]
    signature = "GET /lots/{n} | value | /colour | text → text"
    scope = ["test_lots.py::test_lot[0]"]
    reason = "expired long ago"
    approver = "Ada"
    expires = 2020-12-31

    [[accepted]]
    signature = "GET /nowhere | status |  | 200 → 201"
    scope = ["test_lots.py::test_lot[7]"]
    reason = "nothing differs there"
    approver = "Ada"
    expires = 2999-12-31
"""
RULES = """
    [[parity.rules]]
    endpoint = "GET /lots/{n}"
    pointer = "/tags"
    unordered = true

    [[parity.rules]]
    endpoint = "GET /odd"
    pointer = "/never"
    ignore = true
    reason = "nothing has it"
"""
CODE = re.compile(r"LOT[B-Z]{9}[2-9]{2}|lot[b-z]{9}[2-9]{2}")


def lot(colour: str) -> Reply:
    """A lot with noise in it: an id, a time, and where nothing else differs an order."""
    numbers = itertools.count(1)

    def answer(seen: Seen) -> Answer:
        shuffled = colour == "red" and next(numbers) % 2
        tags = ["c", "a", "b"] if shuffled else ["a", "b", "c"]
        return Answer(
            200,
            {
                "id": str(uuid.uuid4()),
                "at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "tags": tags,
                "colour": colour,
                "n": seen.path,
            },
        )

    return answer


def code(seen: Seen) -> str:
    return str(json.loads(seen.body)["code"])


@pytest.fixture
def suite(project: Project) -> Project:
    """A suite in which everything happens that can be said of a test."""
    project.target(more="writes = true", tables=RULES)
    project.write("test_lots.py", LOTS)
    project.write("test_others.py", OTHERS)
    project.write("cutover-accepted.toml", ACCEPTED)
    both = (project.baseline, project.candidate)
    for server in both:
        for n in range(8):
            server[f"GET /lots/{n}"] = lot("red")
        server["GET /wavering"] = Answer(200, {})
        server["POST /lots"] = lambda seen: Answer(
            201, {"code": json.loads(seen.body)["code"], "size": 3}
        )
        server["GET /odd"] = Answer(400, {"error": "odd", "n": 7})
        server["GET /missing"] = Answer(404, {"error": "unknown"})
        server["GET /refused"] = Answer(200, {})
    recorded = ("-k", "lot and (0 or 1 or 2) or unknown")
    project.run("--cutover-target=staging", "--snapshot-update", *recorded, gate=False)
    for n in range(0, 8, 2):
        project.candidate[f"GET /lots/{n}"] = lot("blue")
    project.candidate["GET /odd"] = Answer(200, {"error": None, "n": "7"})
    project.candidate["GET /missing"] = Answer(410, {"error": "unknown"})
    project.candidate["POST /lots"] = lambda seen: Answer(
        201, {"code": code(seen).lower(), "size": 3}, {"X-New": "1"}
    )
    # The baseline has moved on since it was recorded.
    project.baseline["GET /lots/1"] = project.candidate["GET /lots/1"] = lot("green")
    return project


def left_behind(project: Project, monkeypatch: pytest.MonkeyPatch, *words: str) -> dict[str, str]:
    """Every file of the report and JUnit's, without what no two runs share, and the verdict."""
    wavering = itertools.count(1)
    project.baseline["GET /wavering"] = lambda _seen: Answer(200 + next(wavering) % 2, {})
    project.candidate["GET /wavering"] = Answer(404, {})
    # Each run is the first: no page tells of the one before.
    shutil.rmtree(project.path / ".cutover", ignore_errors=True)
    # Not on the command line, which the report repeats.
    monkeypatch.setenv("PYTEST_ADDOPTS", " ".join(words))
    arguments = ("--cutover-target=staging", "--junitxml=junit.xml")
    run = project.run(*arguments, gate=False)
    assert run.status == 1, run.screen + run.errors
    assert run.verdict == "NO-GO"
    folder = project.path / ".cutover"
    files = {
        path.relative_to(folder).as_posix(): without_times(path.read_text("utf-8"), run)
        for path in sorted(folder.rglob("*"))
        # What is remembered of a run is named by its moment.
        if path.is_file() and path.parent.name != "history"
    }
    files["junit.xml"] = cases(project.path / "junit.xml", run)
    return files


def without_times(text: str, run: Run) -> str:
    """The text without this run's beginning, end and name."""
    report = run.report
    for name in ("started", "finished"):
        moment = report[name]
        for spelling in (moment, moment[:19].replace("T", " ")):
            text = text.replace(spelling, "then")  # both may be one second
    text = re.sub(r'(seconds(</dt><dd>|": "))\d+', r"\1some", text)
    text = re.sub(r"((?: UTC|</code>) · )\d+ s", r"\1some s", text)
    text = re.sub(r"<code>[0-9a-f]{64}</code>", "<code>the report's own hash</code>", text)
    # Which of its two answers comes first depends on how often it was asked before.
    text = re.sub(r"was 20[01] and then 20[01]", "was 200 and then 201", text)
    # What a side said in one run has that run's own order and times.
    text = re.sub(r'(?s)<section id="exchanges".*?</section>', "exchanges", text)
    document = json.loads(text) if text.startswith("{") else {}
    if "exchanges" in document:
        for one in (pair for test in document["exchanges"] for pair in test["pairs"]):
            one["request"] = one["response"] = "said"
        text = json.dumps(document, indent=1)
    text = CODE.sub("LOT-code", text)  # new in every run
    return text.replace(report["environment"]["run"], "run")


def cases(path: Path, run: Run) -> str:
    """JUnit's file with its test cases in the order of their names."""
    tree = ElementTree.parse(path)
    for suite in tree.iter("testsuite"):
        for name in ("time", "timestamp", "hostname"):
            suite.attrib.pop(name, None)
        children = sorted(suite, key=lambda one: (one.tag, one.get("classname"), one.get("name")))
        suite[:] = children
    for case in tree.iter("testcase"):
        case.attrib.pop("time", None)
    for one in tree.iter("property"):
        # Which process kept which example on disk, and marks of values that are new in every run.
        value = re.sub(r'"spool":("[^"]*"|null)', '"spool":""', one.get("value", ""))
        one.set("value", re.sub(r'"wavering":\[[^\]]*\]', '"wavering":[]', value))
    text = ElementTree.tostring(tree.getroot(), encoding="unicode")
    # A process looks less often at what it has found before.
    text = re.sub(r"confirmed in \d rounds", "confirmed", text)
    return re.sub(r" at 0x[0-9a-f]+", " at somewhere", without_times(text, run))


def test_what_is_left_behind_is_the_same(suite: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = left_behind(suite, monkeypatch)
    report = json.loads((suite.path / ".cutover/gate.json").read_text("utf-8"))
    # All of this must be there to be the same.
    assert len([one for one in report["findings"] if one["accepted"] is None]) >= 3
    assert any(one["accepted"] for one in report["findings"])
    assert report["stale_goldens"]
    codes = {gate["code"] for gate in report["gates"] if gate["verdict"] != "pass"}
    assert {"CUT101", "CUT102", "CUT104", "CUT105", "CUT106", "CUT107", "CUT109"} <= codes
    assert report["tests"]["skipped"] >= 2
    assert {"gate.json", "gate.html", "gate.md", "junit.xml"} <= set(alone)
    for workers in ("-n2", "-n4"):
        spread = left_behind(suite, monkeypatch, workers)
        assert sorted(alone) == sorted(spread)
        for name, text in alone.items():
            assert text == spread[name], f"{name} with {workers}"
