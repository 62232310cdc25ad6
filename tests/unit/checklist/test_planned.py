"""When the switch is planned, and how far off that is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pytest_cutover.checklist.plugin import planned_in
from pytest_cutover.config.load import load_config
from pytest_cutover.config.monitoring import Fingerprint, Switch
from pytest_cutover.core.errors import MistakesError

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "said"), [(130, "in 2 h 10 min"), (0, "in 0 h 0 min"), (-61, "1 h 1 min ago")]
)
def test_it_is_so_far_off(minutes: int, said: str) -> None:
    print_ = Fingerprint(path="/", baseline="a", candidate="b")
    switch = Switch(url="http://x", fingerprint=print_, at=NOW + timedelta(minutes=minutes))

    assert planned_in(switch, NOW).endswith(said)
    assert planned_in(None, NOW) == ""


def test_a_time_without_its_offset_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cutover.toml").write_text(
        '[checklist.switch]\nurl = "http://x"\nat = 2026-11-28T22:00:00\n'
        'fingerprint = { path = "/", baseline = "a", candidate = "b" }\n'
    )

    with pytest.raises(MistakesError, match="not a time with its zone"):
        load_config(tmp_path)
