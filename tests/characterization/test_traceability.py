"""Where a lot came from and where it went."""

from urllib.parse import quote

import pytest

from .matrix import LOTS, TRACE, TRACED, cases


@pytest.mark.characterization(TRACE)
@pytest.mark.parametrize("row", cases(*TRACED))
def test_trace(backend, row):
    response = backend.get(f"/api/traceability/{quote(row.value, safe='')}")

    assert response.status_code == 200
    assert response.json()["central"]["lot_code"] == row.value


@pytest.mark.characterization(TRACE)
def test_everything_may_be_percent_encoded(backend):
    encoded = "".join(f"%{byte:02x}" for byte in b"SEED-RAW-001")

    assert backend.get(f"/api/traceability/{encoded}").status_code == 200


@pytest.mark.characterization(TRACE)
def test_the_neighbours_of_a_neighbour(backend):
    mix = backend.get("/api/traceability/SEED-MIX-001").json()
    child = next(lot for lot in mix["children"] if lot["lot_code"] == "SEED-FG-001")
    back = backend.get(f"/api/traceability/{child['lot_code']}").json()

    assert [parent["id"] for parent in back["parents"]] == [mix["central"]["id"]]


@pytest.mark.characterization(TRACE, LOTS)
def test_a_new_lot_has_no_neighbours(backend):
    lot = backend.post("/api/lots", json={"lot_code": backend.unique("LOT")}).json()
    traced = backend.get(f"/api/traceability/{lot['lot_code']}").json()

    assert traced == {"central": lot, "parents": [], "children": []}


@pytest.mark.characterization(TRACE)
def test_needs_no_login(backend):
    del backend.headers["Authorization"]

    assert backend.get("/api/traceability/SEED-RAW-002").status_code == 200


@pytest.mark.characterization(TRACE)
def test_ignores_a_query(backend):
    response = backend.get("/api/traceability/SEED-NULL-001", params={"depth": "2"})

    assert response.status_code == 200
