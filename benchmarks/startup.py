"""What the plugin costs a run: a project that does not use it, and one that has one marked test.

Virtual environments: pytest with the packages that the plugin needs (two of which, syrupy and
pytest-benchmark, are pytest plugins themselves), the same with the plugin, and pytest alone. Each
runs one empty test; then the plugin runs one marked test against a target of two URLs, with no
extra and no table, and pytest alone an empty one: with byte code, and as most container images
have it, with PYTHONDONTWRITEBYTECODE=1, where pytest compiles every module of a plugin anew. The
order is another in each round, and CPU is what the operating system says of the process. Rounds are
compared with themselves: the median of their ratios, or of their differences, decides.
Run: python -m benchmarks.startup [--rounds N] [--used-only]    (needs uv and a package index)
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import tomllib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median

from benchmarks.paired_figures import paired_ratio

ROOT = Path(__file__).parents[1]
AIM = 1.02
USED_AIMS = {True: 1.0, False: 1.3}
"""Seconds of CPU above pytest alone that one marked test may take, with byte code and without."""
BODY = b'{"rows": [1, 2, 3]}'
MARKED = """
import pytest


@pytest.mark.characterization("GET /rows")
def test_rows(backend):
    assert backend.get("/rows").status_code == 200
"""


class Answering(BaseHTTPRequestHandler):
    """A backend with one answer."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Say the same to everybody."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *_words: object) -> None:
        """Say nothing of it."""


def made(folder: Path, *packages: str) -> Path:
    """A virtual environment with these packages, compiled as pip does; its interpreter."""
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    subprocess.run([uv, "venv", "-q", "--python", sys.executable, folder], check=True)
    python = folder / "bin" / "python"
    install = [uv, "pip", "install", "-q", "--compile-bytecode", "--python", python]
    subprocess.run([*install, *packages], check=True)
    return python


def cpu_s(python: Path, folder: Path, *words: str, bytecode: bool = True) -> tuple[float, float]:
    """User CPU seconds of one run of pytest, and those of user and system together."""
    environment = {
        name: value for name, value in os.environ.items()
        if not name.startswith(("PYTEST_", "PYTHON"))
    }  # fmt: skip
    if not bytecode:
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
    process = subprocess.Popen(
        [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words],
        cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"pytest failed in {python.parent.parent.name}: status {status}")
    return usage.ru_utime, usage.ru_utime + usage.ru_stime


def unused(root: Path, pythons: dict[str, Path], rounds: int) -> bool:
    """Print what one empty test takes where the plugin is installed; whether the aim is met."""
    folder = root / "unused"
    folder.mkdir()
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "test_nothing.py").write_text("def test_nothing(): pass\n")
    taken: dict[str, list[float]] = {which: [] for which in pythons}
    for number in range(rounds + 2):
        for which, python in random.sample(list(pythons.items()), len(pythons)):
            figure, _ = cpu_s(python, folder)
            if number > 1:  # the first runs write byte code
                taken[which].append(figure)
    beside = taken["what it needs"]
    print(f"{'user CPU of one empty test':28} {'median ms':>10}   beside what it needs, 95 %")
    for which, figures in taken.items():
        print(f"{which:28} {median(figures) * 1000:10.1f}   {paired_ratio(figures, beside)}")
    ratio = paired_ratio(taken["with the plugin"], beside)
    met = ratio.median <= AIM
    print(f"{rounds} rounds, aim {AIM:.2f}×: {'met' if met else 'missed'}\n")
    return met


def used(root: Path, alone: Path, plugin: Path, fresh: Path, rounds: int) -> bool:
    """Print what one marked test takes above pytest alone; whether both aims are met.

    `fresh` is an environment like that of `plugin` in which no byte code is ever written.
    """
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), Answering) for _side in range(2)]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    folders = {"pytest alone": root / "alone-run", "one marked test": root / "used-run"}
    for folder in folders.values():
        folder.mkdir()
        (folder / "pytest.ini").write_text("[pytest]\n")
    (folders["pytest alone"] / "test_nothing.py").write_text("def test_nothing(): pass\n")
    (folders["one marked test"] / "test_marked.py").write_text(MARKED)
    urls = [
        f"--cutover-{side}=http://127.0.0.1:{server.server_port}"
        for side, server in zip(("baseline", "candidate"), servers, strict=True)
    ]
    all_met = True
    for bytecode, aim in USED_AIMS.items():
        runs = {
            "pytest alone": (alone, ()),
            "one marked test": (plugin if bytecode else fresh, urls),
        }
        taken: dict[str, list[float]] = {which: [] for which in runs}
        for number in range(rounds + 1):
            for which, (python, words) in random.sample(list(runs.items()), len(runs)):
                _, figure = cpu_s(python, folders[which], *words, bytecode=bytecode)
                if number:
                    taken[which].append(figure)
        more = median(
            one - bare
            for one, bare in zip(taken["one marked test"], taken["pytest alone"], strict=True)
        )
        met = more <= aim
        all_met &= met
        print(f"CPU of a run {'with' if bytecode else 'without'} byte code, {rounds} rounds")
        for which, figures in taken.items():
            print(f"{which:28} {median(figures) * 1000:10.0f} ms")
        print(f"{'above pytest alone':28} {more * 1000:10.0f} ms, aim {aim:g} s: ", end="")
        print("met\n" if met else "missed\n")
    for server in servers:
        server.shutdown()
    return all_met


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--used-only", action="store_true", help="leave the empty test out")
    arguments = parser.parse_args()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = [str(one) for one in project["dependencies"]]
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        plugin = made(root / "plugin", *needed, str(ROOT))
        alone = made(root / "alone", needed[0])
        met = True
        if not arguments.used_only:
            pythons = {
                "what it needs": made(root / "needed", *needed),
                "with the plugin": plugin,
                "pytest alone": alone,
            }
            met = unused(root, pythons, arguments.rounds)
        fresh = made(root / "fresh", *needed, str(ROOT))
        met &= used(root, alone, plugin, fresh, max(5, arguments.rounds // 4))
    return int(not met)


if __name__ == "__main__":
    raise SystemExit(main())
