"""The first screen of six runs, in the sizes in which people read them, and whether each answers.

Three are run here, between two servers, on a terminal of their own: a GO, a NO-GO with forty
drifts, a NO-GO with one wrong number. Of these the command that the screen offers is run too. Three
are prepared reports, since they need a busy machine, a Prometheus and a second pair: INCONCLUSIVE
on a busy machine, roll back while monitoring, generated requests. Each is rendered at 80x24 and
120x40, with -q, as page at 1440x900 and 390x844, and as comment; what is asked of each first screen
stands in `ASKED`. Pages are drawn where Chromium is installed.

Run: python benchmarks/screens.py [FOLDER]
"""

from __future__ import annotations

import base64
import os
import pty
import re
import shlex
import struct
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass, replace
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ

sys.path.insert(0, str(Path(__file__).parent.parent))

from pytest_cutover.gate.order import ordered
from pytest_cutover.report.io.gate_json import read_report
from pytest_cutover.report.model import Action, Gate, GateVerdict, Report, Verdict
from pytest_cutover.report.renderers import markdown, terminal
from pytest_cutover.report.renderers.html import page
from tests.harness.stub_server import Answer, StubServer
from tests.integration.browser import chromium
from tests.unit.report.reports import GO, NO_GO, WEIGHT

SIZES = ((80, 24), (120, 40))
WINDOWS = {"desk": (1440, 900), "phone": (390, 844)}
WITHOUT = ["-p", "no:schemathesis", "-p", "no:locust", "-p", "no:hypothesispytest"]
SUITE = """
import pytest

@pytest.mark.characterization("GET /lots/{number}")
@pytest.mark.parametrize("number", range(40))
def test_lot(backend, number):
    backend.get(f"/lots/{number}")
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the first screen must hold: verdict and action, the worst cause, what to run."""

    decision: str
    worst: tuple[str, ...]
    next: str


ASKED = {
    "go": Asked("GO · ready for the switch", ("11 gates passed", "40 requests"), ""),
    "forty drifts": Asked("NO-GO · do not switch", ("/weight", "in 40 tests"), "pytest "),
    "one off by one": Asked(
        "NO-GO · do not switch", ("GET /lots/{number}", "/count", "7 → 8", "in 1 test"), "pytest "
    ),
    "busy machine": Asked(
        "INCONCLUSIVE · do not switch yet", ("CUT201", "the machine was busy"), "pytest "
    ),
    "roll back": Asked(
        "NO-GO · roll back now", ("CUT408", "error-rate", "2.1 % for 6 min"), "./switch-back.sh"
    ),
    "generated": Asked(
        "NO-GO · do not switch", ("POST /orders", "status", "201 → 500", "in 3 tests"), "pytest "
    ),
}


# -- the runs -------------------------------------------------------------------------------------


def lots(drift: str, *, candidate: bool) -> dict[str, Answer]:
    """The answers of one side."""
    answers = {}
    for number in range(40):
        weight: object = 500.5 + number
        count = 7
        if candidate and drift == "forty drifts":
            weight = str(weight)
        if candidate and drift == "one off by one" and number == 23:
            count = 8
        answers[f"GET /lots/{number}"] = Answer(200, {"weight": weight, "count": count})
    return answers


