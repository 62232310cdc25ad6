"""Goldens on disk: read, written whole, and found when no test belongs to them any more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pytest_cutover.compare.golden.snapshot_extension import golden_path
from pytest_cutover.compare.golden.text import RECORD, UNUSABLE, GoldenError, dump, load
from pytest_cutover.compare.noise.model import Golden
from pytest_cutover.core.atomic import write_whole
from pytest_cutover.core.errors import FileError


@dataclass(frozen=True, slots=True)
class GoldenFiles:
    """The folder of the goldens; `project` is what messages give paths relative to."""

    root: Path
    project: Path

    def read(self, test: str) -> tuple[Golden | None, str | None]:
        """Return the golden of a test, and what is wrong with its file if it cannot be used."""
        path = golden_path(self.root, test)
        try:
            golden = load(_text(path.read_bytes()))
            if golden.test != test:
                raise GoldenError(f"line 3: it is the golden of {golden.test}; {RECORD}")
        except FileNotFoundError:
            return None, None
        except (GoldenError, OSError) as error:
            why = f"{error.strerror}; {RECORD}" if isinstance(error, OSError) else str(error)
            return None, f"{self._shown(path)} {UNUSABLE}: {why}"
        return golden, None

    def write(self, test: str, golden: Golden) -> str:
        """Write a golden; ``new``, ``changed``, ``same``, or ``replaced`` for an unusable one.

        Raises ConfigError; what stood there is then untouched.
        """
        path, text = golden_path(self.root, test), dump(golden)
        earlier, problem = self.read(test)
        if earlier is not None and path.read_text("utf-8") == text:
            return "same"
        try:
            write_whole(path, text)
        except FileError as error:
            raise FileError(self._shown(path), error.mistakes) from None
        return "replaced" if problem else "new" if earlier is None else "changed"

    def orphans(self, tests: Iterable[str]) -> tuple[str, ...]:
        """Return the goldens to which none of these tests belongs."""
        if not self.root.is_dir():
            return ()
        known = {golden_path(self.root, test) for test in tests}
        return tuple(
            self._shown(path)
            for path in sorted(self.root.rglob("*.json"))
            if path not in known and ".snapshot" not in path.name
        )

    def _shown(self, path: Path) -> str:
        try:
            return path.relative_to(self.project).as_posix()
        except ValueError:
            return str(path)


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise GoldenError(f"line {line}: not UTF-8; {RECORD}") from None
