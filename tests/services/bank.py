"""A bank: accounts with random numbers, money moved once for a key, statements, and a ledger."""

from __future__ import annotations

import secrets
from decimal import Decimal, InvalidOperation
from sqlite3 import Connection
from typing import Any

from tests.services import changes as to
from tests.services.serving import Fault, RefusedError, Reply, Request, Service, now_iso, table

SCHEMA = """
CREATE TABLE accounts (iban TEXT PRIMARY KEY, holder TEXT, kind TEXT, opened TEXT,
  status TEXT DEFAULT 'open');
CREATE TABLE entries (id INTEGER PRIMARY KEY AUTOINCREMENT, iban TEXT, cents INTEGER, text TEXT,
  booked_at TEXT, transfer TEXT);
CREATE TABLE transfers (id TEXT PRIMARY KEY, source TEXT, target TEXT, cents INTEGER, text TEXT,
  status TEXT, key TEXT UNIQUE, created_at TEXT);
"""
HOUSE, ARCHIVE = "XB00000000000001", "XB00000000000002"


def seed(db: Connection) -> None:
    sql = "INSERT INTO accounts (iban, holder, kind, opened) VALUES (?, ?, ?, '2024-01-02')"
    db.execute(sql, (HOUSE, "The bank", "house"))
    db.execute(sql, (ARCHIVE, "Archive Ltd", "current"))
    sql = "INSERT INTO entries (iban, cents, text, booked_at) VALUES (?, ?, ?, ?)"
    db.execute(sql, (HOUSE, 1_000_000_00, "Capital", "2024-01-02T09:00:00Z"))
    for n in range(1, 26):
        cents = (n * 1_237) % 9_000 - (3_000 if n % 3 == 0 else -500)
        at = f"2024-02-{n:02d}T10:{n:02d}:00Z"
        db.execute(sql, (ARCHIVE, cents, f"Entry {n}", at))


def problem(why: RefusedError) -> Reply:
    body = {"type": f"https://bank.example/problems/{why.code}", "title": why.message}
    return Reply({**body, "status": why.status, **why.more}, type="application/problem+json")


SERVICE = Service("bank", schema=SCHEMA, seed=seed, error=problem)
route = SERVICE.route


def euros(cents: int) -> str:
    return f"{Decimal(cents) / 100:.2f}"


def cents_of(value: Any) -> int:
    try:
        cents = Decimal(value) * 100 if isinstance(value, str) else None
    except InvalidOperation:
        cents = None
    if cents is None or not cents.is_finite() or cents != int(cents) or cents <= 0:
        raise RefusedError(422, "bad-amount", "The amount is not valid", field="amount")
    return int(cents)


def known(r: Request, iban: Any) -> dict[str, Any]:
    row = r.one("SELECT * FROM accounts WHERE iban = ?", iban)
    if row is None:
        raise RefusedError(404, "no-such-account", "There is no such account")
    return row


def balance(r: Request, iban: str) -> int:
    return int(r.value("SELECT coalesce(sum(cents), 0) FROM entries WHERE iban = ?", iban))


def shown(r: Request, row: dict[str, Any]) -> dict[str, Any]:
    return row | {"balance": euros(balance(r, row["iban"])), "currency": "EUR"}


def book(r: Request, iban: str, cents: int, text: str, transfer: str | None = None) -> int:
    values = {"iban": iban, "cents": cents, "text": text, "booked_at": now_iso(0)}
    return r.insert("entries", **values, transfer=transfer)


@route("GET /health")
def health(r: Request) -> Any:
    return {"status": "UP"}


@route("POST /accounts")
def open_account(r: Request) -> Reply:
    data = r.json()
    if not isinstance(data.get("holder"), str) or not data["holder"]:
        raise RefusedError(422, "invalid", "The holder is missing", field="holder")
    if data.get("kind", "current") not in ("current", "savings"):
        raise RefusedError(422, "invalid", "There is no such kind of account", field="kind")
    iban = f"XB{secrets.randbelow(10**14):014d}"
    values = {"holder": data["holder"], "kind": data.get("kind", "current")}
    r.insert("accounts", iban=iban, **values, opened=now_iso(0)[:10])
    return Reply(shown(r, known(r, iban)), 201, [("Location", f"/accounts/{iban}")])


@route("GET /accounts/{iban}")
def read(r: Request) -> Any:
    return shown(r, known(r, r.params["iban"]))


