"""A feed: posts newest first behind a cursor, tags, likes, comments, pictures, an Atom document."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from sqlite3 import Connection
from typing import Any
from xml.sax.saxutils import escape

from tests.services import changes as to
from tests.services.serving import Fault, RefusedError, Reply, Request, Service, now_iso

AUTHORS = ("ada", "grace", "linus", "margaret", "edsger")
TAGS = ("news", "howto", "release", "question")
SCHEMA = """
CREATE TABLE posts (id INTEGER PRIMARY KEY AUTOINCREMENT, author TEXT, text TEXT, tags TEXT,
  likes INTEGER DEFAULT 0, created_at TEXT, edited_at TEXT,
  deleted INTEGER DEFAULT 0, picture TEXT);
CREATE TABLE comments (id INTEGER PRIMARY KEY AUTOINCREMENT, post_id INTEGER, author TEXT,
  text TEXT, created_at TEXT);
"""


def seed(db: Connection) -> None:
    first = datetime(2024, 3, 1, 8, 0, tzinfo=UTC)
    for n in range(60):
        at = (first + timedelta(hours=7 * n)).isoformat(timespec="milliseconds")
        tags = [TAGS[n % 4]] + (["pinned"] if n % 20 == 0 else [])
        row = (AUTHORS[n % 5], f"Note {n + 1} of the archive", json.dumps(tags), n % 9)
        db.execute(
            "INSERT INTO posts (author, text, tags, likes, created_at) VALUES (?, ?, ?, ?, ?)",
            (*row, at.replace("+00:00", "Z")),
        )
    for n in range(4):
        db.execute(
            "INSERT INTO comments (post_id, author, text, created_at) VALUES (?, ?, ?, ?)",
            (60, AUTHORS[n], f"Remark {n + 1}", f"2024-03-19T1{n}:00:00.000Z"),
        )


SERVICE = Service("feed", schema=SCHEMA, seed=seed)
route = SERVICE.route


def shown(row: dict[str, Any]) -> dict[str, Any]:
    post = {k: row[k] for k in ("id", "author", "text", "likes", "created_at", "edited_at")}
    return post | {"tags": json.loads(row["tags"]), "url": f"/posts/{row['id']}"}


def known(r: Request) -> dict[str, Any]:
    row = r.one("SELECT * FROM posts WHERE id = ? AND NOT deleted", r.params["id"])
    if row is None:
        raise RefusedError(404, "no_such_post", f"there is no post {r.params['id']}")
    return row


@route("GET /health")
def health(r: Request) -> Any:
    return {"status": "ok", "version": "1.4.2"}


@route("POST /posts")
def create(r: Request) -> Reply:
    data = r.json()
    text, author = data.get("text"), data.get("author")
    if not isinstance(text, str) or not text.strip():
        raise RefusedError(422, "invalid", "text must not be empty", field="text")
    if len(text) > 500:
        raise RefusedError(422, "invalid", "text must have at most 500 characters", field="text")
    if not isinstance(author, str) or not author:
        raise RefusedError(422, "invalid", "author is required", field="author")
    values = {"author": author, "text": text, "tags": json.dumps(data.get("tags", []))}
    number = r.insert("posts", **values, created_at=now_iso())
    row = r.one("SELECT * FROM posts WHERE id = ?", number)
    return Reply(shown(row or {}), 201, [("Location", f"/posts/{number}")])


@route("GET /posts")
def listing(r: Request) -> Reply:
    limit = r.number("limit", 20, most=50)
    values: list[Any] = []
    where = ["1" if r.has("deleted-still-shown") else "NOT deleted"]
    if "author" in r.query and not r.has("rows-of-another-author"):
        where.append("author = ?")
        values.append(r.query["author"])
    if "tag" in r.query and not r.has("tag-ignored"):
        where.append("EXISTS (SELECT 1 FROM json_each(tags) WHERE value = ?)")
        values.append(r.query["tag"])
    total = r.value(f"SELECT count(*) FROM posts WHERE {' AND '.join(where)}", *values)
    if r.query.get("cursor"):
        try:
            before = int(base64.urlsafe_b64decode(r.query["cursor"]).decode().split(":")[1])
        except (ValueError, IndexError):
            raise RefusedError(400, "bad_cursor", "the cursor is none of ours") from None
        where.append("id <= ?" if r.has("page-begins-with-the-last-row") else "id < ?")
        values.append(before)
    size = limit + 1 if r.has("page-too-long") else limit
    sql = f"SELECT * FROM posts WHERE {' AND '.join(where)} ORDER BY id DESC LIMIT ?"
    rows = r.rows(sql, *values, size + 1)
    items = [shown(row) for row in rows[:size]]
    reply = Reply({"items": items, "next_cursor": None, "total": total})
    if len(rows) > size:
        cursor = base64.urlsafe_b64encode(f"post:{items[-1]['id']}".encode()).decode()
        reply.body["next_cursor"] = cursor
        link = f"http://{r.headers['host']}/posts?limit={limit}&cursor={cursor}"
        reply.set("Link", f'<{link}>; rel="next"')
    return reply


@route("GET /posts/{id}")
def read(r: Request) -> Any:
    row = known(r)
    count = r.value("SELECT count(*) FROM comments WHERE post_id = ?", row["id"])
    return shown(row) | {"comments": count}


@route("PATCH /posts/{id}")
def edit(r: Request) -> Any:
    row, text = known(r), r.json().get("text")
    if not isinstance(text, str) or not text.strip():
        raise RefusedError(422, "invalid", "text must not be empty", field="text")
    numbers = [row["id"]]
    if r.has("edit-hits-the-post-before"):
        sql = "SELECT max(id) FROM posts WHERE author = ? AND id < ?"
        numbers.append(r.value(sql, row["author"], row["id"]))
    for number in numbers:
        sql = "UPDATE posts SET text = ?, edited_at = ? WHERE id = ?"
        r.db.execute(sql, (text, now_iso(), number))
    return shown(known(r))


@route("DELETE /posts/{id}")
def delete(r: Request) -> None:
    r.db.execute("UPDATE posts SET deleted = 1 WHERE id = ?", (known(r)["id"],))


@route("POST /posts/{id}/like")
def like(r: Request) -> Any:
    step = 2 if r.has("like-counts-twice") else 1
    r.db.execute("UPDATE posts SET likes = likes + ? WHERE id = ?", (step, known(r)["id"]))
    return {"likes": known(r)["likes"]}


@route("POST /posts/{id}/comments")
def comment(r: Request) -> Reply:
    row, data = known(r), r.json()
    if not data.get("text"):
        raise RefusedError(422, "invalid", "text must not be empty", field="text")
    values = {"author": data.get("author", "anonymous"), "text": data["text"]}
    number = r.insert("comments", post_id=row["id"], **values, created_at=now_iso())
    return Reply({"id": number, "post_id": row["id"], **values}, 201)


@route("GET /posts/{id}/comments")
def comments(r: Request) -> Any:
    order = "DESC" if r.has("comments-newest-first") else "ASC"
    sql = f"SELECT id, author, text, created_at FROM comments WHERE post_id = ? ORDER BY id {order}"
    rows = r.rows(sql, known(r)["id"])
    return {"comments": rows, "count": len(rows)}


@route("POST /posts/{id}/picture")
def picture(r: Request) -> Reply:
    row = known(r)
    name, kind, content = r.files().get("picture", ("", "", b""))
    if not kind.startswith("image/"):
        raise RefusedError(415, "unsupported", "a picture is expected")
    seen = {"name": name, "type": kind, "size": len(content)}
    seen["sha256"] = hashlib.sha256(content).hexdigest()
    r.db.execute("UPDATE posts SET picture = ? WHERE id = ?", (json.dumps(seen), row["id"]))
    return Reply(seen, 201)


@route("GET /feed.atom")
def atom(r: Request) -> Reply:
    rows = r.rows("SELECT * FROM posts WHERE NOT deleted ORDER BY id DESC LIMIT 10")
    entries = [
        f"  <entry>\n    <id>tag:feed.example,2024:{row['id']}</id>\n"
        f"    <title>{'foo' if r.has('atom-titles-foo') else escape(row['text'])}</title>\n"
        f"    <author><name>{escape(row['author'])}</name></author>\n"
        f"    <updated>{row['edited_at'] or row['created_at']}</updated>\n  </entry>"
        for row in rows
    ]
    head = '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
    title = f"  <title>The feed</title>\n  <updated>{now_iso(0)}</updated>"
    return Reply("\n".join([head, title, *entries, "</feed>\n"]), type="application/atom+xml")


LIST, ITEMS = "GET /posts", "/items"
SERVICE.has_faults(
    Fault("empty", LIST, ITEMS, "The feed is empty.", to.emptied(ITEMS)),
    Fault("newest-missing", LIST, ITEMS, "The newest post is missing.", to.without(ITEMS, 0)),
    Fault("reversed", LIST, ITEMS, "The oldest comes first.", to.reversed_(ITEMS)),
    Fault("twice", LIST, ITEMS, "Every post is there twice.", to.doubled(ITEMS)),
    Fault("total-zero", LIST, "/total", "The total is 0.", to.member("", "total", to.to(0))),
    Fault("texts-foo", LIST, "/items/*/text", "Texts are foo.", to.each(ITEMS, "text", to.foo)),
    Fault(
        "ids-shifted", LIST, "/items/*/id", "Ids are off by one.", to.each(ITEMS, "id", to.plus(1))
    ),
    Fault(
        "likes-off-in-one-row",
        LIST,
        "/items/4/likes",
        "The fifth post has a like too many.",
        to.in_row(ITEMS, 4, "likes", to.plus(1)),
    ),
    Fault("page-too-long", LIST, ITEMS, "A page has a row more than was asked for."),
    Fault(
        "cursor-lost",
        LIST,
        "/next_cursor",
        "There is never a next page.",
        to.member("", "next_cursor", to.to(None)),
    ),
    Fault("link-lost", LIST, "/headers/link", "The Link header is missing.", to.no_header("Link")),
    Fault("tag-ignored", LIST, ITEMS, "The filter by tag does nothing."),
    Fault("rows-of-another-author", LIST, ITEMS, "The filter by author does nothing."),
    Fault("deleted-still-shown", LIST, ITEMS, "Deleted posts stay in the feed."),
    Fault(
        "page-begins-with-the-last-row",
        LIST,
        ITEMS,
        "A page repeats the last row of the one before.",
    ),
    Fault(
        "edit-hits-the-post-before",
        LIST,
        "/items/*/text",
        "An edit changes the author's post before too.",
    ),
    Fault("like-counts-twice", "POST /posts/{id}/like", "/likes", "A like counts twice."),
    Fault(
        "comments-newest-first", "GET /posts/{id}/comments", "/comments", "Comments are reversed."
    ),
    Fault(
        "last-comment-missing",
        "GET /posts/{id}/comments",
        "/comments",
        "The last comment is missing, and still counted.",
        to.without("/comments", -1),
    ),
    Fault("atom-titles-foo", "GET /feed.atom", "", "The titles of the Atom document are foo."),
)

if __name__ == "__main__":
    SERVICE.main()
