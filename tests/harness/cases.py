"""Runs of small cases: two backends, a suite, and what a run must say of them.

A case is a Python file in `tests/cases/`. It has a docstring (what happened to somebody, in one
sentence), and

    EXPECT = "..."                      what a run must say, below; or a list of such
    def answer(side, request): ...      one backend; side is "baseline" or "candidate"
    TESTS = '''...'''                   the suite; C, N, X stand for the three markers

`request` has method, path (with query), headers (a dict of lower-case names), body (bytes), state
(a dict that lives as long as the server), port and handler. `answer` returns (status, headers,
body): headers a dict or a list of pairs, body a dict or list (sent as JSON), str or bytes.

EXPECT is one of

    "go"                 GO, no finding, nothing inconclusive
    "finding KIND /ptr"  NO-GO, and a finding of that kind at that pointer; "*" stands for any of
                         either, and "KIND|KIND" for one of several
    "no-go"              NO-GO, for whatever reason
    "inconclusive"       INCONCLUSIVE
    "not-go"             exit status 1 with NO-GO, INCONCLUSIVE, or PARTIAL where it was narrowed
    "not-no-go"          GO or INCONCLUSIVE, and no finding
    "usage"              exit status 4 with a message
    "text: WORDS"        the output has them; "no text: WORDS"
    "like: REGEX"        the output has it, whatever the case of its letters
    "no line: PREFIX"    no line of the output begins with it, blanks before it aside
    "nowhere: TEXT"      neither the output nor a file under .cutover has it
    "findings <= N"      so many open findings at most
    "accepted N"         so many findings are covered by an accepted entry
    "seconds <= N"       it ends by itself; several times that is given to it, for busy machines

and in no case may a run end with an internal error. Optional:

    CUTOVER   text for cutover.toml; {BASELINE} and {CANDIDATE} become the two URLs, and then the
              servers are started by the test, not launched by the run; {TWIN} becomes that of one
              more baseline
    TARGET    lines for [targets.t]
    ACCEPTED  text of cutover-accepted.toml
    CONFTEST, FILES ({name: text or bytes}), INI (lines for pytest.ini), ENV, ARGS
    RECORD    how often goldens are recorded before
    AGREE     True: after a first run every open finding is accepted by the command line, in the
              tests that showed it; the run that is judged is a second one, in which servers see
              AGREED=1 in their environment
    RUNS      how often the run is repeated; EXPECT holds for each
    BASE      {"baseline": "/api/v1"}: what each side's URL ends with
    URLS      True: servers are started by the test and live over all runs
    TIMEOUT   seconds after which a run is taken to be one without end (120)
    APART     True: pytest is a process of its own; always so with a TIMEOUT and for
              benchmarks, and otherwise for what the process of the test would disturb
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pytest_cutover.cli import main as pytest_cutover
from tests.harness import case_server

_MARKERS = (
    "import pytest\nC = pytest.mark.characterization\nN = pytest.mark.negative\n"
    "X = pytest.mark.crossover\n"
)
_WITHOUT = ("no:cacheprovider", "no:schemathesis", "no:locust", "no:hypothesispytest")
_SIDES = ("baseline", "candidate")
_MEASURES = re.compile(r"paired_benchmark|cutover_load|pytest\.mark\.perf")


@dataclass(frozen=True, slots=True)
class Said:
    """What one run of a case said: its exit status, its screen, its report ({} where none is)."""

    status: int
    output: str
    report: dict[str, Any]
    folder: Path

    @property
    def verdict(self) -> str:
        return str(self.report.get("verdict", "none"))

    @property
    def findings(self) -> list[dict[str, Any]]:
        """The findings that nobody accepted."""
        return [one for one in self.report.get("findings", []) if not one.get("accepted")]

    @property
    def accepted(self) -> int:
        return len(self.report.get("findings", [])) - len(self.findings)

    def __str__(self) -> str:
        shown = "; ".join(
            f"{one['endpoint']} {one['kind']} {one.get('pointer', '')} {one.get('change', '')}"
            for one in self.findings[:3]
        )
        return f"exit {self.status}, {self.verdict}, {shown or 'no finding'}"


def run_case(path: Path, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was said wrong in any run of the case; empty where all that it expects was said."""
    case = case_server.load(path)
    wanted = [case.EXPECT] if isinstance(case.EXPECT, str) else case.EXPECT
    for name in ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT"):
        monkeypatch.delenv(name, raising=False)  # the worker of this test, not of the run
    for name, value in getattr(case, "ENV", {}).items():
        monkeypatch.setenv(name, value)
    with contextlib.ExitStack() as servers:
        _write(case, path, pytester.path, _urls(case, path, servers))
        for _ in range(getattr(case, "RECORD", 0)):
            _run(case, pytester, "--snapshot-update")
        if getattr(case, "AGREE", False):
            _accept(_run(case, pytester))
            monkeypatch.setenv("AGREED", "1")
        wrong = []
        for turn in range(1, getattr(case, "RUNS", 1) + 1):
            said = _run(case, pytester, *getattr(case, "ARGS", []))
            wrong += [f"run {turn}: expected {one}; {fault}" for one, fault in faults(wanted, said)]
    return wrong


def _urls(case: ModuleType, path: Path, servers: contextlib.ExitStack) -> dict[str, str]:
    """The URLs of the sides that the test serves itself; empty where the run launches them."""
    bases: dict[str, str] = getattr(case, "BASE", {})
    if not (bases or getattr(case, "URLS", False) or "{BASELINE}" in getattr(case, "CUTOVER", "")):
        return {}
    twins = {"twin": "baseline"} if "{TWIN}" in getattr(case, "CUTOVER", "") else {}
    return {
        name: "http://127.0.0.1:"
        f"{servers.enter_context(case_server.serving(path, side))}{bases.get(side, '')}"
        for name, side in {**dict(zip(_SIDES, _SIDES, strict=True)), **twins}.items()
    }