@route("GET /accounts")
def accounts(r: Request) -> Any:
    where, values = "kind <> 'house'", []
    if "holder" in r.query and not r.has("accounts-of-other-holders"):
        where, values = "holder = ?", [r.query["holder"]]
    rows = r.rows(f"SELECT * FROM accounts WHERE {where} ORDER BY rowid DESC LIMIT 20", *values)
    found = [shown(r, row) for row in rows]
    total = sum(Decimal(row["balance"]) for row in found)
    return {"accounts": found, "count": len(found), "sum": f"{total:.2f}"}


@route("POST /accounts/{iban}/deposits")
def deposit(r: Request) -> Reply:
    row, cents = known(r, r.params["iban"]), cents_of(r.json().get("amount"))
    if row["status"] != "open":
        raise RefusedError(409, "closed", "The account is closed")
    number = book(r, row["iban"], cents, r.json().get("text", "Deposit"))
    if r.has("deposit-lost"):
        r.db.execute("DELETE FROM entries WHERE id = ?", (number,))
    return Reply({"entry": number, "balance": euros(balance(r, row["iban"]))}, 201)


@route("POST /transfers")
def transfer(r: Request) -> Reply:
    data, key = r.json(), r.headers.get("idempotency-key")
    if key:
        before = r.one("SELECT * FROM transfers WHERE key = ?", key)
        if before and not r.has("key-ignored"):
            return Reply(moved(before), 200, [("Idempotent-Replayed", "true")])
        if before:
            key = None
    source, target = known(r, data.get("from")), known(r, data.get("to"))
    cents = cents_of(data.get("amount"))
    left = balance(r, source["iban"])
    if left < cents and source["iban"] != HOUSE:
        raise RefusedError(409, "not-enough", "There is not enough money", available=euros(left))
    number = f"T{secrets.token_hex(8)}"
    text = data.get("text", "Transfer")
    values = {"source": source["iban"], "target": target["iban"], "cents": cents, "text": text}
    r.insert("transfers", id=number, **values, status="booked", key=key, created_at=now_iso(3))
    book(r, source["iban"], -cents, text, number)
    if not r.has("money-arrives-nowhere"):
        arriving = cents - 1 if r.has("a-cent-is-lost") else cents
        book(r, target["iban"], arriving, text, number)
    if not r.has("no-fee") and cents >= 100_00:
        book(r, source["iban"], -25, "Fee", number)
        book(r, HOUSE, 25, "Fee", number)
    row = r.one("SELECT * FROM transfers WHERE id = ?", number)
    return Reply(moved(row or {}), 201, [("Location", f"/transfers/{number}")])


def moved(row: dict[str, Any]) -> dict[str, Any]:
    shown = {k: row[k] for k in ("id", "text", "status", "created_at")}
    return shown | {"from": row["source"], "to": row["target"], "amount": euros(row["cents"])}


@route("GET /transfers/{id}")
def read_transfer(r: Request) -> Any:
    row = r.one("SELECT * FROM transfers WHERE id = ?", r.params["id"])
    if row is None:
        raise RefusedError(404, "no-such-transfer", "There is no such transfer")
    return moved(row)


def statement_rows(r: Request, iban: str) -> list[dict[str, Any]]:
    rows, running = [], 0
    for row in r.rows("SELECT * FROM entries WHERE iban = ? ORDER BY id", iban):
        running += row["cents"]
        shown = {k: row[k] for k in ("id", "text", "booked_at", "transfer")}
        rows.append(shown | {"amount": euros(row["cents"]), "balance": euros(running)})
    return rows


@route("GET /accounts/{iban}/statement")
def statement(r: Request) -> Any:
    row = known(r, r.params["iban"])
    rows = statement_rows(r, row["iban"])
    if "from" in r.query:
        rows = [e for e in rows if e["booked_at"] >= r.query["from"]]
    if "to" in r.query and not r.has("to-ignored"):
        rows = [e for e in rows if e["booked_at"][:10] <= r.query["to"]]
    size, number = r.number("size", 10, most=100), r.number("page", 1)
    opening = euros(0)
    entries = rows[(number - 1) * size : number * size]
    if r.has("pages-overlap") and number > 1:
        entries = rows[(number - 1) * size - 1 : number * size - 1]
    closing = rows[-1]["balance"] if rows else opening
    return {
        "iban": row["iban"],
        "opening": opening,
        "closing": closing,
        "entries": entries,
        "count": len(rows),
    }


@route("GET /accounts/{iban}/statement.csv")
def statement_csv(r: Request) -> Reply:
    iban = known(r, r.params["iban"])["iban"]
    rows = statement_rows(r, iban)
    if r.has("csv-without-signs"):
        rows = [row | {"amount": row["amount"].lstrip("-")} for row in rows]
    header = ("id", "booked_at", "text", "amount", "balance")
    return table(header, [[row[k] for k in header] for row in rows], f"statement-{iban}.csv")