def on_a_terminal(words: list[str], folder: Path, size: tuple[int, int]) -> list[str]:
    """The lines of a program on a terminal of this size, as they would stand on its last screen."""
    mine, theirs = pty.openpty()
    ioctl(theirs, TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES", "CI")}
    environment |= {"NO_COLOR": "1", "PYTHONPATH": str(Path(__file__).parents[1])}
    process = subprocess.Popen(
        words, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    )
    os.close(theirs)
    parts = []
    with suppress(OSError):  # the terminal is gone when the program is
        while part := os.read(mine, 65_536):
            parts.append(part)
    process.wait()
    os.close(mine)
    text = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", b"".join(parts).decode("utf-8", "replace"))
    rows: list[str] = []
    for line in text.replace("\r", "").splitlines():
        rows += [line[at : at + size[0]] for at in range(0, max(len(line), 1), size[0])]
    return rows[-(size[1] - 1) :]


def really_run(name: str, out: Path) -> list[str]:
    """Run one of the three in every size; returns what is wrong."""
    wrong = []
    with (
        tempfile.TemporaryDirectory() as made,
        StubServer(lots(name, candidate=False)) as one,
        StubServer(lots(name, candidate=True)) as two,
    ):
        folder = Path(made)
        (folder / "test_lots.py").write_text(SUITE)
        urls = [f"--cutover-baseline={one.url}", f"--cutover-candidate={two.url}"]
        pytest = [sys.executable, "-m", "pytest", *WITHOUT, *urls]
        for label, words, size in (
            *((f"{w}x{h}", pytest, (w, h)) for w, h in SIZES),
            ("quiet", [*pytest, "-q"], (80, 24)),
        ):
            screen = on_a_terminal(words, folder, size)
            (out / f"{name} {label}.txt").write_text("\n".join(screen))
            wrong += complaints(name, label, "\n".join(screen), quiet=label == "quiet")
        wrong += written(name, read_report(folder / ".cutover" / "gate.json"), out)
        wrong += next_runs(name, screen, folder)
    return wrong


def next_runs(name: str, screen: list[str], folder: Path) -> list[str]:
    """Run the command that the screen offers: pytest knows every test it names."""
    offered = "".join(screen).partition(" next: ")[2].partition("cutover: ")[0].strip()
    if not offered:
        return [] if not ASKED[name].next else [f"{name}: no next command"]
    words = [sys.executable, "-m", *shlex.split(offered), *WITHOUT]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    return [] if done.returncode in (0, 1) else [f"{name}: {offered} ends with {done.returncode}"]


# -- the prepared ones ----------------------------------------------------------------------------


def prepared() -> dict[str, Report]:
    """The reports of runs that need more than two servers."""
    again = "pytest --cutover-target=staging"
    busy = [
        Gate(
            id=f"performance.p99.{number}",
            code="CUT201",
            title="p99",
            place=f"GET /lots/{number}",
            verdict=GateVerdict.INCONCLUSIVE,
            limit="50 ms",
            observed="48 ms",
            because="the machine was busy",
            next=again,
        )
        for number in range(9)
    ]
    error_rate = Gate(
        id="checklist.monitoring.error-rate",
        code="CUT408",
        title="error rate",
        place="monitoring.error-rate",
        verdict=GateVerdict.FAIL,
        limit="1 % for 5 min",
        observed="2.1 % for 6 min",
    )
    crash = replace(
        WEIGHT,
        id="0badcafe",
        code="CUT101",
        signature="POST /orders status 201 → 500",
        endpoint="POST /orders",
        kind="status",
        pointer="",
        change="201 → 500",
        baseline="201 {}",
        candidate="500 oh",
        nodeids=("cutover::fuzz[POST /orders]", "b", "c"),
    )
    fails = replace(NO_GO.gates[0], nodeids=crash.nodeids, next=again)
    return {
        "busy machine": ordered(
            replace(GO, verdict=Verdict.INCONCLUSIVE, gates=(*GO.gates[:2], *busy))
        ),
        "roll back": ordered(
            replace(
                GO,
                verdict=Verdict.NO_GO,
                phase="monitoring",
                target="production",
                gates=(error_rate,),
                findings=(),
                action=Action(
                    command="./switch-back.sh",
                    name="roll back",
                    sentence="Move the traffic back to the baseline now, then confirm it.",
                ),
            )
        ),
        "generated": ordered(
            replace(GO, verdict=Verdict.NO_GO, gates=(fails,), findings=(crash, WEIGHT))
        ),
    }


def shown(name: str, report: Report, out: Path) -> list[str]:
    """Render a prepared report in every size; returns what is wrong."""
    wrong = []
    for width, height in SIZES:
        lines = terminal.render(report, width=width, height=height, color=False)
        text = terminal.text(lines)
        (out / f"{name} {width}x{height}.txt").write_text(text)
        wrong += complaints(name, f"{width}x{height}", text)
        if terminal.rows(lines, width) >= height:
            wrong.append(f"{name} {width}x{height}: it scrolls away")
    quiet = terminal.text(terminal.render(report, verbosity=-1, color=False))
    (out / f"{name} quiet.txt").write_text(quiet)
    return wrong + complaints(name, "quiet", quiet, quiet=True) + written(name, report, out)


def written(name: str, report: Report, out: Path) -> list[str]:
    """Write page and comment, and ask the same of their beginnings."""
    comment = markdown.render(report)
    (out / f"{name}.md").write_text(comment)
    (out / f"{name}.html").write_text(page.render(report))
    head = re.sub(r"<[^>]*>", " ", comment[:4_000])
    head = re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), head)
    return complaints(name, "comment", head)


# -- what is asked --------------------------------------------------------------------------------


def complaints(name: str, where: str, text: str, *, quiet: bool = False) -> list[str]:
    """What of `ASKED` a screen lacks; a line that was broken by the terminal is one line."""
    asked, flat = ASKED[name], " ".join(text.split())
    wanted = [asked.decision, *(asked.worst if not quiet else ()), asked.next]
    told = [
        f"{name}, {where}: lacks {one!r}" for one in wanted if " ".join(one.split()) not in flat
    ]
    if where not in ("comment",) and f"cutover: {asked.decision}" not in text[-200:]:
        told.append(f"{name}, {where}: the last line does not repeat the verdict")
    return told


def draw(out: Path) -> list[str]:
    """Draw the pages, and say which first screens lack the verdict or what blocks it."""
    program = chromium.installed()
    if program is None:
        print("Chromium is not installed: the pages were not drawn")
        return []
    wrong = []
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile,
        chromium.launched(program, Path(profile)) as tab,
    ):
        for path in sorted(out.glob("*.html")):
            for label, size in WINDOWS.items():
                tab.view(size)
                tab.open(path.as_uri())
                picture = tab.send("Page.captureScreenshot", format="png")["data"]
                (out / f"{path.stem} {label}.png").write_bytes(base64.b64decode(picture))
                for part in (".answer", ".blockers li:first-child .seen"):
                    bottom = f"document.querySelector('{part}')?.getBoundingClientRect().bottom"
                    if (tab.run(bottom) or 0) > size[1]:
                        wrong.append(f"{path.stem}, {label}: {part} is below the first screen")
                if tab.run("document.documentElement.scrollWidth") > size[0]:
                    wrong.append(f"{path.stem}, {label}: wider than the window")
    return wrong


def main() -> int:
    """Prints what is wrong; the exit status says whether anything is."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp(prefix="screens-"))
    out.mkdir(parents=True, exist_ok=True)
    wrong = []
    for name in ("go", "forty drifts", "one off by one"):
        wrong += really_run(name, out)
    for name, report in prepared().items():
        wrong += shown(name, report, out)
    wrong += draw(out)
    print(f"{len(ASKED)} runs, rendered in {out}")
    print("\n".join(wrong) if wrong else "every first screen answers")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
