"""Runs tests in environments that are not the locked one: the lowest versions, and some between.

`python -m tests.matrix lowest lowest-fuzz`, or `python -m tests.matrix` for all of them. Each cell
gets an environment of its own in .venv/matrix/, made by uv from PyPI.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.matrix.cells import CELLS, Cell

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".venv" / "matrix"
UV = Path(sys.executable).with_name("uv")


def main(arguments: Sequence[str]) -> int:
    """Run the cells that were named; the exit status is 1 where one failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.matrix")
    parser.add_argument("cells", nargs="*", metavar="CELL", help=", ".join(CELLS))
    parser.add_argument("--python", help="run every cell on this Python")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the environments go")
    parser.add_argument("--jobs", default="2", help="workers of pytest-xdist")
    given = parser.parse_args(arguments)
    unknown = sorted(set(given.cells) - set(CELLS))
    if unknown:
        parser.error(f"no such cell: {', '.join(unknown)}; there are {', '.join(CELLS)}")
    results = {}
    for name in given.cells or CELLS:
        python = given.python or _python(CELLS[name].python)
        if python is None:
            results[name] = f"no Python {CELLS[name].python} here"
            continue
        results[name] = _run(CELLS[name], python, given.folder.resolve() / name, given.jobs)
    for name, result in results.items():
        print(f"{name}: {result}")
    passed = "passed"
    return int(any(result != passed for result in results.values()))


def _run(cell: Cell, python: str, folder: Path, jobs: str) -> str:
    environment = os.environ | {"UV_PYTHON_DOWNLOADS": "never", "UV_SYSTEM_CERTS": "true"}
    environment.pop("VIRTUAL_ENV", None)

    def uv(*words: str) -> None:
        command = [str(UV), *words, "--quiet"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)

    folder.parent.mkdir(parents=True, exist_ok=True)
    uv("venv", "--clear", "--python", python, str(folder))
    its_python = str(folder / "bin" / "python")
    constraints = folder / "constraints.txt"
    pins = folder / "pins.txt"
    pins.write_text("\n".join(cell.pins), "utf-8")
    extras = [word for extra in cell.extras for word in ("--extra", extra)]
    resolution = ["--resolution", "lowest-direct" if cell.lowest else "highest"]
    where = ["--python", its_python]
    uv(
        *("pip", "compile", "pyproject.toml", *resolution, *extras, *where),
        *("-c", str(pins), "-o", str(constraints)),
    )
    wanted = f".[{','.join(cell.extras)}]" if cell.extras else "."
    uv(
        *("pip", "install", *where, "--group", "test", wanted),
        *("-c", str(constraints), *cell.beside),
    )
    # Nothing but what was built and installed is left to import.
    shutil.rmtree(folder / "tree", ignore_errors=True)
    tree = folder / "tree"
    ignored = shutil.ignore_patterns(".venv", ".git", ".cutover", "__pycache__", ".*_cache")
    shutil.copytree(ROOT, tree, ignore=ignored, symlinks=True)
    shutil.rmtree(tree / "pytest_cutover")
    words = [its_python, "-m", "pytest", "-o", "cutover_target=", "-q", "-n", jobs]
    # Under xdist no version measures; older ones warn of it, and a warning is an error.
    words += ["--dist", "worksteal", "--benchmark-disable", "-p", "no:cacheprovider", *cell.tests]
    environment.pop("PYTHONPATH", None)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PATH"] = f"{folder / 'bin'}{os.pathsep}{environment['PATH']}"
    print(f"== {folder.name}: {' '.join(_versions(its_python))}", flush=True)
    done = subprocess.run(words, cwd=tree, env=environment, check=False)
    return "passed" if done.returncode == 0 else f"failed with status {done.returncode}"


def _versions(python: str) -> list[str]:
    code = (
        "import sys, importlib.metadata as m\n"
        "print('Python', sys.version.split()[0])\n"
        "for n in ('pytest', 'httpx', 'syrupy', 'pytest-benchmark', 'schemathesis', 'locust'):\n"
        "    try: print(n, m.version(n))\n"
        "    except m.PackageNotFoundError: print(n, '-')\n"
    )
    asked = [python, "-c", code]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()


def _python(version: str) -> str | None:
    """A Python of this version, from PATH or from where pyenv keeps them."""
    if sys.version.startswith(f"{version}."):
        return getattr(sys, "_base_executable", sys.executable)
    found = shutil.which(f"python{version}")
    for candidate in (
        [Path(found)] if found else [],
        sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python")),
    ):
        for path in candidate:
            if subprocess.run([path, "-V"], capture_output=True, check=False).returncode == 0:
                return str(path)
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
