"""Jobs that take a while: queued, polled until done, cancelled, with a log, lines and a list."""

from __future__ import annotations

import json
import random
import secrets
import time
from sqlite3 import Connection
from typing import Any

from tests.services import changes as to
from tests.services.serving import Fault, RefusedError, Reply, Request, Service

KINDS = {"report": 12, "resize": 3, "import": 40}
SCHEMA = """
CREATE TABLE jobs (id TEXT PRIMARY KEY, number INTEGER, kind TEXT, owner TEXT, input TEXT,
  submitted REAL, takes REAL, cancelled REAL, fails INTEGER);
"""
LONG_AGO = 1_709_280_000


def seed(db: Connection) -> None:
    for n in range(1, 31):
        kind = list(KINDS)[n % 3]
        key = f"job_{n:016x}"
        given = json.dumps({"name": f"batch {n}"})
        at = LONG_AGO + n * 600.25
        row = (key, n, kind, "archive", given, at, 4.5, None, n % 10 == 7)
        db.execute("INSERT INTO jobs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


SERVICE = Service("jobs", schema=SCHEMA, seed=seed, varying=r'"(?:progress|duration_ms)": \d+')
route = SERVICE.route


def status(row: dict[str, Any], at: float | None = None) -> str:
    if row["cancelled"] is not None:
        return "cancelled"
    past = (time.time() if at is None else at) - row["submitted"]
    if past < row["takes"] * 0.3:
        return "queued"
    if past < row["takes"]:
        return "running"
    return "failed" if row["fails"] else "done"


def shown(row: dict[str, Any], at: float | None = None) -> dict[str, Any]:
    state = status(row, at)
    job = {k: row[k] for k in ("id", "number", "kind", "owner")}
    job |= {"status": state, "submitted_at": round(row["submitted"], 3)}
    if state in ("queued", "running"):
        past = ((time.time() if at is None else at) - row["submitted"]) / row["takes"]
        return job | {"progress": min(99, int(past * 100)), "finished_at": None, "result": None}
    finished = row["cancelled"] or row["submitted"] + row["takes"]
    job |= {"progress": 100, "finished_at": round(finished, 3)}
    job["duration_ms"] = int((finished - row["submitted"]) * 1000)
    name = json.loads(row["input"]).get("name", "")
    rows = KINDS[row["kind"]]
    done = {"name": name, "rows": rows, "url": f"/jobs/{row['id']}/result"}
    return job | {"result": done if state == "done" else None}


def known(r: Request) -> dict[str, Any]:
    row = r.one("SELECT * FROM jobs WHERE id = ?", r.params["id"])
    if row is None:
        raise RefusedError(404, "no_such_job", f"there is no job {r.params['id']}")
    return row


@route("GET /health")
def health(r: Request) -> Any:
    return {"status": "ok", "workers": 4}


@route("POST /jobs")
def submit(r: Request) -> Reply:
    data = r.json()
    kind, given = data.get("kind"), data.get("input", {})
    if kind not in KINDS:
        raise RefusedError(422, "invalid", f"kind must be one of {', '.join(KINDS)}", field="kind")
    if not isinstance(given, dict):
        raise RefusedError(422, "invalid", "input must be an object", field="input")
    last = r.value("SELECT max(number) FROM jobs")
    key = f"job_{secrets.token_hex(8)}"
    r.insert(
        "jobs",
        id=key,
        number=last + 1,
        kind=kind,
        owner=data.get("owner", "nobody"),
        input=json.dumps(given),
        submitted=time.time(),
        takes=60 if given.get("slow") else random.uniform(0.05, 0.3) * r.instance.pace,
        fails=bool(given.get("broken")) and not r.has("failures-are-done"),
    )
    r.params["id"] = key
    row = known(r)
    job = shown(row, row["submitted"])
    return Reply(job, 202, [("Location", f"/jobs/{key}"), ("Retry-After", "1")])


@route("GET /jobs/{id}")
def read(r: Request) -> Any:
    job = shown(known(r))
    if r.has("rows-off-when-done") and job["result"]:
        job["result"]["rows"] += 1
    if r.has("result-lost"):
        job["result"] = None
    return job


@route("DELETE /jobs/{id}")
def cancel(r: Request) -> Any:
    row = known(r)
    if status(row) not in ("queued", "running"):
        raise RefusedError(409, "finished", f"the job is {status(row)}")
    if not r.has("cancel-does-nothing"):
        r.db.execute("UPDATE jobs SET cancelled = ? WHERE id = ?", (time.time(), row["id"]))
    if r.has("cancel-hits-an-older-job"):
        r.db.execute("UPDATE jobs SET cancelled = ? WHERE owner = ?", (time.time(), row["owner"]))
    return shown(known(r))


@route("GET /jobs")
def jobs(r: Request) -> Any:
    rows = r.rows("SELECT * FROM jobs ORDER BY number DESC")
    if "owner" in r.query and not r.has("jobs-of-other-owners"):
        rows = [row for row in rows if row["owner"] == r.query["owner"]]
    found = [shown(row) for row in rows]
    if "status" in r.query and not r.has("status-ignored"):
        found = [job for job in found if job["status"] == r.query["status"]]
    if "kind" in r.query:
        found = [job for job in found if job["kind"] == r.query["kind"]]
    size, number = r.number("per_page", 10, most=50), r.number("page", 1)
    begin = (number - 1) * size - (number > 1 and r.has("pages-overlap"))
    body = {"jobs": found[begin : begin + size], "page": number, "total": len(found)}
    return body | {"has_more": len(found) > number * size}


@route("GET /jobs/{id}/result")
def result(r: Request) -> Reply:
    row = known(r)
    if status(row) != "done":
        headers = [("Retry-After", "1")]
        raise RefusedError(409, "not_done", "the job has no result", headers=headers)
    count = KINDS[row["kind"]] - r.has("result-lost-its-last-line")
    name = json.loads(row["input"]).get("name", "")
    lines = [json.dumps({"row": n, "name": name, "value": n * n % 17}) for n in range(1, count + 1)]
    if r.has("result-lines-reversed"):
        lines.reverse()
    return Reply("\n".join(lines) + "\n", type="application/x-ndjson")


@route("GET /jobs/{id}/log")
def log(r: Request) -> Reply:
    row = known(r)
    steps: list[tuple[float, str, str]] = [(0, "INFO", f"accepted {row['kind']} job {row['id']}")]
    steps.append((0.3, "INFO", "a worker took it"))
    if status(row) == "done":
        steps += [(0.9, "INFO", f"{KINDS[row['kind']]} rows written"), (1, "INFO", "done")]
    if status(row) == "failed":
        level = "INFO" if r.has("log-hides-errors") else "ERROR"
        steps.append((1, level, "input is broken: giving up"))
    lines = []
    for part, level, text in steps:
        at = row["submitted"] + part * row["takes"]
        stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(at))
        lines.append(f"{stamp},{int(at * 1000) % 1000:03d} {level} {text}")
    return Reply("\n".join(lines) + "\n")


