"""Goldens on disk: read, written whole, and found when no test belongs to them any more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pytest_cutover.config.atomic import write_whole
from pytest_cutover.parity.golden_text import GoldenError, dump, load
from pytest_cutover.parity.goldens import golden_path
from pytest_cutover.parity.noise import Golden


@dataclass(frozen=True, slots=True)
class GoldenFiles:
    """The folder of the goldens; `project` is what messages give paths relative to."""

    root: Path
    project: Path

    def read(self, test: str) -> tuple[Golden | None, str | None]:
        """The golden of a test, and what is wrong with its file if it cannot be used."""
        path = golden_path(self.root, test)
        try:
            return load(path.read_text("utf-8")), None
        except FileNotFoundError:
            return None, None
        except (GoldenError, OSError, UnicodeDecodeError) as error:
            return None, f"{self._shown(path)} cannot be used: {error}"

    def write(self, test: str, golden: Golden) -> str:
        """Write a golden; ``new``, ``changed`` or ``same``. Raises ConfigError."""
        path, text = golden_path(self.root, test), dump(golden)
        try:
            before: str | None = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            before = None
        if before == text:
            return "same"
        known = path.exists()
        write_whole(path, text)
        return "changed" if known else "new"

    def orphans(self, tests: Iterable[str]) -> tuple[str, ...]:
        """The goldens to which none of these tests belongs."""
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
