"""Lists of things to do: random ids, positions, due dates, an import, totals beside the lists."""

from __future__ import annotations

import csv
import io
import uuid
from datetime import date
from sqlite3 import Connection
from typing import Any

from tests.services import changes as to
from tests.services.serving import Fault, RefusedError, Reply, Request, Service, now_iso, page

SCHEMA = """
CREATE TABLE lists (id TEXT PRIMARY KEY, title TEXT, owner TEXT, created_at TEXT);
CREATE TABLE todos (id TEXT PRIMARY KEY, list_id TEXT, title TEXT, done INTEGER DEFAULT 0,
  due TEXT, position INTEGER, priority TEXT, created_at TEXT, updated_at TEXT);
"""
INBOX = "6f1d5c1e-5a0b-4f43-9a51-0c7f6a2b9d10"


def seed(db: Connection) -> None:
    at = "2024-05-02T07:00:00.000000+00:00"
    db.execute("INSERT INTO lists VALUES (?, 'Inbox', 'nobody', ?)", (INBOX, at))
    for n in range(15):
        key = str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://todo.example/{n}"))
        due = f"2024-06-{n + 1:02d}" if n % 2 else None
        priority = ("low", "normal", "high")[n % 3]
        row = (key, INBOX, f"Errand {n + 1}", n % 4 == 0, due, n + 1, priority, at, at)
        db.execute("INSERT INTO todos VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def detail(why: RefusedError) -> Reply:
    if why.status == 422:
        loc = ["body", why.more.get("field", "")]
        return Reply({"detail": [{"loc": loc, "msg": why.message, "type": why.code}]})
    return Reply({"detail": why.message})


SERVICE = Service("todo", schema=SCHEMA, seed=seed, error=detail)
route = SERVICE.route


def now() -> str:
    return now_iso(6, "+00:00")


def shown(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"done": bool(row["done"])}


def known_list(r: Request) -> dict[str, Any]:
    row = r.one("SELECT * FROM lists WHERE id = ?", r.params["list"])
    if row is None:
        raise RefusedError(404, "not_found", "List not found")
    return row


def known(r: Request) -> dict[str, Any]:
    row = r.one("SELECT * FROM todos WHERE id = ?", r.params["id"])
    if row is None:
        raise RefusedError(404, "not_found", "Todo not found")
    return row


def checked(data: dict[str, Any]) -> dict[str, Any]:
    if "title" in data and (not isinstance(data["title"], str) or not data["title"].strip()):
        raise RefusedError(422, "string_too_short", "String should not be empty", field="title")
    if data.get("due") is not None:
        try:
            date.fromisoformat(data["due"])
        except (TypeError, ValueError):
            raise RefusedError(422, "date_parsing", "Input should be a date", field="due") from None
    if data.get("priority", "low") not in ("low", "normal", "high"):
        raise RefusedError(422, "enum", "Input should be low, normal or high", field="priority")
    if not isinstance(data.get("done", False), bool):
        raise RefusedError(422, "bool_type", "Input should be a boolean", field="done")
    return {k: v for k, v in data.items() if k in ("title", "due", "priority", "done")}


@route("GET /health")
def health(r: Request) -> Any:
    return {"ok": True}


@route("POST /lists")
def create_list(r: Request) -> Reply:
    data = checked(r.json())
    if "title" not in data:
        raise RefusedError(422, "missing", "Field required", field="title")
    values = {"title": data["title"], "owner": r.json().get("owner", "nobody")}
    row = {"id": str(uuid.uuid4()), **values, "created_at": now()}
    r.insert("lists", **row)
    return Reply(row, 201, [("Location", f"/lists/{row['id']}")])


@route("GET /lists")
def lists(r: Request) -> Any:
    where, values = "1", []
    if "owner" in r.query:
        where, values = "owner = ?", [r.query["owner"]]
    sql = f"""SELECT l.*, (SELECT count(*) FROM todos t WHERE t.list_id = l.id) AS todos,
      (SELECT count(*) FROM todos t WHERE t.list_id = l.id AND NOT done) AS open
      FROM lists l WHERE {where} ORDER BY created_at DESC LIMIT 25"""
    rows = r.rows(sql, *values)
    if r.has("open-counts-all"):
        for row in rows:
            row["open"] = row["todos"]
    return rows


@route("GET /lists/{list}")
def one_list(r: Request) -> Any:
    return known_list(r)


@route("DELETE /lists/{list}")
def delete_list(r: Request) -> None:
    row = known_list(r)
    r.db.execute("DELETE FROM todos WHERE list_id = ?", (row["id"],))
    r.db.execute("DELETE FROM lists WHERE id = ?", (row["id"],))


@route("POST /lists/{list}/todos")
def create(r: Request) -> Reply:
    owner, data = known_list(r), checked(r.json())
    if "title" not in data:
        raise RefusedError(422, "missing", "Field required", field="title")
    return Reply(add(r, owner["id"], data), 201)


def add(r: Request, owner: str, data: dict[str, Any]) -> dict[str, Any]:
    last = r.value("SELECT coalesce(max(position), 0) FROM todos WHERE list_id = ?", owner)
    at = now()
    row = {
        "id": str(uuid.uuid4()),
        "list_id": owner,
        "title": data["title"],
        "done": data.get("done", False),
        "due": data.get("due"),
        "position": last + 1,
        "priority": data.get("priority", "normal"),
        "created_at": at,
        "updated_at": at,
    }
    r.insert("todos", **row)
    return row


@route("GET /lists/{list}/todos")
def todos(r: Request) -> Any:
    owner = known_list(r)
    where, values = ["list_id = ?"], [owner["id"]]
    if "done" in r.query and not r.has("done-ignored"):
        where.append("done = ?")
        values.append(r.query["done"] == "true")
    if r.query.get("q"):
        where.append("title LIKE ?")
        values.append(f"%{r.query['q']}%")
    if r.has("all-lists-in-one"):
        where[0] = "? IS NOT NULL"
    size, offset = r.number("limit", 50, most=100), r.number("offset", 0, least=0)
    order = "due IS NULL, due" if r.query.get("sort") == "due" else "position"
    condition = " AND ".join(where)
    sql = f"SELECT * FROM todos WHERE {condition} ORDER BY {order} LIMIT ? OFFSET ?"
    rows = r.rows(sql, *values, size, offset + r.has("offset-off-by-one"))
    total = r.value(f"SELECT count(*) FROM todos WHERE {condition}", *values)
    left = r.value(f"SELECT count(*) FROM todos WHERE {condition} AND NOT done", *values)
    return {"items": [shown(row) for row in rows], "total": total, "open": left, "limit": size}


@route("GET /todos/{id}")
def read(r: Request) -> Any:
    return shown(known(r))


@route("PATCH /todos/{id}")
def change(r: Request) -> Any:
    row, data = known(r), checked(r.json())
    for name, value in data.items():
        r.db.execute(f"UPDATE todos SET {name} = ? WHERE id = ?", (value, row["id"]))
    if r.has("done-hits-the-first") and data.get("done"):
        sql = "UPDATE todos SET done = 1 WHERE list_id = ? AND position = 1"
        r.db.execute(sql, (row["list_id"],))
    r.db.execute("UPDATE todos SET updated_at = ? WHERE id = ?", (now(), row["id"]))
    return shown(known(r))


@route("PUT /todos/{id}/position")
def move(r: Request) -> Any:
    row, target = known(r), r.json().get("position")
    keys = [
        k["id"]
        for k in r.rows("SELECT id FROM todos WHERE list_id = ? ORDER BY position", row["list_id"])
    ]
    if not isinstance(target, int) or not 1 <= target <= len(keys):
        raise RefusedError(
            422, "out_of_range", f"Input should be at most {len(keys)}", field="position"
        )
    keys.remove(row["id"])
    keys.insert(target - (0 if r.has("moved-one-too-far") else 1), row["id"])
    for position, key in enumerate(keys, 1):
        r.db.execute("UPDATE todos SET position = ? WHERE id = ?", (position, key))
    return shown(known(r))


@route("DELETE /todos/{id}")
def delete(r: Request) -> None:
    row = known(r)
    if not r.has("deleted-still-shown"):
        r.db.execute("DELETE FROM todos WHERE id = ?", (row["id"],))


@route("POST /lists/{list}/complete")
def complete(r: Request) -> Any:
    owner = known_list(r)
    sql = "UPDATE todos SET done = 1, updated_at = ? WHERE list_id = ? AND NOT done"
    if r.has("complete-leaves-one"):
        sql += " AND position > 1"
    return {"completed": r.db.execute(sql, (now(), owner["id"])).rowcount}


@route("POST /lists/{list}/import")
def bring_in(r: Request) -> Reply:
    owner = known_list(r)
    name, _, content = r.files().get("file", ("", "", b""))
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    if not rows or "title" not in rows[0]:
        raise RefusedError(422, "bad_file", "The file has no column title", field="file")
    made = [
        add(r, owner["id"], {"title": row["title"], "due": row.get("due") or None}) for row in rows
    ]
    return Reply({"file": name, "imported": len(made), "ids": [one["id"] for one in made]}, 201)


@route("GET /lists/{list}/print")
def printed(r: Request) -> Reply:
    owner = known_list(r)
    rows = r.rows("SELECT * FROM todos WHERE list_id = ? ORDER BY position", owner["id"])
    if r.has("print-forgets-done"):
        rows = [row | {"done": 0} for row in rows]
    lines = [f'<li class="{"done" if row["done"] else "open"}">{row["title"]}</li>' for row in rows]
    when = f"<p>Printed {now_iso(0, '').replace('T', ' ')}</p>"
    return page(owner["title"], f"<h1>{owner['title']}</h1>", "<ol>", *lines, "</ol>", when)


LIST, ITEMS = "GET /lists/{list}/todos", "/items"
SERVICE.has_faults(
    Fault("empty", LIST, ITEMS, "A list has no items.", to.emptied(ITEMS)),
    Fault("last-missing", LIST, ITEMS, "The item added last is missing.", to.without(ITEMS, -1)),
    Fault("reversed", LIST, ITEMS, "Items are reversed.", to.reversed_(ITEMS)),
    Fault("twice", LIST, ITEMS, "Every item is there twice.", to.doubled(ITEMS)),
    Fault("two-swapped", LIST, ITEMS, "The first two items are swapped.", to.swapped(ITEMS, 0, 1)),
    Fault("total-zero", LIST, "/total", "The total is 0.", to.member("", "total", to.to(0))),
    Fault(
        "open-off",
        LIST,
        "/open",
        "One more than is open is said.",
        to.member("", "open", to.plus(1)),
    ),
    Fault("titles-foo", LIST, "/items/*/title", "Titles are foo.", to.each(ITEMS, "title", to.foo)),
    Fault(
        "ids-of-the-neighbour",
        LIST,
        "/items/*/id",
        "Each item has the id of its list.",
        to.copied(ITEMS, "list_id", "id"),
    ),
    Fault(
        "one-priority-off",
        LIST,
        "/items/1/priority",
        "The second item is urgent.",
        to.in_row(ITEMS, 1, "priority", to.to("urgent")),
    ),
    Fault(
        "due-lost",
        LIST,
        "/items/*/due",
        "Due dates are missing.",
        to.each(ITEMS, "due", to.to(None)),
    ),
    Fault("done-ignored", LIST, ITEMS, "The filter by done does nothing."),
    Fault("all-lists-in-one", LIST, ITEMS, "Items of other lists are shown."),
    Fault("offset-off-by-one", LIST, ITEMS, "A page begins one row late."),
    Fault("deleted-still-shown", LIST, ITEMS, "A deleted item is still there."),
    Fault(
        "done-hits-the-first", LIST, "/items/0/done", "Finishing an item finishes the first too."
    ),
    Fault(
        "moved-one-too-far", "PUT /todos/{id}/position", "/position", "Moving goes a place too far."
    ),
    Fault(
        "complete-leaves-one", "POST /lists/{list}/complete", "/completed", "The first stays open."
    ),
    Fault("open-counts-all", "GET /lists", "/*/open", "Finished items count as open."),
    Fault(
        "newest-list-missing", "GET /lists", "", "The newest list is missing.", to.without("", 0)
    ),
    Fault(
        "print-forgets-done", "GET /lists/{list}/print", "", "Finished items are printed as open."
    ),
)

if __name__ == "__main__":
    SERVICE.main()