@route("POST /accounts/{iban}/close")
def close(r: Request) -> Any:
    row = known(r, r.params["iban"])
    left = balance(r, row["iban"])
    if left:
        raise RefusedError(409, "not-empty", "The account is not empty", balance=euros(left))
    if not r.has("close-does-nothing"):
        r.db.execute("UPDATE accounts SET status = 'closed' WHERE iban = ?", (row["iban"],))
    return shown(r, known(r, row["iban"]))


@route("GET /reports/ledger")
def ledger(r: Request) -> Any:
    sums = r.one("SELECT count(*) AS entries, sum(cents) AS cents FROM entries") or {}
    booked = r.value("SELECT count(*) FROM transfers")
    open_ = r.value("SELECT count(*) FROM accounts WHERE status = 'open'")
    made = {"entries": sums["entries"], "transfers": booked, "open_accounts": open_}
    return {"as_of": now_iso(0), **made, "sum": euros(sums["cents"])}


STATEMENT, ENTRIES, MOVE = "GET /accounts/{iban}/statement", "/entries", "POST /transfers"
ACCOUNT, LIST, ROWS = "GET /accounts/{iban}", "GET /accounts", "/accounts"
SERVICE.has_faults(
    Fault("statement-empty", STATEMENT, ENTRIES, "A statement is empty.", to.emptied(ENTRIES)),
    Fault(
        "newest-entry-missing",
        STATEMENT,
        ENTRIES,
        "The newest is missing.",
        to.without(ENTRIES, -1),
    ),
    Fault(
        "statement-reversed", STATEMENT, ENTRIES, "A statement is reversed.", to.reversed_(ENTRIES)
    ),
    Fault("entries-twice", STATEMENT, ENTRIES, "Entries are there twice.", to.doubled(ENTRIES)),
    Fault(
        "entry-balance-off",
        STATEMENT,
        "/entries/1/balance",
        "The second entry's balance is 0.00.",
        to.in_row(ENTRIES, 1, "balance", to.to("0.00")),
    ),
    Fault(
        "entry-texts-foo",
        STATEMENT,
        "/entries/*/text",
        "Texts are foo.",
        to.each(ENTRIES, "text", to.foo),
    ),
    Fault(
        "amounts-without-cents",
        STATEMENT,
        "/entries/*/amount",
        "Amounts have lost their cents.",
        to.each(ENTRIES, "amount", lambda text: text.split(".")[0]),
    ),
    Fault("count-zero", STATEMENT, "/count", "The count is 0.", to.member("", "count", to.to(0))),
    Fault("to-ignored", STATEMENT, ENTRIES, "The last day of a statement does nothing."),
    Fault(
        "pages-overlap", STATEMENT, ENTRIES, "The second page repeats the last entry of the first."
    ),
    Fault(
        "csv-without-signs", "GET /accounts/{iban}/statement.csv", "", "Minus signs are missing."
    ),
    Fault("deposit-lost", "POST /accounts/{iban}/deposits", "/balance", "A deposit is not booked."),
    Fault("money-arrives-nowhere", ACCOUNT, "/balance", "What is sent does not arrive."),
    Fault("a-cent-is-lost", ACCOUNT, "/balance", "A cent less arrives than was sent."),
    Fault("no-fee", ACCOUNT, "/balance", "Nothing is charged for large transfers."),
    Fault("key-ignored", MOVE, "/status", "A repeated transfer is booked again."),
    Fault(
        "close-does-nothing", "POST /accounts/{iban}/close", "/status", "A closed account is open."
    ),
    Fault("accounts-of-other-holders", LIST, ROWS, "Accounts of other holders are shown."),
    Fault("accounts-reversed", LIST, ROWS, "Accounts are reversed.", to.reversed_(ROWS)),
    Fault("newest-account-missing", LIST, ROWS, "The newest is missing.", to.without(ROWS, 0)),
    Fault(
        "sum-zero",
        LIST,
        "/sum",
        "The sum of balances is 0.00.",
        to.member("", "sum", to.to("0.00")),
    ),
    Fault(
        "ledger-out-of-balance",
        "GET /reports/ledger",
        "/sum",
        "The ledger's sum is a text of another number.",
        to.member("", "sum", lambda text: euros(int(Decimal(text) * 200))),
    ),
)

if __name__ == "__main__":
    SERVICE.main()
