"""Files are written whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from pytest_cutover.report.io.write import ReportNotWritten, write_texts


def test_texts_are_written_in_utf8_and_folders_are_made(tmp_path: Path) -> None:
    write_texts({tmp_path / "a" / "gate.md": "✗\n", tmp_path / "a" / "gate.json": "{}\n"})

    assert (tmp_path / "a" / "gate.md").read_bytes() == b"\xe2\x9c\x97\n"
    assert sorted(entry.name for entry in (tmp_path / "a").iterdir()) == ["gate.json", "gate.md"]


def test_a_full_disk_leaves_the_earlier_files_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "gate.json", tmp_path / "gate.html"
    write_texts({first: "old", second: "old"})
    calls = iter([None, OSError(errno.ENOSPC, "No space left on device")])

    def fsync(handle: int) -> None:
        failure = next(calls)
        if failure:
            raise failure

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(ReportNotWritten) as raised:
        write_texts({first: "new", second: "new"})

    assert (first.read_text(), second.read_text()) == ("old", "old")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["gate.html", "gate.json"]
    assert "gate.html: No space left on device" in str(raised.value)
    assert "--cutover-report" in str(raised.value)


def test_a_file_where_the_folder_should_be_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("")

    with pytest.raises(ReportNotWritten, match="a file stands where a folder should be"):
        write_texts({tmp_path / "report" / "gate.json": "{}"})


def test_an_interrupt_leaves_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fsync(handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(KeyboardInterrupt):
        write_texts({tmp_path / "gate.json": "{}"})

    assert list(tmp_path.iterdir()) == []
