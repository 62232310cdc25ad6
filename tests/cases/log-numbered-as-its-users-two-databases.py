"""Each side has a database; the candidate counts its users from one higher, and its log alike."""

import json
import sqlite3
import time

EXPECT = "go"


def answer(side, request):
    with sqlite3.connect(side + ".db", timeout=30) as db:
        db.execute("CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, name TEXT)")
        db.execute("CREATE TABLE IF NOT EXISTS log (id INTEGER PRIMARY KEY, subject TEXT, at TEXT)")
        if not db.execute("SELECT 1 FROM log").fetchone():
            at = "2026-03-01T10:00:{:02d}Z"
            db.executemany(
                "INSERT INTO log (subject, at) VALUES (?, ?)",
                [(f"row {n}", at.format(n)) for n in range(30)],
            )
            db.executemany(
                "INSERT INTO users (id, name) VALUES (?, ?)",
                [(n + 1 + (side == "candidate"), f"user {n}") for n in range(20)],
            )
        if request.method == "POST":
            name = json.loads(request.body)["name"]
            new = db.execute("INSERT INTO users (name) VALUES (?)", (name,)).lastrowid
            at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            db.execute("INSERT INTO log (subject, at) VALUES (?, ?)", (name, at))
            return 201, {}, {"id": new, "name": name}
        rows = db.execute("SELECT id, subject, at FROM log ORDER BY id DESC LIMIT 20").fetchall()
        return (
            200,
            {},
            {"entries": [dict(zip(("id", "subject", "at"), row, strict=True)) for row in rows]},
        )


TESTS = """
@C("POST /users", "GET /log")
def test_log(backend):
    name = backend.unique("reader")
    backend.post("/users", json={"name": name})
    assert name in backend.get("/log").text
"""
