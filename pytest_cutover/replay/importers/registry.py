"""The kinds of recordings that can be replayed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pytest_cutover.replay.importers.entry import Importer
from pytest_cutover.replay.importers.har import HarImporter
from pytest_cutover.replay.importers.postman import PostmanImporter

IMPORTERS: Final[tuple[Importer, ...]] = (HarImporter(), PostmanImporter())


def importer_for(path: Path, *, named: bool) -> Importer | None:
    """Return what reads a file; None for a file of no kind that is known."""
    return next((one for one in IMPORTERS if one.claims(path, named=named)), None)