def _write(case: ModuleType, path: Path, folder: Path, urls: dict[str, str]) -> None:
    files: dict[str, str | bytes] = {
        "pytest.ini": "[pytest]\n" + getattr(case, "INI", ""),
        "cutover.toml": _configuration(case, path, urls),
    }
    if getattr(case, "TESTS", ""):
        files["test_case.py"] = _MARKERS + case.TESTS
    if hasattr(case, "CONFTEST"):
        files["conftest.py"] = case.CONFTEST
    if hasattr(case, "ACCEPTED"):
        files["cutover-accepted.toml"] = case.ACCEPTED
    for name, content in {**files, **getattr(case, "FILES", {})}.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())


def _configuration(case: ModuleType, path: Path, urls: dict[str, str]) -> str:
    own: str | None = getattr(case, "CUTOVER", None)
    if own is not None:
        for side, url in urls.items():
            own = own.replace(f"{{{side.upper()}}}", url)
        return own
    lines = ["[targets.t]", getattr(case, "TARGET", "")]
    for side in _SIDES:
        lines.append(f"[targets.t.{side}]")
        if urls:
            lines.append(f'url = "{urls[side]}"')
        else:
            words = [sys.executable, case_server.__file__, side, "{port}", str(path)]
            lines.append(f"command = {json.dumps(words)}")
    return "\n".join(lines) + "\n"


def _run(case: ModuleType, pytester: pytest.Pytester, *more: str) -> Said:
    folder = pytester.path / ".cutover"
    shutil.rmtree(folder, ignore_errors=True)
    words = [word for name in _WITHOUT for word in ("-p", name)] + ["--cutover-target=t", *more]
    if _apart(case):
        result = pytester.runpytest_subprocess(*words, timeout=getattr(case, "TIMEOUT", 120))
    else:
        # Warnings are errors here, and pytest-benchmark before 5.3 warns of every run by workers.
        workers = ["--benchmark-disable"] if "-n" in more else []
        result = pytester.runpytest_inprocess(*words, *workers)
    file = folder / "gate.json"
    report = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return Said(int(result.ret), f"{result.stdout}\n{result.stderr}", report, folder)


def _apart(case: ModuleType) -> bool:
    return bool(
        getattr(case, "APART", hasattr(case, "TIMEOUT"))
        or _MEASURES.search(getattr(case, "TESTS", ""))
    )


def _accept(said: Said) -> None:
    """What a reviewer does who finds everything acceptable that the report shows."""
    for finding in said.findings:
        tests = {
            re.sub(r"\[(?:(.*)-)?(?:baseline|candidate)\]$", "", node) + "*"
            for node in finding["nodeids"]
        }
        scopes = [word for test in sorted(tests) for word in ("--scope", test)]
        words = ["accept", finding["signature"], *scopes, "--reason", "agreed"]
        assert pytest_cutover([*words, "--approver", "a team"]) == 0


def faults(wanted: Iterable[str], said: Said) -> Iterator[tuple[str, str]]:
    """Each expectation that the run does not meet, with what it said instead."""
    if "INTERNALERROR" in said.output:
        yield "no internal error", str(said)
    for one in wanted:
        fault = _fault(one, said)
        if fault is not None:
            yield one, fault


def _fault(wanted: str, said: Said) -> str | None:
    """What was said instead of the one thing that was wanted; None where it was said."""
    kind, _, rest = wanted.partition(": ")
    text = " ".join(said.output.split())
    match kind, rest:
        case "go", "":
            right = said.status == 0 and said.verdict == "GO" and not said.findings
        case "no-go", "":
            right = said.status == 1 and said.verdict == "NO-GO"
        case "inconclusive", "":
            right = said.status == 1 and said.verdict == "INCONCLUSIVE"
        case "not-go", "":
            right = said.status == 1 and said.verdict in ("NO-GO", "INCONCLUSIVE", "PARTIAL")
        case "not-no-go", "":
            right = said.status in (0, 1) and said.verdict in ("GO", "INCONCLUSIVE")
            right = right and not said.findings
        case "usage", "":
            right = said.status == 4 and "Traceback" not in said.output
        case "text", _:
            right = rest in text
        case "no text", _:
            right = rest not in text
        case "like", _:
            right = re.search(rest, text, re.IGNORECASE) is not None
        case "no line", _:
            right = not any(line.lstrip().startswith(rest) for line in said.output.splitlines())
        case "nowhere", _:
            return _where(rest, said)
        case _:
            return _counted(wanted, said)
    return None if right else str(said)


def _where(text: str, said: Said) -> str | None:
    places = ["the output"] if text in said.output else []
    places += [
        str(file.relative_to(said.folder))
        for file in sorted(said.folder.rglob("*"))
        if file.is_file() and text.encode() in file.read_bytes()
    ]
    return f"it is in {', '.join(places)}" if places else None


def _counted(wanted: str, said: Said) -> str | None:
    match wanted.split(" ", 2):
        case "findings", "<=", most:
            right = len(said.findings) <= int(most)
        case "accepted", number:
            return None if said.accepted == int(number) else f"{said.accepted} accepted; {said}"
        case "seconds", "<=", _:
            right = True
        case "finding", kinds, pointer:
            right = said.status == 1 and said.verdict == "NO-GO"
            right = right and any(
                (kinds == "*" or one["kind"] in kinds.split("|"))
                and pointer in ("*", one.get("pointer", ""))
                for one in said.findings
            )
        case _:
            return "which is not understood: tests/harness/cases.py says what can be expected"
    return None if right else str(said)
