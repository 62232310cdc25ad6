"""Methods that a path of the document does not offer: asked for by name in `[fuzz] methods`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from pytest_cutover.fuzz.generate.operations import FuzzDocument, FuzzOperation


def not_offered(document: FuzzDocument, methods: Collection[str]) -> Iterator[FuzzOperation]:
    """Yield an operation for each path and asked method that the document does not have
    together.
    """
    by_path: dict[str, dict[str, FuzzOperation]] = {}
    for one in document.operations:
        method, _, path = one.endpoint.partition(" ")
        by_path.setdefault(path, {})[method] = one
    for path, offered in by_path.items():
        usable = [one for one in offered.values() if not one.broken]
        for method in sorted(set(methods) - offered.keys()):
            if usable:
                yield replace(
                    usable[0],
                    endpoint=f"{method} {path}",
                    links=(),
                    operation_id="",
                    offered=False,
                )
