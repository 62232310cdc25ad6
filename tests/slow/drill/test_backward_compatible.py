"""A migration that Express cannot live with is told; `make gate` asks for the real ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rollback import compatible, lint


def test_the_migrations_are_linted() -> None:
    assert set(lint.revisions()) == {"0002"}
    assert lint.main() == 0


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE lots DROP COLUMN weight_kg;",
        "ALTER TABLE lots RENAME COLUMN lot_code TO code;",
        "ALTER TABLE lots ALTER COLUMN lot_type SET NOT NULL;",
        "ALTER TABLE lots ALTER COLUMN weight_kg TYPE integer;",
        "DROP TABLE lot_genealogy;",
    ],
)
def test_a_breaking_migration_is_told(tmp_path: Path, statement: str) -> None:
    file = tmp_path / "0003.sql"
    file.write_text(statement, "utf-8")

    assert lint.linted([file]) == 1


def test_a_constraint_that_express_does_not_know_is_seen(capfd: pytest.CaptureFixture[str]) -> None:
    stricter = "ALTER TABLE qc_decisions ADD CHECK (temperature_c < 50) NOT VALID"

    assert compatible.main(then=stricter) == 1
    assert "Express's suite after the migrations: parity." in capfd.readouterr().out