@route("POST /jobs/{id}/retry")
def retry(r: Request) -> Reply:
    row = known(r)
    if status(row) != "failed":
        raise RefusedError(409, "not_failed", f"the job is {status(row)}")
    given = {k: v for k, v in json.loads(row["input"]).items() if k != "broken"}
    sql = "UPDATE jobs SET submitted = ?, fails = 0, input = ? WHERE id = ?"
    r.db.execute(sql, (time.time(), json.dumps(given), row["id"]))
    row = known(r)
    return Reply(shown(row, row["submitted"]), 202)


@route("GET /kinds")
def kinds(r: Request) -> Any:
    counts = dict.fromkeys(KINDS, 0)
    for row in r.rows("SELECT kind, count(*) AS jobs FROM jobs GROUP BY kind"):
        counts[row["kind"]] = row["jobs"]
    return [{"kind": kind, "jobs": jobs, "rows": KINDS[kind]} for kind, jobs in counts.items()]


LIST, JOBS, ONE, RESULT = "GET /jobs", "/jobs", "GET /jobs/{id}", "GET /jobs/{id}/result"
SERVICE.has_faults(
    Fault("empty", LIST, JOBS, "There are no jobs.", to.emptied(JOBS)),
    Fault("newest-missing", LIST, JOBS, "The newest is missing.", to.without(JOBS, 0)),
    Fault("reversed", LIST, JOBS, "A page is reversed.", to.reversed_(JOBS)),
    Fault("twice", LIST, JOBS, "Every job is there twice.", to.doubled(JOBS)),
    Fault("total-zero", LIST, "/total", "The total is 0.", to.member("", "total", to.to(0))),
    Fault(
        "never-more", LIST, "/has_more", "No next page.", to.member("", "has_more", to.to(False))
    ),
    Fault(
        "numbers-shifted",
        LIST,
        "/jobs/*/number",
        "Numbers are off by one.",
        to.each(JOBS, "number", to.plus(1)),
    ),
    Fault("owners-foo", LIST, "/jobs/*/owner", "Owners are foo.", to.each(JOBS, "owner", to.foo)),
    Fault(
        "last-row-failed",
        LIST,
        "/jobs/-1/status",
        "The last job of a page is shown as failed.",
        to.in_row(JOBS, -1, "status", to.to("failed")),
    ),
    Fault("pages-overlap", LIST, JOBS, "A page repeats the last row of the one before."),
    Fault("status-ignored", LIST, JOBS, "The filter by status does nothing."),
    Fault("jobs-of-other-owners", LIST, JOBS, "The filter by owner does nothing."),
    Fault("rows-off-when-done", ONE, "/result/rows", "A job that is done counts a row too many."),
    Fault("result-lost", ONE, "/result", "A job that is done has no result."),
    Fault("failures-are-done", ONE, "/status", "A job that failed is shown as done."),
    Fault("cancel-does-nothing", "DELETE /jobs/{id}", "/status", "Cancelling does nothing."),
    Fault(
        "cancel-hits-an-older-job",
        LIST,
        "/jobs/*/status",
        "The owner's other jobs are cancelled too.",
    ),
    Fault("result-lost-its-last-line", RESULT, "", "The last line of a result is missing."),
    Fault("result-lines-reversed", RESULT, "", "The lines of a result are reversed."),
    Fault("log-hides-errors", "GET /jobs/{id}/log", "", "An error is logged as information."),
    Fault(
        "kinds-count-nothing",
        "GET /kinds",
        "/*/jobs",
        "No kind has jobs.",
        to.each("", "jobs", to.to(0)),
    ),
)

if __name__ == "__main__":
    SERVICE.main()
