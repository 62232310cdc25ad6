"""Cases that showed a finding, kept as files: asked first next time, or by themselves."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pytest_cutover.config.load import shown_path
from pytest_cutover.core.atomic import write_whole
from pytest_cutover.core.errors import ConfigError, FileError, Mistake
from pytest_cutover.fuzz.generate.case import Case, case_document, case_of

FOLDER: Final = "fuzz"
_LARGEST_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Kept:
    """A case with the finding that it shows: its id, signature, and the class of its request."""

    finding: str
    signature: str
    request: str
    case: Case


def keep(folder: Path, kept: Kept) -> Path | None:
    """Write the case; None where the folder cannot be written: the report will say so itself."""
    path = folder / f"{kept.finding}.json"
    document = {
        "finding": kept.finding,
        "signature": kept.signature,
        "request": kept.request,
        **case_document(kept.case),
    }
    try:
        write_whole(path, json.dumps(document, indent=2) + "\n")
    except ConfigError:
        return None
    return path


def read(path: Path) -> Kept:
    """Return the case of a file. Raises `FileError` saying what is wrong with it."""
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise ValueError("it is too large for one")
        document = json.loads(path.read_text("utf-8"))
        if not isinstance(document, dict):
            raise ValueError("it is not an object")
        return Kept(
            str(document.get("finding", path.stem)),
            str(document.get("signature", "")),
            str(document.get("request", "")),
            case_of(document),
        )
    except (OSError, ValueError, RecursionError) as error:
        what = f"not a kept case: {error}"
        advice = "delete the file; the next run that finds it writes it again"
        raise FileError(shown_path(path), [Mistake(key="", what=what, advice=advice)]) from None


def all_in(folder: Path) -> list[Path]:
    """Return the files of a folder, in a fixed order."""
    return sorted(folder.glob("*.json")) if folder.is_dir() else []
