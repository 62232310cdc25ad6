"""Places where nothing can be written, and runs of pytest and of the command line on them."""

from __future__ import annotations

import ctypes
import hashlib
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.harness.project import WITHOUT, Project
from tests.harness.run import Run

# As linux/prctl.h and linux/capability.h have them.
_DROP_FROM_BOUNDING_SET = 24
_MAY_PASS_OVER_MODES = (1, 2)
_LARGEST_FILE_BYTES = 600


Before = Callable[[], None] | None


class Place:
    """A folder of the project in which something goes wrong once `break_it` was called."""

    says = ""  # of the system's reason, what the message must repeat

    @staticmethod
    def before() -> None:
        """In the child, before Python starts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def break_it(self) -> None:
        """From now on nothing can be written there."""

    def mend(self) -> None:
        """Let the test's own folder be removed."""


class AFileInItsPlace(Place):
    """Works for everybody, everywhere."""

    says = "a file stands where a folder should be"

    def break_it(self) -> None:
        if self.folder.exists():
            self.folder.rename(self.folder.with_name("moved"))
        self.folder.write_text("a file stands here\n")


class Closed(Place):
    """A folder that its owner may not write to; root is first made to heed modes."""

    says = "Permission denied"

    @staticmethod
    def before() -> None:
        if os.geteuid() == 0:
            library = ctypes.CDLL(None)
            for capability in _MAY_PASS_OVER_MODES:
                library.prctl(_DROP_FROM_BOUNDING_SET, capability, 0, 0, 0)

    def break_it(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in (self.folder, *(one for one in self.folder.rglob("*") if one.is_dir())):
            path.chmod(0o500)

    def mend(self) -> None:
        for path in (self.folder, *(one for one in self.folder.rglob("*") if one.is_dir())):
            path.chmod(0o700)


class NoLargeFiles(Place):
    """No file may pass a few hundred bytes: what a quota does, and works for everybody."""

    says = "File too large"

    @staticmethod
    def before() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE_BYTES, _LARGEST_FILE_BYTES))


class FullDisk(Place):
    """A file system of its own, filled to the last byte; only root can make one."""

    says = "No space left"
    options = ""
    mounted = False

    def break_it(self) -> None:
        old = {one: one.read_bytes() for one in self.folder.rglob("*") if one.is_file()}
        self.folder.mkdir(parents=True, exist_ok=True)
        self._mount("-t", "tmpfs", "-o", "size=2m", "tmpfs")
        self.mounted = True
        for path, content in old.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        self.spoil()

    def spoil(self) -> None:
        with (self.folder / "filler").open("wb", buffering=0) as file:
            while True:
                try:
                    file.write(b"x" * 4096)
                except OSError:
                    break

    def mend(self) -> None:
        if self.mounted:
            subprocess.run(["umount", "--lazy", self.folder], check=True)

    def _mount(self, *words: str) -> None:
        done = subprocess.run(
            ["mount", *words, self.folder], capture_output=True, text=True, check=False
        )
        if done.returncode:
            # A full disk is then tried as a quota: "no large files".
            pytest.skip(f"not for this user: {done.stderr.splitlines()[0]}")


class ReadOnlyDisk(FullDisk):
    """What a container has where nobody thought of a volume."""

    says = "Read-only file system"

    def spoil(self) -> None:
        self._mount("-o", "remount,ro")


PLACES = {
    "a file in its place": AFileInItsPlace,
    "a closed folder": Closed,
    "no large files": NoLargeFiles,
    "a full disk": FullDisk,
    "a read-only disk": ReadOnlyDisk,
}


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, project: Project) -> Iterator[Place]:
    """Each way in which `place/` of the project cannot be written."""
    made = PLACES[request.param](project.path / "place")
    yield made
    made.mend()


def child(project: Project, words: list[str], before: Before = None) -> Run:
    """Run a module of Python as a user does; its output in pipes, where `before` limits files."""
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=project.path,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=before,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=120,
        check=False,
    )
    return Run.left_in(project.path, done.returncode, done.stdout, done.stderr)


def gate(project: Project, *words: str, before: Before = None) -> Run:
    """`pytest --cutover-target=staging`, in a process of its own."""
    fixed = ["pytest", "-p", "no:cacheprovider", "--cutover-target=staging"]
    return child(project, [*fixed, *words, *WITHOUT], before)


def command(project: Project, *words: str, before: Before = None) -> Run:
    """`pytest-cutover …`, in a process of its own."""
    return child(project, ["pytest_cutover", *words], before)


def never_a_go(run: Run) -> None:
    """What must hold for every run that met a fault."""
    assert run.status != 0
    assert "cutover: GO" not in run.screen
    for text in (run.screen, run.errors):
        assert "Traceback (most recent call last)" not in text
        assert "INTERNALERROR" not in text


def told(run: Run, *words: str) -> None:
    """Each of the words is on the screen, or on stderr."""
    said = " ".join((run.screen + "\n" + run.errors).split())
    for word in words:
        assert word in said, run.screen + run.errors


def content(folder: Path) -> dict[str, str]:
    """Every file below a folder with its digest."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "filler"
    }
