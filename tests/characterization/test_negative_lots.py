"""Lots that are refused, and how."""

import pytest

from .matrix import INVALID_LOTS, LOTS, refusals


@pytest.mark.parametrize("row", refusals(*INVALID_LOTS))
def test_invalid_lot(backend, row):
    assert row.send(backend).status_code in (400, 422)


@pytest.mark.negative(LOTS, scenario="invalid lot: two fields at once")
def test_two_invalid_fields(backend):
    body = {"lot_code": backend.unique("LOT"), "weight_kg": -1, "temperature_c": 200}

    assert backend.post("/api/lots", json=body).status_code in (400, 422)


@pytest.mark.negative(LOTS, scenario="taken lot_code: just created")
def test_taken_lot_code(backend):
    body = {"lot_code": backend.unique("LOT")}

    assert backend.post("/api/lots", json=body).status_code == 201
    assert backend.post("/api/lots", json=body).status_code == 409


@pytest.mark.negative(LOTS, scenario="taken lot_code: seeded")
def test_seeded_lot_code(backend):
    assert backend.post("/api/lots", json={"lot_code": "SEED-RAW-001"}).status_code == 409


@pytest.mark.negative(LOTS, scenario="invalid lot: and its lot_code taken")
def test_validation_comes_before_the_database(backend):
    body = {"lot_code": "SEED-RAW-001", "weight_kg": -1}

    assert backend.post("/api/lots", json=body).status_code in (400, 422)
