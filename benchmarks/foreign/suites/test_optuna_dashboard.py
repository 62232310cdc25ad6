"""Studies behind optuna-dashboard: JSON, CSV, notes, artifacts."""
# ruff: noqa: D103

import base64

import pytest

STUDIES, STUDY = "POST /api/studies", "GET /api/studies/{study}"
NOTE, ARTIFACTS = "PUT /api/studies/{study}/note", "POST /api/artifacts/{study}"


def create(backend, name, *directions):
    data = {"study_name": name, "directions": directions or ["minimize"]}
    return backend.post("/api/studies", json=data)


@pytest.fixture
def study(backend):
    answer = create(backend, backend.unique("gates"))
    assert answer.status_code == 201
    return answer.json()["study_summary"]["study_id"]


def upload(backend, study, content, name):
    data = "data:application/octet-stream;base64," + base64.b64encode(content).decode()
    return backend.post(f"/api/artifacts/{study}", json={"file": data, "filename": name})


@pytest.mark.characterization("GET /api/meta")
def test_meta(backend):
    assert backend.get("/api/meta").json()["artifact_is_available"] is True


@pytest.mark.characterization("GET /dashboard")
def test_the_page(backend):
    answer = backend.get("/dashboard")
    assert "Optuna Dashboard" in answer.text
    assert backend.get("/").status_code == 302


@pytest.mark.characterization("GET /api/studies")
def test_studies(backend, study):
    listed = backend.get("/api/studies").json()["study_summaries"]
    assert {1, study} <= {one["study_id"] for one in listed}


@pytest.mark.characterization(STUDIES)
def test_a_study_of_two_aims(backend):
    answer = create(backend, backend.unique("posts"), "minimize", "maximize")
    assert answer.json()["study_summary"]["directions"] == ["minimize", "maximize"]


@pytest.mark.negative(STUDIES, scenario="it is there")
def test_a_study_twice(backend):
    name = backend.unique("posts")
    assert create(backend, name).status_code == 201
    assert create(backend, name).status_code == 400


@pytest.mark.negative(STUDIES, scenario="no aim")
def test_a_study_without_an_aim(backend):
    assert create(backend, backend.unique("posts"), "sideways").status_code == 400


@pytest.mark.characterization(STUDY)
def test_a_new_study(backend, study):
    found = backend.get(f"/api/studies/{study}").json()
    assert (found["trials"], found["best_trials"]) == ([], [])


@pytest.mark.characterization(STUDY)
def test_a_study_with_trials(backend):
    found = backend.get("/api/studies/1").json()
    assert len(found["trials"]) == 12
    assert found["best_trials"][0]["number"] == 0


@pytest.mark.characterization(STUDY)
def test_the_newest_trials(backend):
    found = backend.get("/api/studies/1", params={"after": 9}).json()
    assert [one["number"] for one in found["trials"]] == [9, 10, 11]


@pytest.mark.negative(STUDY, scenario="no such study")
def test_no_such_study(backend):
    assert backend.get("/api/studies/999999").status_code == 404


@pytest.mark.characterization("POST /api/studies/{study}/rename")
def test_rename(backend, study):
    name = backend.unique("fences")
    answer = backend.post(f"/api/studies/{study}/rename", json={"study_name": name})
    assert answer.status_code == 201
    assert answer.json()["study_name"] == name


@pytest.mark.characterization(NOTE)
def test_a_note(backend, study):
    data = {"version": 1, "body": "# Hinges\n\nOil *them*."}
    assert backend.put(f"/api/studies/{study}/note", json=data).status_code == 204
    assert backend.get(f"/api/studies/{study}").json()["note"] == data


@pytest.mark.negative(NOTE, scenario="somebody else was faster")
def test_a_note_of_an_old_version(backend, study):
    for body in ("first", "second"):
        data = {"version": 1, "body": body}
        answer = backend.put(f"/api/studies/{study}/note", json=data)
    assert answer.status_code == 409
    assert answer.json()["note"]["body"] == "first"


@pytest.mark.characterization(ARTIFACTS, "GET /artifacts/{study}/{artifact}")
def test_an_artifact(backend, study):
    answer = upload(backend, study, bytes(range(256)) * 8, "gate.png")
    assert answer.status_code == 201
    artifact = answer.json()["artifact_id"]
    answer = backend.get(f"/artifacts/{study}/{artifact}")
    assert answer.content == bytes(range(256)) * 8
    assert answer.headers["content-type"] == "image/png"


@pytest.mark.characterization(ARTIFACTS)
def test_several_artifacts(backend, study):
    for name in ("gate.svg", "plan.csv", "notes.txt"):
        answer = upload(backend, study, name.encode(), name)
    assert len(answer.json()["artifacts"]) == 3
    assert len(backend.get(f"/api/studies/{study}").json()["artifacts"]) == 3


@pytest.mark.negative(ARTIFACTS, scenario="no file")
def test_no_artifact(backend, study):
    assert backend.post(f"/api/artifacts/{study}", json={}).status_code == 400


@pytest.mark.characterization("DELETE /api/artifacts/{study}/{artifact}")
def test_an_artifact_is_deleted(backend, study):
    artifact = upload(backend, study, b"plan", "plan.txt").json()["artifact_id"]
    assert backend.delete(f"/api/artifacts/{study}/{artifact}").status_code == 204
    assert backend.delete(f"/api/artifacts/{study}/{artifact}").status_code == 404


@pytest.mark.characterization("GET /csv/{study}")
def test_a_table(backend):
    rows = backend.get("/csv/1").text.splitlines()
    assert rows[0] == "Number,State,Value,Param load,Param metal,UserAttribute by"
    assert len(rows) == 13


@pytest.mark.negative("POST /api/trials/{trial}/tell", scenario="no state")
def test_tell_nothing(backend):
    assert backend.post("/api/trials/1/tell", json={}).status_code == 400


@pytest.mark.characterization("DELETE /api/studies/{study}")
def test_delete(backend, study):
    assert backend.request("DELETE", f"/api/studies/{study}", json={}).status_code == 204
    assert backend.get(f"/api/studies/{study}").status_code == 404
