"""Work that is handed in and fetched later."""

import json
import time

import pytest

SUBMIT, JOB, LIST = "POST /jobs", "GET /jobs/{id}", "GET /jobs"


@pytest.fixture
def owner(backend):
    return backend.unique("team")


def submit(backend, kind="report", owner="nobody", **given):
    body = {"kind": kind, "owner": owner, "input": given}
    return backend.post("/jobs", json=body).headers["Location"]


def finished(backend, job):
    """The job when it is neither queued nor running any more."""
    deadline = time.monotonic() + 20
    while True:
        answer = backend.get(job).json()
        if answer["status"] not in ("queued", "running"):
            return answer
        assert time.monotonic() < deadline, answer
        time.sleep(0.05)


@pytest.mark.characterization(SUBMIT)
def test_submit(backend, owner):
    answer = backend.post(
        "/jobs", json={"kind": "report", "owner": owner, "input": {"name": "May"}}
    )
    assert answer.status_code == 202
    assert answer.headers["Retry-After"] == "1"
    assert answer.json()["status"] == "queued"


@pytest.mark.characterization(SUBMIT, JOB)
@pytest.mark.parametrize(("kind", "rows"), [("report", 12), ("resize", 3), ("import", 40)])
def test_wait_until_done(backend, owner, kind, rows):
    done = finished(backend, submit(backend, kind, owner, name=f"batch {owner}"))
    assert done["status"] == "done"
    assert done["result"]["rows"] == rows
    assert done["finished_at"] > done["submitted_at"]


@pytest.mark.characterization("GET /jobs/{id}/result")
def test_result(backend):
    done = finished(backend, submit(backend, "resize", name=backend.unique("pictures")))
    lines = backend.get(done["result"]["url"]).text.splitlines()
    assert [json.loads(line)["row"] for line in lines] == [1, 2, 3]


@pytest.mark.characterization("GET /jobs/{id}/log")
def test_log(backend):
    job = submit(backend)
    finished(backend, job)
    assert backend.get(f"{job}/log").text.count(" INFO ") == 4


@pytest.mark.characterization(JOB, "GET /jobs/{id}/log")
def test_a_job_that_fails(backend):
    job = submit(backend, broken=True)
    assert finished(backend, job)["status"] == "failed"
    assert " ERROR " in backend.get(f"{job}/log").text


@pytest.mark.characterization("POST /jobs/{id}/retry", JOB)
def test_try_again(backend):
    job = submit(backend, broken=True, name="second try")
    finished(backend, job)
    assert backend.post(f"{job}/retry").status_code == 202
    assert finished(backend, job)["result"]["name"] == "second try"


@pytest.mark.characterization("DELETE /jobs/{id}", JOB)
def test_cancel(backend):
    job = submit(backend, slow=True)
    assert backend.delete(job).json()["status"] == "cancelled"
    assert backend.get(job).json()["status"] == "cancelled"


@pytest.mark.characterization("DELETE /jobs/{id}", LIST)
def test_the_others_go_on(backend, owner):
    first = submit(backend, owner=owner, slow=True)
    backend.delete(submit(backend, owner=owner, slow=True))
    answer = backend.get("/jobs", params={"owner": owner}).json()
    assert [job["status"] for job in answer["jobs"]] == ["cancelled", "queued"]
    backend.delete(first)


@pytest.mark.characterization(LIST)
def test_the_newest_comes_first(backend):
    job = submit(backend, name=backend.unique("batch"))
    finished(backend, job)
    found = backend.get("/jobs", params={"per_page": 50}).json()["jobs"]
    assert job.rsplit("/", 1)[1] in [one["id"] for one in found]


@pytest.mark.characterization(LIST)
def test_jobs_of_a_team(backend, owner):
    for name in ("one", "two"):
        finished(backend, submit(backend, owner=owner, name=name))
    answer = backend.get("/jobs", params={"owner": owner}).json()
    assert [job["result"]["name"] for job in answer["jobs"]] == ["two", "one"]
    assert answer["total"] == 2


@pytest.mark.characterization(LIST)
@pytest.mark.parametrize(
    "query", ["status=failed", "kind=import", "page=2", "page=3", "status=none"]
)
def test_jobs_of_the_archive(backend, query):
    assert backend.get(f"/jobs?owner=archive&{query}").status_code == 200


@pytest.mark.characterization("GET /kinds")
def test_kinds(backend):
    assert [one["kind"] for one in backend.get("/kinds").json()] == ["report", "resize", "import"]


@pytest.mark.characterization("GET /health")
def test_health(backend):
    assert backend.get("/health").json() == {"status": "ok", "workers": 4}


@pytest.mark.negative(SUBMIT, scenario="bad job")
@pytest.mark.parametrize("body", [{}, {"kind": "x"}, {"kind": "report", "input": []}])
def test_bad_job(backend, body):
    assert backend.post("/jobs", json=body).status_code == 422


@pytest.mark.negative("GET /jobs/{id}/result", scenario="not done")
def test_result_of_a_job_that_is_not_done(backend):
    job = submit(backend, slow=True)
    answer = backend.get(f"{job}/result")
    assert answer.status_code == 409
    assert answer.headers["Retry-After"] == "1"
    backend.delete(job)


@pytest.mark.negative("DELETE /jobs/{id}", scenario="done")
def test_cancel_too_late(backend):
    assert backend.delete("/jobs/job_0000000000000001").status_code == 409


@pytest.mark.negative(JOB, scenario="unknown")
def test_unknown(backend):
    assert backend.get("/jobs/job_ffffffffffffffff").status_code == 404
