"""stub"""

from __future__ import annotations

from typing import Any


class Loader:
    def __init__(self, **kw: Any) -> None:
        self.kw = kw

    def __call__(self, *a: Any, **k: Any) -> None:
        raise NotImplementedError
