"""What every importer gives: one recorded request, with its answer where one was recorded. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from pytest_cutover.core.exchange import Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedEntry:
    """One request of a recording.

    `origin` is ``https://host`` of the request; empty where the recording does not say, and it is
    the target's then. `page` is the origin of the page that asked. `left_out` says why the request
    is not replayed; with `open` it is missed, and the recording proves nothing about it.
    `started_s` is when the request was sent, since the epoch, where the recording says so. `login`
    is ``none`` for a request that is made without one on purpose. `sets` maps a stand-in, which
    later requests hold, to the place of its value in the answer, as `given_out` has it.
    """

    exchange: Exchange | None
    origin: str = ""
    page: str = ""
    left_out: str = ""
    open: bool = False
    started_s: float | None = None
    login: str = ""
    sets: Mapping[str, str] = field(default_factory=dict)


def origin_of(url: str) -> str:
    """Return scheme and host of a URL as they are compared: in lower case, no port by default."""
    parts = urlsplit(url)
    netloc = parts.netloc.rpartition("@")[2].lower()
    default = {"http": ":80", "https": ":443"}.get(parts.scheme.lower(), "")
    return f"{parts.scheme.lower()}://{netloc.removesuffix(default) if default else netloc}"


class Importer(Protocol):
    """A kind of recording."""

    @property
    def kind(self) -> str:
        """What such a file is called."""

    def claims(self, path: Path, *, named: bool) -> bool:
        """Return whether a file is of this kind; `named` if the command line gives it."""

    def entries(self, path: Path) -> Iterator[RecordedEntry]:
        """Give the requests of the file, in order. Raises ValueError, saying what is wrong."""
