"""The first screen of six runs, in the sizes in which people read them, and whether each answers.

A GO, a NO-GO with forty drifts, a NO-GO with one wrong number, INCONCLUSIVE on a busy machine, roll
back while monitoring, generated requests to the second reference pair: all six are run, on a
terminal of their own at 80x24 and 120x40 and with -q. The page is drawn at 1440x900 and 390x844 and
the comment 780 pixels wide, where Chromium is installed. What each first screen must hold stands in
`screen_runs.ASKED`; the command that it offers is run.

Run: python benchmarks/screens.py [FOLDER] [NAME ...]
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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ

from markdown_it import MarkdownIt

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.screen_runs import ASKED, PYTEST, ROOT, started
from tests.integration.browser import chromium

SIZES = ((80, 24), (120, 40))
PAGES = {"desk": (1440, 900), "phone": (390, 844)}
COMMENT = {"comment": (780, 900)}
GITHUB = """<!doctype html><meta charset="utf-8"><style>
body{margin:0 16px;font:14px/1.5 system-ui,sans-serif}code,pre{font:85% ui-monospace,monospace}
pre{background:#f6f8fa;padding:16px;overflow:auto}td,th{border:1px solid #d0d7de;padding:6px 13px}
table{border-collapse:collapse;display:block;width:max-content;max-width:100%;overflow:auto}
</style>"""
# What of a page stands within its window, as text.
IN_SIGHT = """(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let text = "";
  while (walker.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const box = range.getBoundingClientRect();
    if (box.width > 1 && box.top >= 0 && box.bottom <= innerHeight) {
      text += walker.currentNode.data + " ";
    }
  }
  return text;
})()"""


# -- the runs -------------------------------------------------------------------------------------


def on_a_terminal(
    words: Sequence[str], folder: Path, size: tuple[int, int], environment: dict[str, str]
) -> list[str]:
    """The lines of a program on a terminal of this size, as they would stand on its last screen."""
    mine, theirs = pty.openpty()
    ioctl(theirs, TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
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
    """Run one of the six in every size; returns what is wrong."""
    wrong = []
    given = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES", "CI")}
    given |= {"NO_COLOR": "1", "PYTHONPATH": str(ROOT)}
    for label, more, size in (
        ("quiet", ["-q"], (80, 24)),
        *((f"{w}x{h}", [], (w, h)) for w, h in SIZES),
    ):
        # Each on servers of its own: what an earlier run wrote is nothing of this one.
        with tempfile.TemporaryDirectory() as made, started(name, Path(made)) as run:
            folder = Path(made)
            screen = on_a_terminal([*PYTEST, *run.words, *more], folder, size, given)
            (out / f"{name} {label}.txt").write_text("\n".join(screen))
            wrong += complaints(name, label, "\n".join(screen))
            if size == SIZES[-1]:
                for kind in ("html", "md", "json"):
                    text = (folder / f".cutover/gate.{kind}").read_bytes()
                    (out / f"{name}.{kind}").write_bytes(text)
                wrong += next_runs(name, screen, folder, given)
    return wrong


def next_runs(name: str, screen: list[str], folder: Path, given: dict[str, str]) -> list[str]:
    """Run the command that the screen offers: pytest knows every test it names."""
    offered = "".join(screen).partition(" next: ")[2].partition("cutover: ")[0].strip()
    if not offered:
        return [] if not ASKED[name].next else [f"{name}: no next command"]
    words = shlex.split(offered)
    if words[0] == "pytest":
        words = [*PYTEST, *words[1:]]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False, env=given)
    return [] if done.returncode in (0, 1) else [f"{name}: {offered} ends with {done.returncode}"]


# -- what is asked --------------------------------------------------------------------------------


def complaints(name: str, where: str, text: str) -> list[str]:
    """What of `ASKED` a screen lacks; a line that was broken by the terminal is one line."""
    asked = ASKED[name]
    worst = asked.quiet if where == "quiet" else asked.worst
    told = lacking(name, where, text, (asked.decision, *worst, asked.next))
    if f"cutover: {asked.decision}" not in text[-200:]:
        told.append(f"{name}, {where}: the last line does not repeat the verdict")
    return told


def lacking(name: str, where: str, text: str, wanted: Sequence[str]) -> list[str]:
    """What is not in a text, however its lines are broken."""
    flat = "".join(text.split())
    return [f"{name}, {where}: lacks {one!r}" for one in wanted if "".join(one.split()) not in flat]


def draw(names: Sequence[str], out: Path) -> list[str]:
    """Draw pages and comments, and say what their first screens lack."""
    program = chromium.installed()
    if program is None:
        print("Chromium is not installed: the pages were not drawn")
        return []
    wrong = []
    with browser(program) as tab:
        for name in names:
            asked = ASKED[name]
            wanted = (*asked.decision.split(" · "), *asked.worst, asked.next)
            comment = MarkdownIt("commonmark", {"html": True}).enable("table")
            made = out / f"{name} comment.html"
            made.write_text(GITHUB + comment.render((out / f"{name}.md").read_text("utf-8")))
            for path, sizes in ((out / f"{name}.html", PAGES), (made, COMMENT)):
                for label, size in sizes.items():
                    tab.view(size)
                    tab.open(path.as_uri())
                    picture = tab.send("Page.captureScreenshot", format="png")["data"]
                    (out / f"{name} {label}.png").write_bytes(base64.b64decode(picture))
                    wrong += lacking(name, label, tab.run(IN_SIGHT), wanted)
                    if tab.run("document.documentElement.scrollWidth") > size[0]:
                        wrong.append(f"{name}, {label}: wider than the window")
    return wrong


@contextmanager
def browser(program: str) -> Iterator[chromium.Page]:
    """A tab of a browser of its own."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile,
        chromium.launched(program, Path(profile)) as tab,
    ):
        yield tab


def main() -> int:
    """Prints what is wrong; the exit status says whether anything is."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp(prefix="screens-"))
    out.mkdir(parents=True, exist_ok=True)
    names = sys.argv[2:] or list(ASKED)
    wrong = [told for name in names for told in really_run(name, out)]
    wrong += draw(names, out)
    print(f"{len(names)} runs, rendered in {out}")
    print("\n".join(wrong) if wrong else "every first screen answers")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
