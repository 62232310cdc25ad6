"""A search: scores that depend on everything that is indexed, facets, highlights, suggestions."""

from __future__ import annotations

import math
import re
import time
from sqlite3 import Connection
from typing import Any

from tests.services import changes as to
from tests.services.serving import Fault, RefusedError, Reply, Request, Service, now_iso, page

NOUNS = ("river", "bridge", "harbour", "castle", "market", "garden", "tower", "museum")
ADJECTIVES = ("old", "green", "quiet", "famous", "northern", "small")
KINDS = ("place", "story", "map")
SCHEMA = """
CREATE TABLE documents (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT, body TEXT, kind TEXT,
  year INTEGER, views INTEGER DEFAULT 0, indexed_at TEXT);
CREATE TABLE queries (id INTEGER PRIMARY KEY AUTOINCREMENT, q TEXT, hits INTEGER, at TEXT);
"""


def seed(db: Connection) -> None:
    for n in range(96):
        noun, other = NOUNS[n % 8], NOUNS[(n * 3 + 1) % 8]
        adjective = ADJECTIVES[n % 6]
        title = f"The {adjective} {noun} no. {n + 1}"
        body = (
            f"A {adjective} {noun} beside the {other}. " + f"The {other} is {ADJECTIVES[n % 5]}. "
        )
        row = (title, body * (1 + n % 3), KINDS[n % 3], 1990 + n % 30, "2024-04-01T00:00:00Z")
        sql = "INSERT INTO documents (title, body, kind, year, indexed_at) VALUES (?, ?, ?, ?, ?)"
        db.execute(sql, row)


SERVICE = Service("search", schema=SCHEMA, seed=seed, varying=r'"took_ms": [\d.]+|in \d+\.\d+ ms')
route = SERVICE.route


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def found(r: Request, q: str) -> list[tuple[float, dict[str, Any]]]:
    """Documents with their scores, best first."""
    rows = r.rows("SELECT * FROM documents")
    asked = words(q)
    if not asked:
        return [(1.0, row) for row in rows]
    texts = {row["id"]: words(f"{row['title']} {row['title']} {row['body']}") for row in rows}
    average = sum(map(len, texts.values())) / len(texts)
    scored = []
    weights = {}
    for word in asked:
        having = sum(word in text for text in texts.values())
        weights[word] = math.log(1 + (len(rows) - having + 0.5) / (having + 0.5))
    for row in rows:
        text, score = texts[row["id"]], 0.0
        for word in asked:
            times = text.count(word)
            score += weights[word] * times * 2.2 / (times + 0.3 + 0.9 * len(text) / average)
        if all(word in text for word in asked):
            scored.append((round(score, 6), row))
    return sorted(scored, key=lambda one: (-one[0], one[1]["id"]))


def hit(score: float, row: dict[str, Any], q: str, r: Request) -> dict[str, Any]:
    shown = {k: row[k] for k in ("id", "title", "kind", "year")}
    snippet = row["body"][:60]
    if not r.has("nothing-highlighted"):
        for word in words(q):
            snippet = re.sub(rf"\b({word})\b", r"<em>\1</em>", snippet, flags=re.IGNORECASE)
    return shown | {"score": score, "highlight": snippet}


