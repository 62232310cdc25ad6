"""Express against Express, twenty times: a false alarm in one of them is one too many."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reference.conftest import server
from tests.reference.test_itself import test_express_does_not_depart_from_express as ask

__all__ = ["server"]


@pytest.mark.parametrize("number", range(1, 21))
def test_express_never_departs_from_express(tmp_path: Path, server: str, number: int) -> None:
    ask(tmp_path, server)
