"""Both backends keep one ledger."""

import pytest


@pytest.mark.crossover("POST /transfers", "GET /accounts/{iban}")
def test_money_sent_by_the_candidate_is_seen_by_the_baseline(baseline, candidate):
    body = {"holder": f"Family {baseline.unique('name')}"}
    source = baseline.post("/accounts", json=body).json()["iban"]
    target = baseline.post("/accounts", json=body).json()["iban"]
    baseline.post(f"/accounts/{source}/deposits", json={"amount": "40.00"})
    sent = candidate.post("/transfers", json={"from": source, "to": target, "amount": "15.00"})
    assert sent.status_code == 201
    assert baseline.get(f"/accounts/{source}").json()["balance"] == "25.00"
    assert baseline.get(f"/accounts/{target}").json()["balance"] == "15.00"
