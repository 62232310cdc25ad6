"""A backend answers, and its answer is none, or is wrong on the wire: never GO, and said why."""

from __future__ import annotations

import gzip
from dataclasses import dataclass

import pytest

from tests.integration.faults.bad_server import GOOD, HEAD, Fault, drip, flood, raw
from tests.integration.faults.conftest import BadProject, holds

SUITE = """
    import pytest

    @pytest.mark.characterization("GET /thing")
    def test_thing(backend):
        backend.get("/thing")

    @pytest.mark.characterization("GET /other")
    def test_other(backend):
        assert backend.get("/other").json() == {"size": 3}
"""
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
GZIP = HEAD + b"Content-Encoding: gzip\r\n"


def length(count: int) -> bytes:
    return f"Content-Length: {count}\r\n\r\n".encode()


@dataclass(frozen=True)
class Case:
    """A fault, how the finding names it, and a word of what the baseline's failure says."""

    fault: Fault
    change: str
    says: str


HALF_GZIP = gzip.compress(GOOD * 40)[:-20]
CASES = {
    "silence": Case(raw(then="hang"), "answer → timeout", "ReadTimeout"),
    "half a head, then silence": Case(raw(HEAD[:25], then="hang"), "answer → timeout", "Timeout"),
    "a head that drips for ever": Case(drip(HEAD, b"X-More: 1\r\n"), "answer → timeout", "0.8 s"),
    "a hundred continues for ever": Case(
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "answer → timeout", "0.8 s"
    ),
    "half a body, then silence": Case(
        raw(HEAD + length(10), b'{"siz', then="hang"), "answer → timeout", "ReadTimeout"
    ),
    "a body that drips for ever": Case(drip(CHUNKED, b"1\r\n \r\n"), "answer → timeout", "0.8 s"),
    "closed at once": Case(raw(), "answer → reset", "disconnected"),
    "reset at once": Case(raw(then="reset"), "answer → reset", "reset"),
    "reset in mid-head": Case(raw(HEAD[:25], then="reset"), "answer → reset", ""),
    "reset in mid-body": Case(
        raw(HEAD + length(5000), b'{"siz', then="reset"), "whole → truncated", ""
    ),
    "another protocol": Case(raw(b"220 smtp ESMTP\r\n\r\n"), "answer → garbage", "illegal"),
    "noise": Case(raw(bytes(range(256)) * 4), "answer → garbage", ""),
    "a head without end": Case(
        flood(HEAD, b"X-More: " + b"y" * 1000 + b"\r\n", 10_000), "answer → garbage", ""
    ),
    "a length that is no number": Case(
        raw(HEAD + b"Content-Length: many\r\n\r\n" + GOOD), "answer → garbage", ""
    ),
    "a broken chunk size": Case(raw(CHUNKED, b"zz\r\n" + GOOD), "whole → truncated", ""),
    "a chunk cut off": Case(raw(CHUNKED, b"a\r\n{"), "whole → truncated", "incomplete"),
    "chunks without the last": Case(
        raw(CHUNKED, b"b\r\n" + GOOD + b"\r\n"), "whole → truncated", "incomplete"
    ),
    "a length too long": Case(raw(HEAD + length(20) + GOOD), "whole → truncated", "peer closed"),
    "a length too long, kept open": Case(
        raw(HEAD + length(20) + GOOD, then="keep"), "answer → timeout", "ReadTimeout"
    ),
    "a length too short": Case(
        raw(HEAD + length(9) + GOOD, then="keep"), "answer → surplus", "2 bytes"
    ),
    "a second answer that nobody asked for": Case(
        raw((HEAD + length(11) + GOOD) * 2, then="keep"), "answer → surplus", "bytes"
    ),
    "gzip that is not": Case(raw(GZIP + length(11) + GOOD), "answer → coding", "not gzip"),
    "gzip cut off": Case(
        raw(GZIP + length(len(HALF_GZIP)) + HALF_GZIP), "answer → coding", "not gzip"
    ),
}


def impatient(project: BadProject) -> None:
    project.impatient()
    project.write("test_it.py", SUITE)


@pytest.mark.parametrize("name", CASES)
def test_by_the_candidate_alone_it_is_a_difference(project: BadProject, name: str) -> None:
    case = CASES[name]
    impatient(project)
    project.candidate["/thing"] = case.fault
    run = project.go()
    report = holds(run, "NO-GO")
    [finding] = report["findings"]
    assert (finding["endpoint"], finding["kind"]) == ("GET /thing", "wire")
    assert finding["change"] == case.change
    assert case.says.lower() in finding["candidate"].lower()
    assert finding["nodeids"] == ["test_it.py::test_thing[candidate]"]
    assert f"{project.candidate.url}/thing" in finding["reproduce"]["candidate"]
    assert "GET /thing" in run.screen


@pytest.mark.parametrize("role", ["baseline", "both"])
@pytest.mark.parametrize("name", CASES)
def test_where_the_baseline_does_so_nobody_is_accused(
    project: BadProject, name: str, role: str
) -> None:
    case = CASES[name]
    impatient(project)
    for server in project.side(role):
        server["/thing"] = case.fault
    run = project.go()
    report = holds(run, "INCONCLUSIVE")
    assert report["findings"] == []
    gate = run.gate("parity.steady")
    assert gate["code"] == "CUT107"
    assert "GET /thing" in gate["message"]
    assert "the baseline failed" in gate["message"]
    assert case.says.lower() in gate["message"].lower()
    assert gate["nodeids"] == ["test_it.py::test_thing[candidate]"]
    assert "test_thing" in run.next


def test_all_of_them_beside_each_other_keep_apart(project: BadProject) -> None:
    """One connection's fault is not held against the next request on the same side."""
    impatient(project)
    quick = {
        f"/bad{n}": case.fault for n, case in enumerate(CASES.values()) if "time" not in case.change
    }
    project.candidate.faults |= quick
    calls = "".join(
        f"""
    @pytest.mark.characterization("GET {path}")
    def test_bad{path[4:]}(backend):
        backend.get("{path}")
        assert backend.get("/other").json() == {{"size": 3}}
"""
        for path in quick
    )
    project.write("test_it.py", SUITE + calls)
    report = holds(project.go(), "NO-GO")
    assert {finding["endpoint"] for finding in report["findings"]} == {f"GET {p}" for p in quick}
