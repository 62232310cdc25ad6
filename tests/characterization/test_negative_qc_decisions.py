"""Decisions that are refused, and how."""

import pytest

from .matrix import DECISIONS, INVALID_DECISIONS, UNKNOWN_LOTS, UNKNOWN_UUID, refusals


@pytest.mark.parametrize("row", refusals(*UNKNOWN_LOTS))
def test_unknown_lot(backend, row):
    assert row.send(backend).status_code == 404


@pytest.mark.parametrize("row", refusals(*INVALID_DECISIONS))
def test_invalid_decision(backend, row):
    assert row.send(backend).status_code in (400, 422)


@pytest.mark.negative(DECISIONS, scenario="invalid notes: and the lot unknown")
def test_validation_comes_before_the_database(backend):
    body = {"lot_id": UNKNOWN_UUID, "decision": "FAIL"}

    assert backend.post("/api/qc-decisions", json=body).status_code in (400, 422)
