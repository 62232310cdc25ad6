"""What a project leaves out of its run without a word: folders, files, tests that become no item.

pytest tells what is deselected; of what it never collects it says nothing, and neither does a
conftest that ignores a file. Called by the plugin while pytest collects; reads sources, no more.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path

import pytest

from pytest_cutover.backends.marked_source import marked_tests, may_hold_more
from pytest_cutover.core.run_evidence import LeftOut

# What pytest does not look into by itself.
_NO_TESTS = (
    *("*.egg", ".*", "__pycache__", "_darcs", "build", "CVS", "dist", "node_modules", "venv"),
    "{arch}",
)
_OURS = re.compile(
    r"\bmark\.(?:characterization|negative|crossover|perf|checklist)\b"
    r"|\bdef \w+\([^)]*\b(?:backend|async_backend|paired_benchmark|cutover_load)\b"
)


def speaks_of_us(path: Path) -> bool:
    """Whether the source of a file names a marker or a fixture of ours."""
    try:
        return _OURS.search(path.read_text("utf-8", "replace")) is not None
    except OSError:
        return False


def files_in(folder: Path) -> Iterator[Path]:
    """Yield the Python files of a folder, but for those that nobody takes for one of tests."""
    if any(fnmatch(folder.name, one) for one in _NO_TESTS) or (folder / "pyvenv.cfg").is_file():
        return
    try:
        inside = sorted(folder.iterdir())
    except OSError:
        return
    for one in inside:
        if one.is_dir() and not one.is_symlink():
            yield from files_in(one)
        elif one.suffix == ".py":
            yield one


def beside(root: Path, files: Iterable[str], config: pytest.Config) -> Iterator[str]:
    """Yield the Python files that lie beside collected ones and are none themselves.

    Their names may be slips; what is asked for file by file has no others beside it.
    """
    known = set(files)
    asked = [config.invocation_params.dir / str(one) for one in config.args]
    folders = [one.resolve() for one in asked if one.is_dir()]
    for parent in sorted({(root / one).parent for one in known}):
        if any(parent.is_relative_to(one) for one in folders):
            for path in sorted(parent.glob("*.py")):
                name = path.relative_to(root).as_posix() if path.is_relative_to(root) else ""
                if name and name not in known and path.name != "conftest.py":
                    yield name


def not_collected(
    root: Path, functions: Mapping[str, Collection[str]], prefixes: Sequence[str]
) -> Iterator[LeftOut]:
    """Yield the marked tests in files that pytest made nothing of, and did not say so.

    `functions` has the names of the functions that became items, by file.
    """
    known = {name for names in functions.values() for name in names}
    for file, names in functions.items():
        try:
            source = (root / file).read_text("utf-8", "replace")
        except OSError:
            continue
        if not _OURS.search(source) or not may_hold_more(source, len(names), prefixes):
            continue
        for one in marked_tests(source, prefixes):
            nodeid = "::".join((file, *one.names))
            if one.replaced:
                yield LeftOut(nodeid, "another test of its name below takes its place")
            elif one.names[-1] not in known:
                yield LeftOut(nodeid, "it was not collected")


def is_of_the_suite(path: Path, config: pytest.Config) -> bool:
    """Whether a file is one that this run would have collected, with tests of ours in it."""
    if config.option.ignore or config.option.ignore_glob or path.suffix != ".py":
        return False
    if not any(path.match(pattern) for pattern in config.getini("python_files")):
        return False
    asked = (
        config.invocation_params.dir / str(argument).partition("::")[0] for argument in config.args
    )
    return any(path.is_relative_to(one.resolve()) for one in asked) and (
        path.is_relative_to(config.rootpath) and speaks_of_us(path)
    )
