"""How long each endpoint takes on both backends, side by side; limits stand in cutover.toml."""

import pytest


@pytest.mark.perf("GET /api/health")
def test_health(paired_benchmark):
    paired_benchmark(lambda backend: backend.get("/api/health"))


@pytest.mark.perf("POST /api/login")
def test_login(paired_benchmark):
    paired_benchmark(lambda backend: backend.post("/api/login", json={"email": "test@flowviz.com"}))


@pytest.mark.perf("POST /api/lots")
def test_create_lot(paired_benchmark):
    def create(backend):
        body = {"lot_code": backend.unique("PERF"), "lot_type": "RAW", "weight_kg": 500.25}
        backend.post("/api/lots", json=body)

    paired_benchmark(create)


@pytest.mark.perf("POST /api/qc-decisions")
def test_create_qc_decision(paired_benchmark):
    body = {"decision": "HOLD", "notes": "waiting for the laboratory", "temperature_c": 3.5}
    paired_benchmark(lambda backend: backend.post("/api/qc-decisions", json=body))


@pytest.mark.perf("GET /api/traceability/{lot_code}")
def test_traceability(paired_benchmark):
    paired_benchmark(lambda backend: backend.get("/api/traceability/SEED-BULK-001"))
