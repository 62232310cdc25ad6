"""An API that counts: a budget for each key and window, told in headers, and 429 beyond it."""

from __future__ import annotations

import secrets
import time
from sqlite3 import Connection
from typing import Any

from tests.services import changes as to
from tests.services.serving import Fault, RefusedError, Reply, Request, Service, now_iso

QUOTES = (
    "Measure twice, cut once.",
    "What gets measured gets managed.",
    "Slow is smooth, smooth is fast.",
    "Trust, but verify.",
    "Less is more.",
)
SCHEMA = """
CREATE TABLE keys (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT UNIQUE, name TEXT, plan TEXT,
  budget INTEGER, window INTEGER, created_at TEXT);
CREATE TABLE quotes (id INTEGER PRIMARY KEY, text TEXT, served INTEGER DEFAULT 0);
"""
PLANS = {"tiny": (3, 2), "free": (10, 60), "paid": (1000, 3600)}
# Of everybody without a key, together.
ANONYMOUS = (5000, 60)


def seed(db: Connection) -> None:
    for n, text in enumerate(QUOTES, 1):
        db.execute("INSERT INTO quotes (id, text) VALUES (?, ?)", (n, text))


SERVICE = Service(
    "rate_limited", schema=SCHEMA, seed=seed, varying=r'"x-ratelimit-remaining", "4\d{3}"'
)
route = SERVICE.route


def spent(r: Request) -> list[tuple[str, str]]:
    """Take one from the budget of the key; the headers that say what is left."""
    given = r.headers.get("x-api-key")
    row = r.one("SELECT * FROM keys WHERE key = ?", given) if given else None
    if given and row is None:
        raise RefusedError(401, "bad_key", "the key is none of ours")
    budget, window = (row["budget"], row["window"]) if row else ANONYMOUS
    if r.has("budget-smaller-by-one") and row:
        budget -= 1
    now = time.time()
    with r.instance.lock:
        began, used = r.instance.memory.get(given, (now, 0))
        if now >= began + window:
            began, used = now, 0
        used += 0 if r.has("nothing-is-counted") else 1
        r.instance.memory[given] = (began, used)
    reset = began + window
    headers = [
        ("X-RateLimit-Limit", str(budget)),
        ("X-RateLimit-Remaining", str(max(0, budget - used))),
        ("X-RateLimit-Reset", str(int(reset * (1000 if r.has("reset-in-ms") else 1)))),
    ]
    if used > budget and not r.has("never-throttled"):
        if not r.has("no-retry-after"):
            headers.append(("Retry-After", str(max(1, round(reset - now)))))
        status = 503 if r.has("503-for-429") else 429
        raise RefusedError(status, "too_many", f"{budget} requests in {window} s", headers=headers)
    return headers


@route("GET /health")
def health(r: Request) -> Any:
    return {"status": "ok"}


@route("POST /keys")
def create_key(r: Request) -> Reply:
    data = r.json()
    plan = data.get("plan", "free")
    if plan not in PLANS:
        raise RefusedError(422, "invalid", f"plan must be one of {', '.join(PLANS)}", field="plan")
    budget, window = PLANS[plan]
    key = f"rk_{secrets.token_hex(16)}"
    values = {"name": data.get("name", ""), "plan": plan, "budget": budget, "window": window}
    r.insert("keys", key=key, **values, created_at=now_iso(3))
    row = r.one("SELECT id, key, name, plan, created_at FROM keys WHERE key = ?", key)
    return Reply(row, 201)


@route("GET /usage")
def usage(r: Request) -> Any:
    given = r.headers.get("x-api-key")
    row = r.one("SELECT name, plan, budget, window, created_at FROM keys WHERE key = ?", given)
    if row is None:
        raise RefusedError(401, "bad_key", "the key is none of ours")
    used = r.instance.memory.get(given, (0, 0))[1]
    return row | {"used": used, "left": max(0, row["budget"] - used)}


@route("GET /quotes/{id}", writes=True)
def quote(r: Request) -> Reply:
    headers = spent(r)
    row = r.one("SELECT id, text, served FROM quotes WHERE id = ?", r.params["id"])
    if row is None:
        raise RefusedError(404, "no_such_quote", "there is no such quote", headers=headers)
    r.db.execute("UPDATE quotes SET served = served + 1 WHERE id = ?", (row["id"],))
    return Reply(row, headers=headers)


@route("GET /quotes")
def quotes(r: Request) -> Reply:
    return Reply(r.rows("SELECT id, text FROM quotes ORDER BY id"), headers=spent(r))


@route("POST /echo")
def echo(r: Request) -> Reply:
    return Reply({"echo": r.json(), "at": now_iso(0)}, headers=spent(r))


ONE, REMAINING = "GET /quotes/{id}", "/headers/x-ratelimit-remaining"
SERVICE.has_faults(
    Fault("never-throttled", ONE, "/status", "Nobody is ever throttled."),
    Fault("budget-smaller-by-one", ONE, "/headers/x-ratelimit-limit", "A request less is allowed."),
    Fault("nothing-is-counted", ONE, REMAINING, "What remains never shrinks."),
    Fault("503-for-429", ONE, "/status", "Beyond the budget the answer is 503."),
    Fault("no-retry-after", ONE, "/headers/retry-after", "Nobody is told when to come back."),
    Fault("reset-in-ms", ONE, "/headers/x-ratelimit-reset", "The reset is in milliseconds."),
    Fault(
        "limit-header-lost",
        ONE,
        "/headers/x-ratelimit-limit",
        "The limit is not told.",
        to.no_header("X-RateLimit-Limit"),
    ),
    Fault(
        "quotes-reversed", "GET /quotes", "", "Quotes come the other way round.", to.reversed_("")
    ),
    Fault("last-quote-missing", "GET /quotes", "", "The last is missing.", to.without("", -1)),
    Fault("texts-foo", ONE, "/text", "The text is foo.", to.member("", "text", to.foo)),
    Fault(
        "usage-zero", "GET /usage", "/used", "Nothing was used.", to.member("", "used", to.to(0))
    ),
    Fault(
        "plans-free",
        "POST /keys",
        "/plan",
        "Every plan is free.",
        to.member("", "plan", to.to("free")),
    ),
)

if __name__ == "__main__":
    SERVICE.main()
