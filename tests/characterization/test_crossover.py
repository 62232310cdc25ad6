"""What rolling back rests on: whatever one side wrote, the other reads, on one database."""

import json

import pytest

from .matrix import ABOVE_2_53, DECISIONS, HEALTH, LOGIN, LOTS, TRACE, UUID


@pytest.fixture(params=["baseline-writes", "candidate-writes"])
def sides(request, baseline, candidate):
    """Who writes and who reads, both ways round."""
    if request.param == "baseline-writes":
        return baseline, candidate
    return candidate, baseline


def exact(response):
    """The body with its numbers as written: 500 is not 500.0, and nothing is rounded."""
    return json.loads(response.text, parse_float=str, parse_int=str)


LOT_BODIES = {
    "nothing-but-a-code": {},
    "every-field": {
        "lot_type": "FG",
        "production_run_id": UUID,
        "weight_kg": 500,
        "temperature_c": -18.5,
        "metadata": {"supplier": "Nordsee", "pallets": ["P-1", "P-2"]},
    },
    "limits": {"weight_kg": 9999.99, "temperature_c": -50},
    "exact-metadata": {"metadata": {"plc_serial": ABOVE_2_53, "ratio": 0.3, "tiny": 1e-7}},
    "unicode": {"metadata": {"label": "Öko – 有機 🐟", "text": '"\\\n'}},
}


@pytest.mark.crossover(LOTS, TRACE)
@pytest.mark.parametrize("body", LOT_BODIES.values(), ids=LOT_BODIES)
def test_the_other_side_reads_the_lot_as_written(sides, body):
    writer, reader = sides
    created = writer.post("/api/lots", json={"lot_code": writer.unique("LOT"), **body})
    read = reader.get(created.headers["Location"])

    assert created.status_code == 201
    assert exact(read) == {"central": exact(created), "parents": [], "children": []}


@pytest.mark.crossover(LOTS, TRACE)
def test_the_other_side_finds_a_code_that_must_be_encoded(sides):
    writer, reader = sides
    created = writer.post("/api/lots", json={"lot_code": "A/B C?#%25+é " + writer.unique("LOT")})
    read = reader.get(created.headers["Location"])

    assert read.status_code == 200
    assert read.json()["central"] == created.json()


@pytest.mark.crossover(LOTS)
def test_a_code_is_taken_on_both_sides(sides):
    first, second = sides
    body = {"lot_code": first.unique("LOT")}

    assert first.post("/api/lots", json=body).status_code == 201
    assert second.post("/api/lots", json=body).status_code == 409
    assert first.post("/api/lots", json=body).status_code == 409


@pytest.mark.crossover(LOTS, TRACE)
def test_a_lot_that_was_refused_is_on_neither_side(sides):
    writer, reader = sides
    code = writer.unique("LOT")

    assert writer.post("/api/lots", json={"lot_code": code, "weight_kg": -1}).is_client_error
    assert reader.get(f"/api/traceability/{code}").status_code == 404
    assert reader.post("/api/lots", json={"lot_code": code}).status_code == 201


@pytest.mark.crossover(LOTS, DECISIONS)
@pytest.mark.parametrize("decision", ["PASS", "HOLD", "FAIL"])
def test_the_other_side_decides_on_the_lot(sides, decision):
    writer, decider = sides
    lot = writer.post("/api/lots", json={"lot_code": writer.unique("LOT")}).json()
    decided = decider.post(
        "/api/qc-decisions",
        json={"lot_id": lot["id"], "decision": decision, "notes": "decided after the switch"},
    )

    assert decided.status_code == 201
    assert decided.json()["lot_id"] == lot["id"]
    assert decided.json()["decision"] == decision


@pytest.mark.crossover(LOTS, DECISIONS)
def test_decisions_of_both_sides_stand_beside_each_other(sides):
    first, second = sides
    lot = first.post("/api/lots", json={"lot_code": first.unique("LOT")}).json()
    body = {"lot_id": lot["id"], "decision": "PASS", "temperature_c": 4.25}
    mine = first.post("/api/qc-decisions", json=body)
    theirs = second.post("/api/qc-decisions", json=body)

    assert (mine.status_code, theirs.status_code) == (201, 201)
    volatile = {"id", "decided_at"}
    assert {k: v for k, v in exact(mine).items() if k not in volatile} == {
        k: v for k, v in exact(theirs).items() if k not in volatile
    }


@pytest.mark.crossover(TRACE)
@pytest.mark.parametrize(
    "code",
    [
        "SEED-MIX-001",
        "SEED-DEB-001",
        "SEED-FG-002",
        pytest.param("SEED-NULL-001/", id="trailing-slash"),
    ],
)
def test_both_sides_read_the_same_genealogy(baseline, candidate, code):
    def read(backend):
        body = exact(backend.get(f"/api/traceability/{code}"))
        # The order of neighbours is not promised.
        for relation in ("parents", "children"):
            body[relation].sort(key=lambda lot: lot["lot_code"])
        return body

    assert read(baseline) == read(candidate)


@pytest.mark.crossover(LOGIN)
@pytest.mark.parametrize("email", ["test@flowviz.com", "auditor@flowviz.com"])
def test_both_sides_know_the_same_user(baseline, candidate, email):
    one = baseline.post("/api/login", json={"email": email}).json()
    other = candidate.post("/api/login", json={"email": email}).json()

    assert one["user"] == other["user"]


@pytest.mark.crossover(LOTS)
def test_the_same_user_is_the_operator_on_both_sides(baseline, candidate):
    one = baseline.post("/api/lots", json={"lot_code": baseline.unique("LOT")}).json()
    other = candidate.post("/api/lots", json={"lot_code": candidate.unique("LOT")}).json()

    assert one["operator_id"] == other["operator_id"] is not None


@pytest.mark.crossover(LOTS)
def test_a_token_of_the_other_side_does_no_harm(sides):
    # After a switch people log in again. Until they do, a backend that cannot read their tokens
    # records their lots without an operator; they are neither refused nor somebody else's.
    issuer, other = sides
    mine = issuer.post("/api/lots", json={"lot_code": issuer.unique("LOT")}).json()
    other.headers["Authorization"] = issuer.headers["Authorization"]
    response = other.post("/api/lots", json={"lot_code": other.unique("LOT")})

    assert response.status_code == 201
    assert response.json()["operator_id"] in (None, mine["operator_id"])


@pytest.mark.crossover(HEALTH)
def test_both_clocks_tell_the_same_time(baseline, candidate):
    before = baseline.get("/api/health").json()["timestamp"]
    between = candidate.get("/api/health").json()["timestamp"]
    after = baseline.get("/api/health").json()["timestamp"]

    assert before <= between <= after
