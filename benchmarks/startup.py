"""What the plugin costs a project that has it installed and does not use it.

Three virtual environments: pytest with the packages that the plugin needs (two of which, syrupy and
pytest-benchmark, are pytest plugins themselves), the same with the plugin, and pytest alone. Each
runs one empty test, in another order each round; user CPU is what the operating system says of the
process. Rounds are compared with themselves: the median of their ratios is the figure, with the
interval in which it lies, and the figure decides.
Run: python -m benchmarks.startup [--rounds N]    (needs uv and a package index)
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from statistics import median

from benchmarks.paired_figures import paired_ratio

ROOT = Path(__file__).parents[1]
AIM = 1.02


def made(folder: Path, *packages: str) -> Path:
    """A virtual environment with these packages; its interpreter."""
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    subprocess.run([uv, "venv", "-q", "--python", sys.executable, folder], check=True)
    python = folder / "bin" / "python"
    subprocess.run([uv, "pip", "install", "-q", "--python", python, *packages], check=True)
    return python


def user_s(python: Path, folder: Path) -> float:
    """User CPU seconds of one run of pytest."""
    environment = {
        name: value for name, value in os.environ.items()
        if not name.startswith(("PYTEST_", "PYTHON"))
    }  # fmt: skip
    process = subprocess.Popen(
        [python, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"pytest failed in {python.parent.parent.name}: status {status}")
    return usage.ru_utime


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=60)
    rounds = parser.parse_args().rounds
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = [str(one) for one in project["dependencies"]]
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / "pytest.ini").write_text("[pytest]\n")
        (root / "test_nothing.py").write_text("def test_nothing(): pass\n")
        pythons = {
            "what it needs": made(root / "needed", *needed),
            "with the plugin": made(root / "plugin", *needed, str(ROOT)),
            "pytest alone": made(root / "alone", needed[0]),
        }
        taken: dict[str, list[float]] = {which: [] for which in pythons}
        for number in range(rounds + 2):
            for which, python in random.sample(list(pythons.items()), len(pythons)):
                figure = user_s(python, root)
                if number > 1:  # the first runs write byte code
                    taken[which].append(figure)
    beside = taken["what it needs"]
    print(f"{'user CPU of one empty test':28} {'median ms':>10}   beside what it needs, 95 %")
    for which, figures in taken.items():
        print(f"{which:28} {median(figures) * 1000:10.1f}   {paired_ratio(figures, beside)}")
    ratio = paired_ratio(taken["with the plugin"], beside)
    met = ratio.median <= AIM
    print(f"{rounds} rounds, aim {AIM:.2f}×: {'met' if met else 'missed'}")
    return int(not met)


if __name__ == "__main__":
    raise SystemExit(main())
