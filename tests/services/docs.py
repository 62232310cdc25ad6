"""Documents with versions: ETags, conditional requests, conflicts, moves, history and archives."""

from __future__ import annotations

import difflib
import hashlib
import io
import re
import time
import zipfile
from datetime import UTC, datetime
from sqlite3 import Connection
from typing import Any

from tests.services import changes as to
from tests.services.serving import Fault, RefusedError, Reply, Request, Service, http_date, now_iso

SCHEMA = """
CREATE TABLE docs (slug TEXT PRIMARY KEY, version INTEGER, updated REAL, deleted INTEGER DEFAULT 0,
  moved_to TEXT);
CREATE TABLE versions (slug TEXT, version INTEGER, title TEXT, content TEXT, author TEXT, at TEXT,
  PRIMARY KEY (slug, version));
"""
AT = 1_714_550_400.0


def seed(db: Connection) -> None:
    for n in range(1, 28):
        slug = f"guide-{n:02d}"
        count = 3 if n % 5 == 0 else 1
        db.execute(
            "INSERT INTO docs (slug, version, updated) VALUES (?, ?, ?)", (slug, count, AT + n)
        )
        for version in range(1, count + 1):
            text = f"# Guide {n}\n\nChapter one.\n" + f"Paragraph {version}.\n" * version
            at = datetime.fromtimestamp(AT + n, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            row = (slug, version, f"Guide {n}", text, "editor", at)
            db.execute("INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?)", row)


SERVICE = Service("docs", schema=SCHEMA, seed=seed)
route = SERVICE.route


def head_of(r: Request, slug: str) -> dict[str, Any]:
    row = r.one("SELECT * FROM docs WHERE slug = ?", slug)
    if row is None:
        raise RefusedError(404, "no_such_document", f"there is no document {slug}")
    if row["moved_to"]:
        headers = [("Location", f"/docs/{row['moved_to']}")]
        raise RefusedError(308, "moved", f"it is {row['moved_to']} now", headers=headers)
    if row["deleted"]:
        raise RefusedError(410, "gone", f"{slug} was deleted")
    return row


def version_of(r: Request, slug: str, version: int) -> dict[str, Any]:
    row = r.one("SELECT * FROM versions WHERE slug = ? AND version = ?", slug, version)
    if row is None:
        raise RefusedError(404, "no_such_version", f"{slug} has no version {version}")
    return row


def etag_of(row: dict[str, Any]) -> str:
    text = f"{row['slug']} {row['version']} {row['at']} {row['content']}"
    return f'"{hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()}"'


def shown(r: Request, row: dict[str, Any], status: int = 200) -> Reply:
    updated = r.value("SELECT updated FROM docs WHERE slug = ?", row["slug"])
    names = ("slug", "version", "title", "content", "author", "at")
    body = {k: row[k] for k in names} | {"words": len(row["content"].split())}
    headers = [("ETag", etag_of(row)), ("Last-Modified", http_date(updated))]
    return Reply(body, status, [*headers, ("Cache-Control", "private, no-cache")])


@route("GET /health")
def health(r: Request) -> Any:
    return {"status": "ok"}


@route("GET /docs")
def listing(r: Request) -> Any:
    size, begin = r.number("limit", 10, most=50), r.number("offset", 0, least=0)
    where, values = (
        ["1" if r.has("deleted-still-listed") else "NOT deleted AND moved_to IS NULL"],
        [],
    )
    if r.query.get("prefix") and not r.has("prefix-ignored"):
        where.append("d.slug LIKE ?")
        values.append(r.query["prefix"] + "%")
    condition = " AND ".join(where)
    column = "v.version > 0" if r.has("old-versions-listed") else "v.version = d.version"
    sql = f"""SELECT d.slug, v.title, v.version, v.author, v.at FROM docs d JOIN versions v
      ON v.slug = d.slug AND {column} WHERE {condition}
      ORDER BY d.updated DESC, d.slug, v.version DESC LIMIT ? OFFSET ?"""
    rows = r.rows(sql, *values, size, begin)
    total = r.value(f"SELECT count(*) FROM docs d WHERE {condition}", *values)
    following = begin + size if begin + size < total else None
    return {"docs": rows, "total": total, "next_offset": following}


@route("POST /docs")
def create(r: Request) -> Reply:
    data = r.json()
    title = data.get("title")
    if not isinstance(title, str) or not title.strip():
        raise RefusedError(422, "invalid", "title is required", field="title")
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    if r.one("SELECT slug FROM docs WHERE slug = ?", slug):
        raise RefusedError(409, "exists", f"there is a document {slug} already", slug=slug)
    r.insert("docs", slug=slug, version=0, updated=time.time())
    row = saved(r, slug, 0, data)
    made = shown(r, row, 201)
    made.set("Location", f"/docs/{slug}")
    return made


def saved(r: Request, slug: str, before: int, data: dict[str, Any]) -> dict[str, Any]:
    content = data.get("content", "")
    if not isinstance(content, str):
        raise RefusedError(422, "invalid", "content must be text", field="content")
    old = r.one("SELECT * FROM versions WHERE slug = ? AND version = ?", slug, before)
    version = before + (2 if r.has("versions-skip-one") and before else 1)
    r.insert(
        "versions",
        slug=slug,
        version=version,
        title=data.get("title") or (old or {}).get("title", slug),
        content=content,
        author=data.get("author", "nobody"),
        at=now_iso(0),
    )
    sql = "UPDATE docs SET version = ?, updated = ? WHERE slug = ?"
    r.db.execute(sql, (version, time.time(), slug))
    return version_of(r, slug, version)


@route("GET /docs/{slug}")
def read(r: Request) -> Reply:
    head = head_of(r, r.params["slug"])
    made = shown(r, version_of(r, head["slug"], head["version"]))
    etag = dict(made.headers)["ETag"]
    if r.headers.get("if-none-match") == etag and not r.has("never-304"):
        return Reply(None, 304, made.headers)
    return made


@route("PUT /docs/{slug}")
def replace(r: Request) -> Reply:
    head = head_of(r, r.params["slug"])
    row, asked = version_of(r, head["slug"], head["version"]), r.headers.get("if-match")
    if asked is None:
        raise RefusedError(428, "precondition_required", "say If-Match")
    if asked not in ("*", etag_of(row)) and not r.has("lost-update"):
        headers = [("ETag", etag_of(row))]
        raise RefusedError(412, "changed", "somebody else was faster", headers=headers)
    return shown(r, saved(r, head["slug"], head["version"], r.json()))


@route("DELETE /docs/{slug}")
def delete(r: Request) -> None:
    head = head_of(r, r.params["slug"])
    r.db.execute("UPDATE docs SET deleted = 1 WHERE slug = ?", (head["slug"],))


@route("POST /docs/{slug}/move")
def move(r: Request) -> Reply:
    head, target = head_of(r, r.params["slug"]), r.json().get("to")
    if not isinstance(target, str) or not re.fullmatch(r"[a-z0-9-]+", target):
        raise RefusedError(422, "invalid", "to must be a slug", field="to")
    if r.one("SELECT slug FROM docs WHERE slug = ?", target):
        raise RefusedError(409, "exists", f"there is a document {target} already", slug=target)
    r.insert("docs", slug=target, version=head["version"], updated=time.time())
    for row in r.rows("SELECT * FROM versions WHERE slug = ?", head["slug"]):
        if row["version"] == head["version"] or not r.has("move-forgets-history"):
            r.insert("versions", **row | {"slug": target})
    r.db.execute("UPDATE docs SET moved_to = ? WHERE slug = ?", (target, head["slug"]))
    made = shown(r, version_of(r, target, head["version"]))
    made.set("Location", f"/docs/{target}")
    return made


@route("GET /docs/{slug}/versions")
def versions(r: Request) -> Any:
    head = head_of(r, r.params["slug"])
    sql = "SELECT version, title, author, at FROM versions WHERE slug = ? ORDER BY version DESC"
    rows = r.rows(sql, head["slug"])
    return {"slug": head["slug"], "versions": rows, "count": len(rows)}


@route("GET /docs/{slug}/versions/{version}")
def read_version(r: Request) -> Reply:
    head, number = head_of(r, r.params["slug"]), r.params["version"]
    if not number.isdigit():
        raise RefusedError(404, "no_such_version", "a version is a number")
    asked = head["version"] if r.has("always-the-newest-version") else int(number)
    return shown(r, version_of(r, head["slug"], asked))


@route("GET /docs/{slug}/diff")
def diff(r: Request) -> Reply:
    head = head_of(r, r.params["slug"])
    newest = version_of(r, head["slug"], head["version"])
    older = version_of(r, head["slug"], r.number("from", max(1, head["version"] - 1)))
    if r.has("diff-the-wrong-way"):
        newest, older = older, newest
    lines = difflib.unified_diff(
        older["content"].splitlines(),
        newest["content"].splitlines(),
        f"{older['slug']}@{older['version']}",
        f"{newest['slug']}@{newest['version']}",
        older["at"],
        newest["at"],
        lineterm="",
    )
    return Reply("\n".join(lines) + "\n", type="text/x-diff; charset=utf-8")


@route("GET /docs/{slug}/archive.zip")
def archive(r: Request) -> Reply:
    head = head_of(r, r.params["slug"])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for row in r.rows("SELECT * FROM versions WHERE slug = ? ORDER BY version", head["slug"]):
            if r.has("archive-lost-the-newest") and row["version"] == head["version"]:
                continue
            made.writestr(f"{row['slug']}/{row['version']}.md", row["content"])
    name = ("Content-Disposition", f'attachment; filename="{head["slug"]}.zip"')
    return Reply(out.getvalue(), headers=[name], type="application/zip")


LIST, DOCS, ONE = "GET /docs", "/docs", "GET /docs/{slug}"
HISTORY, VERSIONS, PUT = "GET /docs/{slug}/versions", "/versions", "PUT /docs/{slug}"
SERVICE.has_faults(
    Fault("empty", LIST, DOCS, "There are no documents.", to.emptied(DOCS)),
    Fault("newest-missing", LIST, DOCS, "The newest is missing.", to.without(DOCS, 0)),
    Fault("reversed", LIST, DOCS, "A page is reversed.", to.reversed_(DOCS)),
    Fault("twice", LIST, DOCS, "Every document is there twice.", to.doubled(DOCS)),
    Fault("total-zero", LIST, "/total", "The total is 0.", to.member("", "total", to.to(0))),
    Fault(
        "never-a-next-page",
        LIST,
        "/next_offset",
        "There is no next page.",
        to.member("", "next_offset", to.to(None)),
    ),
    Fault("titles-foo", LIST, "/docs/*/title", "Titles are foo.", to.each(DOCS, "title", to.foo)),
    Fault(
        "one-version-off",
        LIST,
        "/docs/3/version",
        "The fourth document is a version ahead.",
        to.in_row(DOCS, 3, "version", to.plus(1)),
    ),
    Fault("prefix-ignored", LIST, DOCS, "The filter by prefix does nothing."),
    Fault("old-versions-listed", LIST, DOCS, "Old versions are listed too."),
    Fault("deleted-still-listed", LIST, DOCS, "Deleted documents are listed."),
    Fault("etag-lost", ONE, "/headers/etag", "There is no ETag.", to.no_header("ETag")),
    Fault(
        "etag-weak", ONE, "/headers/etag", "ETags are weak.", to.header("ETag", lambda e: f"W/{e}")
    ),
    Fault("never-304", ONE, "/status", "An unchanged document is sent again."),
    Fault(
        "cached-by-everybody",
        ONE,
        "/headers/cache-control",
        "Anybody may cache it for a day.",
        to.header("Cache-Control", to.to("public, max-age=86400")),
    ),
    Fault("lost-update", PUT, "/status", "A stale change overwrites a newer one."),
    Fault("versions-skip-one", PUT, "/version", "Versions count in twos."),
    Fault("history-reversed", HISTORY, VERSIONS, "The oldest first.", to.reversed_(VERSIONS)),
    Fault(
        "history-newest-missing",
        HISTORY,
        VERSIONS,
        "The newest is missing.",
        to.without(VERSIONS, 0),
    ),
    Fault("move-forgets-history", HISTORY, VERSIONS, "A move keeps the last version only."),
    Fault(
        "always-the-newest-version",
        "GET /docs/{slug}/versions/{version}",
        "/version",
        "Every version is the newest.",
    ),
    Fault("diff-the-wrong-way", "GET /docs/{slug}/diff", "", "What was added is shown as removed."),
    Fault(
        "archive-lost-the-newest", "GET /docs/{slug}/archive.zip", "", "The newest is not in it."
    ),
)

if __name__ == "__main__":
    SERVICE.main()
