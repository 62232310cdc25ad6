"""Where goldens stand on disk: a syrupy extension, so that they are snapshots like any other.

``snapshots/<test path>/<name>-<8 hex>.json``: readable, shared by both sides of a test, and safe
for disks that ignore case (the stock extension writes ``a/b``, ``a:b`` and ``ab`` to one file).
Extension code is given names and paths only: on the controller of pytest-xdist there is no item.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from syrupy.extensions.json import JSONSnapshotExtension

from pytest_cutover.core.atomic import write_whole
from pytest_cutover.core.nodeid import without_side

if TYPE_CHECKING:
    from syrupy.data import SnapshotCollection, SnapshotCollections
    from syrupy.location import PyTestLocation
    from syrupy.types import SnapshotIndex

_UNSAFE = re.compile(r"[^A-Za-z0-9._+=@-]+")
_LONGEST_NAME = 80


def file_name(test: str) -> str:
    """Return the file of a test: a readable part, and a digest of the whole name that keeps it
    apart.
    """
    name = test.partition("::")[2] or test
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    readable = _UNSAFE.sub("-", name.replace("::", ".")).strip("-.")[:_LONGEST_NAME].lower()
    return f"{readable}-{digest}.json"


def folder(root: Path, test: str) -> Path:
    """Return the folder of a test's file: its path below the project, under the snapshots' root."""
    path = Path(test.partition("::")[0])
    return root.joinpath(*path.with_suffix("").parts)


def golden_path(root: Path, test: str) -> Path:
    """Where the golden of a test stands; `test` is a node id without the side."""
    return folder(root, test) / file_name(test)


class SharedSnapshotExtension(JSONSnapshotExtension):
    """syrupy's JSON snapshots in the folder of the goldens, one for both sides of a test.

    `root` and `rootdir` are set by the plugin: the snapshots' folder and the project's.
    """

    root: Path = Path("snapshots")
    rootdir: Path = Path()

    @classmethod
    def _test(cls, test_location: PyTestLocation) -> str:
        path = Path(test_location.filepath)
        with contextlib.suppress(ValueError):
            path = path.relative_to(cls.rootdir)
        name = without_side(test_location.snapshot_name)
        return f"{path.as_posix()}::{name}"

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        """Return the folder of a test file's snapshots."""
        return str(folder(cls.root, cls._test(test_location)))

    @classmethod
    def discovery_dirname(cls, *, test_location: PyTestLocation) -> str:
        """Return the same folder: what belongs to other test files is not ours to find."""
        return cls.dirname(test_location=test_location)

    @classmethod
    def get_snapshot_name(cls, *, test_location: PyTestLocation, index: SnapshotIndex = 0) -> str:
        """Return the name as syrupy knows it: it warns of a name that is not the test's own."""
        suffix = f"[{index}]" if isinstance(index, str) else f".{index}" if index else ""
        return f"{test_location.snapshot_name}{suffix}"

    @classmethod
    def get_file_basename(cls, *, test_location: PyTestLocation, index: SnapshotIndex) -> str:
        """Return the file's name without its ending."""
        suffix = f".snapshot[{index}]" if isinstance(index, str) else f".snapshot.{index}"
        name = f"{without_side(test_location.snapshot_name)}{suffix}"
        return file_name(f"{cls._test(test_location).partition('::')[0]}::{name}")[: -len(".json")]

    @classmethod
    def matches_test_location(
        cls, *, test_location: PyTestLocation, snapshot_location: str
    ) -> bool:
        """Only a file in exactly this test's folder whose name begins with its own."""
        where = Path(snapshot_location)
        if where.parent != Path(cls.dirname(test_location=test_location)):
            return False
        name = _UNSAFE.sub("-", without_side(test_location.snapshot_name)).strip("-.").lower()
        return where.name.startswith(f"{name[:_LONGEST_NAME]}.snapshot"[:_LONGEST_NAME])

    def discover_snapshots(
        self,
        *,
        test_location: PyTestLocation,  # noqa: ARG002
        ignore_extensions: list[str] | None = None,  # noqa: ARG002
    ) -> SnapshotCollections:
        """None: orphans are for the gate to report, never for syrupy to delete."""
        from syrupy.data import SnapshotCollections

        return SnapshotCollections()

    @classmethod
    def write_snapshot_collection(
        cls,
        *,
        snapshot_collection: SnapshotCollection,
        name_order: dict[str, int] | None = None,  # noqa: ARG003
    ) -> None:
        """Write the one snapshot of a file, whole or not at all."""
        data = next(iter(snapshot_collection)).data
        write_whole(Path(snapshot_collection.location), str(data))
