"""Flows behind Node-RED."""
# ruff: noqa: ARG001, D103

import pytest

FLOW = "GET /flow/{id}"


def flow_of(path, answer):
    return {
        "label": path,
        "nodes": [
            {
                "id": f"{path}1",
                "type": "http in",
                "url": f"/{path}",
                "method": "get",
                "x": 90,
                "y": 40,
                "wires": [[f"{path}2"]],
            },
            {
                "id": f"{path}2",
                "type": "template",
                "template": answer,
                "syntax": "mustache",
                "field": "payload",
                "fieldType": "msg",
                "format": "text",
                "x": 90,
                "y": 80,
                "wires": [[f"{path}3"]],
            },
            {"id": f"{path}3", "type": "http response", "x": 90, "y": 120, "wires": []},
        ],
        "configs": [],
    }


@pytest.fixture
def path(backend):
    return backend.unique("gate")


@pytest.fixture
def flow(backend, path):
    answer = backend.post("/flow", json=flow_of(path, "Oil the {{req.query.what}}."))
    assert answer.status_code == 200
    yield answer.json()["id"]
    backend.delete(f"/flow/{answer.json()['id']}")


@pytest.mark.characterization("GET /")
def test_the_editor(backend):
    assert "Node-RED" in backend.get("/").text


@pytest.mark.characterization("GET /settings")
def test_settings(backend):
    assert backend.get("/settings").json()["version"].startswith("4.")


@pytest.mark.characterization("GET /flows")
def test_flows(backend, flow):
    assert flow in [one["id"] for one in backend.get("/flows").json()]


@pytest.mark.characterization("GET /flows")
def test_flows_with_a_revision(backend, flow):
    answer = backend.get("/flows", headers={"node-red-api-version": "v2"})
    assert answer.json()["rev"]


@pytest.mark.characterization("POST /flow", FLOW)
def test_a_flow(backend, flow):
    assert len(backend.get(f"/flow/{flow}").json()["nodes"]) == 3


@pytest.mark.characterization("PUT /flow/{id}")
def test_change_a_flow(backend, flow, path):
    changed = flow_of(path, "Paint the {{req.query.what}}.")
    assert backend.put(f"/flow/{flow}", json=changed).status_code == 200
    place = f"/{path}?what=posts"
    assert backend.poll(place, until=lambda answer: answer.text == "Paint the posts.")


@pytest.mark.characterization("GET /{path}")
def test_what_a_flow_answers(backend, flow, path):
    place = f"/{path}?what=hinges"
    assert backend.poll(place, until=lambda answer: answer.text == "Oil the hinges.")


@pytest.mark.negative(FLOW, scenario="no such flow")
def test_no_such_flow(backend):
    assert backend.get("/flow/nothing").status_code == 404


@pytest.mark.negative("POST /flow", scenario="no nodes")
def test_a_flow_without_nodes(backend):
    assert backend.post("/flow", json={"label": "x"}).status_code == 400


@pytest.mark.characterization("DELETE /flow/{id}")
def test_delete_a_flow(backend, path):
    made = backend.post("/flow", json=flow_of(path, "x")).json()["id"]
    assert backend.delete(f"/flow/{made}").status_code == 204
    assert backend.get(f"/flow/{made}").status_code == 404


@pytest.mark.characterization("GET /nodes")
def test_nodes(backend):
    answer = backend.get("/nodes", headers={"accept": "application/json"})
    assert "node-red/inject" in [one["id"] for one in answer.json()]


@pytest.mark.characterization("GET /nodes/{module}")
def test_a_module(backend):
    assert backend.get("/nodes/node-red").json()["name"] == "node-red"


@pytest.mark.characterization("POST /library/local/flows/{name}", "GET /library/local/flows")
def test_keep_a_flow_in_the_library(backend, path):
    assert backend.post(f"/library/local/flows/{path}", json=[]).status_code == 204
    assert backend.poll(
        "/library/local/flows/", until=lambda answer: f'"{path}.json"}}' in answer.text
    )


@pytest.mark.characterization("GET /locales/{name}")
def test_a_locale(backend):
    assert backend.get("/locales/editor", params={"lng": "en-US"}).status_code == 200
