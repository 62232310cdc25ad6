"""Money that moves."""

import pytest

ARCHIVE, HOUSE = "XB00000000000002", "XB00000000000001"
ACCOUNT, STATEMENT = "GET /accounts/{iban}", "GET /accounts/{iban}/statement"


@pytest.fixture
def holder(backend):
    return f"Family {backend.unique('name')}"


@pytest.fixture
def account(backend, holder):
    """A current account with 250 euros."""
    iban = backend.post("/accounts", json={"holder": holder}).json()["iban"]
    backend.post(f"/accounts/{iban}/deposits", json={"amount": "250.00"})
    return iban


@pytest.fixture
def savings(backend, holder):
    body = {"holder": holder, "kind": "savings"}
    return backend.post("/accounts", json=body).json()["iban"]


def send(backend, source, target, amount, **headers):
    body = {"from": source, "to": target, "amount": amount, "text": "For later"}
    return backend.post("/transfers", json=body, headers=headers)


@pytest.mark.characterization("POST /accounts", ACCOUNT)
def test_open_an_account(backend, holder):
    opened = backend.post("/accounts", json={"holder": holder})
    assert opened.status_code == 201
    assert opened.json()["balance"] == "0.00"
    assert backend.get(opened.headers["Location"]).json() == opened.json()


@pytest.mark.characterization("POST /accounts/{iban}/deposits")
def test_deposit(backend, account):
    answer = backend.post(f"/accounts/{account}/deposits", json={"amount": "0.05"})
    assert answer.json()["balance"] == "250.05"


@pytest.mark.characterization("POST /transfers", "GET /transfers/{id}", ACCOUNT)
def test_transfer(backend, account, savings):
    sent = send(backend, account, savings, "19.99")
    assert sent.status_code == 201
    assert backend.get(sent.headers["Location"]).json() == sent.json()
    assert backend.get(f"/accounts/{account}").json()["balance"] == "230.01"
    assert backend.get(f"/accounts/{savings}").json()["balance"] == "19.99"


@pytest.mark.characterization("POST /transfers", ACCOUNT)
def test_a_large_transfer_costs_a_fee(backend, account, savings):
    before = float(backend.get(f"/accounts/{HOUSE}").json()["balance"])
    send(backend, account, savings, "100.00")
    assert backend.get(f"/accounts/{account}").json()["balance"] == "149.75"
    assert float(backend.get(f"/accounts/{HOUSE}").json()["balance"]) > before


@pytest.mark.characterization("POST /transfers")
def test_the_same_key_moves_money_once(backend, account, savings):
    key = backend.unique("key")
    first = send(backend, account, savings, "10.00", **{"Idempotency-Key": key})
    again = send(backend, account, savings, "10.00", **{"Idempotency-Key": key})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert backend.get(f"/accounts/{savings}").json()["balance"] == "10.00"


@pytest.mark.characterization(STATEMENT)
def test_statement(backend, account, savings):
    send(backend, account, savings, "1.00")
    send(backend, account, savings, "2.00")
    answer = backend.get(f"/accounts/{account}/statement").json()
    assert [entry["balance"] for entry in answer["entries"]] == ["250.00", "249.00", "247.00"]
    assert answer["closing"] == "247.00"


@pytest.mark.characterization(STATEMENT)
@pytest.mark.parametrize(
    "query", ["page=1", "page=3", "size=25", "from=2024-02-20", "to=2024-02-05"]
)
def test_statement_of_the_archive(backend, query):
    answer = backend.get(f"/accounts/{ARCHIVE}/statement?{query}").json()
    assert answer["entries"]


@pytest.mark.characterization(STATEMENT)
def test_pages_of_a_statement_do_not_overlap(backend):
    first = backend.get(f"/accounts/{ARCHIVE}/statement?page=1").json()["entries"]
    second = backend.get(f"/accounts/{ARCHIVE}/statement?page=2").json()["entries"]
    assert first[-1]["id"] < second[0]["id"]


@pytest.mark.characterization("GET /accounts/{iban}/statement.csv")
def test_statement_as_a_file(backend, account, savings):
    send(backend, account, savings, "5.00")
    answer = backend.get(f"/accounts/{account}/statement.csv")
    assert answer.text.splitlines()[0] == "id,booked_at,text,amount,balance"
    assert len(answer.text.splitlines()) == 3


@pytest.mark.characterization("GET /accounts")
def test_accounts_of_a_holder(backend, holder, account, savings):
    answer = backend.get("/accounts", params={"holder": holder}).json()
    assert [one["iban"] for one in answer["accounts"]] == [savings, account]
    assert (answer["count"], answer["sum"]) == (2, "250.00")


@pytest.mark.characterization("GET /accounts")
def test_the_newest_accounts(backend, account):
    found = backend.get("/accounts").json()["accounts"]
    assert account in [one["iban"] for one in found]


@pytest.mark.characterization("POST /accounts/{iban}/close", ACCOUNT)
def test_close(backend, savings):
    assert backend.post(f"/accounts/{savings}/close").json()["status"] == "closed"
    refused = backend.post(f"/accounts/{savings}/deposits", json={"amount": "1.00"})
    assert refused.status_code == 409


@pytest.mark.characterization("GET /reports/ledger")
def test_ledger(backend, account):
    before = backend.get("/reports/ledger").json()
    backend.post(f"/accounts/{account}/deposits", json={"amount": "3.00"})
    after = backend.get("/reports/ledger").json()
    assert after["entries"] > before["entries"]


@pytest.mark.negative("POST /transfers", scenario="not enough money")
def test_not_enough_money(backend, account, savings):
    refused = send(backend, account, savings, "250.01")
    assert refused.status_code == 409
    assert refused.json()["available"] == "250.00"


@pytest.mark.negative("POST /accounts/{iban}/deposits", scenario="bad amount")
@pytest.mark.parametrize("amount", ["0.00", "-5", "1.001", "many", 5, None])
def test_bad_amount(backend, account, amount):
    answer = backend.post(f"/accounts/{account}/deposits", json={"amount": amount})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.negative("POST /accounts/{iban}/close", scenario="not empty")
def test_close_with_money_in_it(backend, account):
    assert backend.post(f"/accounts/{account}/close").status_code == 409


@pytest.mark.negative(ACCOUNT, scenario="unknown account")
def test_unknown_account(backend):
    assert backend.get("/accounts/XB99999999999999x").status_code == 404
