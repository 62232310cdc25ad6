"""What people do in a shift: several requests that build on each other."""

import pytest

from .matrix import DECISIONS, LOGIN, LOTS, TRACE


def log_in(backend, email):
    """Log in as somebody else than the run does; gives the user."""
    response = backend.post("/api/login", json={"email": email})
    assert response.status_code == 200
    backend.headers["Authorization"] = f"Bearer {response.json()['token']}"
    return response.json()["user"]


@pytest.mark.characterization(LOGIN, LOTS, DECISIONS, TRACE)
@pytest.mark.parametrize("email", ["test@flowviz.com", "manager@flowviz.com"])
def test_log_in_create_decide_trace(backend, email):
    user = log_in(backend, email)
    body = {"lot_code": backend.unique("LOT"), "lot_type": "RAW", "temperature_c": 2.5}
    lot = backend.post("/api/lots", json=body).json()
    body = {"lot_id": lot["id"], "decision": "PASS", "digital_signature": "sig-4711"}
    decision = backend.post("/api/qc-decisions", json=body).json()
    traced = backend.get(f"/api/traceability/{lot['lot_code']}").json()

    assert (lot["operator_id"], decision["operator_id"]) == (user["id"], user["id"])
    assert decision["lot_id"] == lot["id"]
    assert traced["central"] == lot


@pytest.mark.characterization(LOGIN, LOTS)
def test_a_change_of_shift(backend):
    manager = log_in(backend, "manager@flowviz.com")
    first = backend.post("/api/lots", json={"lot_code": backend.unique("LOT")}).json()
    auditor = log_in(backend, "auditor@flowviz.com")
    second = backend.post("/api/lots", json={"lot_code": backend.unique("LOT")}).json()

    assert (first["operator_id"], second["operator_id"]) == (manager["id"], auditor["id"])


@pytest.mark.characterization(LOGIN, LOTS)
def test_an_earlier_token_is_still_good(backend):
    user = log_in(backend, "auditor@flowviz.com")
    earlier = backend.headers["Authorization"]
    log_in(backend, "auditor@flowviz.com")
    response = backend.post(
        "/api/lots",
        json={"lot_code": backend.unique("LOT")},
        headers={"Authorization": earlier},
    )

    assert response.json()["operator_id"] == user["id"]


@pytest.mark.characterization(LOTS, DECISIONS)
def test_hold_then_pass(backend):
    lot = backend.post("/api/lots", json={"lot_code": backend.unique("LOT")}).json()
    hold = {"lot_id": lot["id"], "decision": "HOLD", "notes": "waiting for the laboratory"}
    held = backend.post("/api/qc-decisions", json=hold)
    passed = backend.post("/api/qc-decisions", json={"lot_id": lot["id"], "decision": "PASS"})

    assert (held.status_code, passed.status_code) == (201, 201)
    assert held.json()["id"] != passed.json()["id"]


@pytest.mark.characterization(LOTS, TRACE, scenario="refused, then corrected")
def test_a_refused_lot_leaves_nothing_behind(backend):
    code = backend.unique("LOT")
    refused = backend.post("/api/lots", json={"lot_code": code, "weight_kg": -1})
    missing = backend.get(f"/api/traceability/{code}")
    created = backend.post("/api/lots", json={"lot_code": code, "weight_kg": 1})

    assert refused.is_client_error
    assert missing.status_code == 404
    assert created.status_code == 201


@pytest.mark.characterization(LOTS, TRACE, scenario="taken lot_code: unharmed")
def test_a_duplicate_leaves_the_first_as_it_was(backend):
    body = {"lot_code": backend.unique("LOT"), "weight_kg": 1.5}
    created = backend.post("/api/lots", json=body).json()
    refused = backend.post("/api/lots", json={**body, "weight_kg": 2.5})
    traced = backend.get(f"/api/traceability/{body['lot_code']}").json()

    assert refused.status_code == 409
    assert traced["central"] == created