def searched(r: Request, query: dict[str, Any]) -> dict[str, Any]:
    began = time.perf_counter()
    q = str(query.get("q", ""))
    hits = found(r, q)
    if query.get("kind") and not r.has("kind-ignored"):
        hits = [one for one in hits if one[1]["kind"] == query["kind"]]
    if query.get("from"):
        hits = [one for one in hits if one[1]["year"] >= int(query["from"])]
    if query.get("to"):
        last = int(query["to"]) + r.has("year-after-the-last")
        hits = [one for one in hits if one[1]["year"] <= last]
    if query.get("sort") == "year" and not r.has("sort-ignored"):
        hits.sort(key=lambda one: (-one[1]["year"], one[1]["id"]))
    facets: dict[str, dict[Any, int]] = {"kind": {}, "decade": {}}
    for _, row in hits:
        for name, value in (("kind", row["kind"]), ("decade", row["year"] // 10 * 10)):
            facets[name][value] = facets[name].get(value, 0) + 1
    size, number = int(query.get("size", 10)), int(query.get("page", 1))
    if not (1 <= size <= 100 and number >= 1):
        raise RefusedError(400, "bad_paging", "size must be between 1 and 100, page at least 1")
    begin = (number - 1) * size + (number > 1 and r.has("second-page-late"))
    r.insert("queries", q=q, hits=len(hits), at=now_iso(0))
    return {
        "query": q,
        "took_ms": round((time.perf_counter() - began) * 1000, 2),
        "total": len(hits),
        "max_score": hits[0][0] if hits else None,
        "hits": [hit(score, row, q, r) for score, row in hits[begin : begin + size]],
        "facets": {
            name: [
                {"value": value, "count": count}
                for value, count in sorted(counts.items(), key=lambda one: (-one[1], str(one[0])))
            ]
            for name, counts in facets.items()
        },
    }


@route("GET /health")
def health(r: Request) -> Any:
    return {"status": "green"}


@route("GET /search", writes=True)
def search(r: Request) -> Any:
    try:
        return searched(r, r.query)
    except ValueError:
        raise RefusedError(400, "bad_number", "from, to, size and page are numbers") from None


@route("POST /search")
def search_by_body(r: Request) -> Any:
    data = r.json()
    if not isinstance(data.get("q"), str):
        raise RefusedError(422, "invalid", "q is required", field="q")
    return searched(r, data)


@route("POST /documents")
def add(r: Request) -> Reply:
    data = r.json()
    for name in ("title", "body"):
        if not isinstance(data.get(name), str) or not data[name]:
            raise RefusedError(422, "invalid", f"{name} is required", field=name)
    values = {"title": data["title"], "body": data["body"], "kind": data.get("kind", "story")}
    number = r.insert("documents", **values, year=data.get("year", 2024), indexed_at=now_iso(0))
    return Reply({"id": number, "result": "created"}, 201, [("Location", f"/documents/{number}")])


@route("GET /documents/{id}", writes=True)
def read(r: Request) -> Any:
    step = 0 if r.has("views-stand-still") else 1
    r.db.execute("UPDATE documents SET views = views + ? WHERE id = ?", (step, r.params["id"]))
    row = r.one("SELECT * FROM documents WHERE id = ?", r.params["id"])
    if row is None:
        raise RefusedError(404, "not_found", "there is no such document")
    return row


@route("DELETE /documents/{id}")
def remove(r: Request) -> Any:
    if not r.one("SELECT id FROM documents WHERE id = ?", r.params["id"]):
        raise RefusedError(404, "not_found", "there is no such document")
    if not r.has("deleted-still-found"):
        r.db.execute("DELETE FROM documents WHERE id = ?", (r.params["id"],))
    return {"id": int(r.params["id"]), "result": "deleted"}


@route("GET /suggest")
def suggest(r: Request) -> Any:
    prefix = r.query.get("prefix", "").lower()
    if len(prefix) < 2:
        raise RefusedError(422, "invalid", "prefix needs two letters", field="prefix")
    counts: dict[str, int] = {}
    for row in r.rows("SELECT title FROM documents"):
        for word in set(words(row["title"])):
            if word.startswith(prefix):
                counts[word] = counts.get(word, 0) + 1
    ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:5]
    return [{"word": word, "documents": count} for word, count in ranked]


@route("GET /queries")
def queries(r: Request) -> Any:
    return r.rows("SELECT q, hits, at FROM queries ORDER BY id DESC LIMIT 10")


@route("GET /index")
def index(r: Request) -> Any:
    documents = r.value("SELECT count(*) FROM documents")
    return {"documents": documents, "queries": r.value("SELECT count(*) FROM queries")}


@route("GET /page", writes=True)
def results_page(r: Request) -> Reply:
    made = searched(r, r.query)
    if r.has("page-shows-no-hits"):
        made["hits"] = []
    lines = [
        f'<li><a href="/documents/{one["id"]}">{one["title"]}</a>: {one["highlight"]}</li>'
        for one in made["hits"]
    ]
    head = f"<p>{made['total']} documents in {made['took_ms']:.2f} ms</p>"
    return page(f"Search: {made['query']}", head, "<ol>", *lines, "</ol>")


LIST, HITS, KIND = "GET /search", "/hits", "/facets/kind"
SERVICE.has_faults(
    Fault("no-hits", LIST, HITS, "Nothing is found, though counted.", to.emptied(HITS)),
    Fault("best-missing", LIST, HITS, "The best hit is missing.", to.without(HITS, 0)),
    Fault("worst-first", LIST, HITS, "A page is reversed.", to.reversed_(HITS)),
    Fault("hits-twice", LIST, HITS, "Every hit is there twice.", to.doubled(HITS)),
    Fault("total-zero", LIST, "/total", "The total is 0.", to.member("", "total", to.to(0))),
    Fault(
        "max-score-null",
        LIST,
        "/max_score",
        "There is no best score.",
        to.member("", "max_score", to.to(None)),
    ),
    Fault(
        "scores-halved",
        LIST,
        "/hits/*/score",
        "Scores are half of what they were.",
        to.each(HITS, "score", lambda score: round(score / 2, 6)),
    ),
    Fault("titles-foo", LIST, "/hits/*/title", "Titles are foo.", to.each(HITS, "title", to.foo)),
    Fault("ids-shifted", LIST, "/hits/*/id", "Ids are off.", to.each(HITS, "id", to.plus(1))),
    Fault(
        "year-off-in-one-row",
        LIST,
        "/hits/2/year",
        "The third hit is a year younger.",
        to.in_row(HITS, 2, "year", to.plus(1)),
    ),
    Fault("nothing-highlighted", LIST, "/hits/*/highlight", "Words are not highlighted."),
    Fault("kind-ignored", LIST, HITS, "The filter by kind does nothing."),
    Fault("year-after-the-last", LIST, HITS, "The last year of a range is one too late."),
    Fault("sort-ignored", LIST, HITS, "Sorting by year does nothing."),
    Fault("second-page-late", LIST, HITS, "The second page leaves a hit out."),
    Fault("facets-empty", LIST, KIND, "The facet of kinds is empty.", to.emptied(KIND)),
    Fault(
        "facet-count-off",
        LIST,
        "/facets/kind/0/count",
        "The largest kind counts one more.",
        to.in_row(KIND, 0, "count", to.plus(1)),
    ),
    Fault("deleted-still-found", LIST, HITS, "A deleted document is still found."),
    Fault("views-stand-still", "GET /documents/{id}", "/views", "Views are not counted."),
    Fault("suggestions-reversed", "GET /suggest", "", "The rarest word first.", to.reversed_("")),
    Fault("queries-empty", "GET /queries", "", "There are no queries.", to.emptied("")),
    Fault("page-shows-no-hits", "GET /page", "", "The page lists no hits."),
)

if __name__ == "__main__":
    SERVICE.main()
