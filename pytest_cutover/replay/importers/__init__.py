"""Files of recorded traffic, each read by the importer that knows its kind.

An importer says which files are its own by their name (and, for a file that was given by name, by
its beginning), and gives their entries one by one. To read another kind, write a module with an
`Importer` and name it in `registry`.
"""

from __future__ import annotations

from typing import Final

SUFFIXES: Final = frozenset((".har", ".json"))
"""What the names of recordings end with: only such files are looked into."""

OTHER_SUFFIXES: Final = frozenset(
    (".json", ".saz", ".chls", ".chlsj", ".chlsx", ".mitm", ".flow", ".flows", ".pcap", ".pcapng",
     ".jmx", ".zip", ".bru", ".http", ".rest", ".trace", ".insomnia", ".paw", ".wacz", ".warc")
)  # fmt: skip
"""What recordings of other tools end with: who names one is told what is read."""
