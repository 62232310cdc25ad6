"""Postman collections: folders, variables, every kind of body, and what is left out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_cutover.replay.importers.postman import PostmanImporter
from pytest_cutover.replay.importers.registry import importer_for
from pytest_cutover.replay.recording import Recording, recording

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


def request(
    name: str, method: str, url: Any, *, code: int = 200, got: Any = None, **more: Any
) -> Any:
    answer = {"code": code, "header": [], "body": json.dumps(got)}
    return {"name": name, "request": {"method": method, "url": url, **more}, "response": [answer]}


def written(
    folder: Path, *items: Any, name: str = "a.postman_collection.json", **more: Any
) -> Path:
    path = folder / name
    path.write_text(json.dumps({"info": {"schema": SCHEMA}, "item": list(items), **more}))
    return path


def read(path: Path) -> Recording:
    return recording(PostmanImporter().entries(path))


def test_folders_are_walked_and_variables_filled_in(tmp_path: Path) -> None:
    made = request("make", "POST", "{{baseUrl}}/lots", code=201, got={"id": "abc"})
    made["request"]["body"] = {
        "mode": "raw",
        "raw": '{"kind": "{{kind}}"}',
        "options": {"raw": {"language": "json"}},
    }
    url = {
        "raw": "{{baseUrl}}/lots/:id?full=1&old=2",
        "query": [{"key": "full", "value": "1"}, {"key": "old", "value": "2", "disabled": True}],
        "variable": [{"key": "id", "value": "abc"}],
    }
    folder = {"name": "lots", "item": [made, request("read", "GET", url)]}
    found = read(written(tmp_path, folder, variable=[{"key": "kind", "value": "RAW"}]))
    first, second = found.steps
    assert first.request.body == b'{"kind": "RAW"}'
    assert ("Content-Type", "application/json") in first.request.headers
    assert (second.request.target, dict(first.gives)) == ("/lots/abc?full=1", {"abc": "/body/id"})
    assert [step.status for step in found.steps] == [201, 200]


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        ({"mode": "urlencoded", "urlencoded": [{"key": "a", "value": "1 2"}]}, b"a=1+2"),
        ({"mode": "graphql", "graphql": {"query": "{a}", "variables": ""}}, b'"query": "{a}"'),
        ({"mode": "formdata", "formdata": [{"key": "a", "value": "1"}]}, b'name="a"\r\n\r\n1'),
        (
            {"mode": "formdata", "formdata": [{"key": "f", "type": "file", "src": "/x/a.csv"}]},
            b'filename="a.csv"',
        ),
    ],
)
def test_every_kind_of_body_is_sent(tmp_path: Path, body: Any, sent: bytes) -> None:
    (tmp_path / "a.csv").write_text("")
    found = read(written(tmp_path, request("a", "POST", "https://x.example/a", body=body)))
    assert sent in found.steps[0].request.body
    assert "Content-Type" in dict(found.steps[0].request.headers)


def test_a_request_that_needs_an_unknown_variable_is_missed(tmp_path: Path) -> None:
    found = read(
        written(
            tmp_path,
            request("a", "GET", "{{host}}/a"),
            request("b", "GET", "{{host}}/lots/{{lotId}}"),
        )
    )
    assert [step.request.target for step in found.steps] == ["/a"]
    assert list(found.missed) == ["needs the variable lotId, which the collection does not hold"]


def test_a_collection_is_known_by_its_name_or_when_it_is_named(tmp_path: Path) -> None:
    item = request("a", "GET", "https://x.example/a")
    assert importer_for(written(tmp_path, item), named=False) is not None
    other = written(tmp_path, item, name="shop.json")
    assert importer_for(other, named=True) is not None
    assert importer_for(other, named=False) is None
    (tmp_path / "traffic.json").write_text(' {"log": {"entries": []}}')
    found = importer_for(tmp_path / "traffic.json", named=True)
    assert found is not None
    assert found.kind == "a HAR file"
    assert importer_for(tmp_path / "traffic.json", named=False) is None
    (tmp_path / "package.json").write_text("{}")
    assert importer_for(tmp_path / "package.json", named=True) is None


@pytest.mark.parametrize("text", ["{", "[]", '{"item": {}}'])
def test_what_is_no_collection_says_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.postman_collection.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"JSON|Expecting|no list of items"):
        read(path)


def test_what_postman_makes_up_itself_is_made_up(tmp_path: Path) -> None:
    body = {"mode": "raw", "raw": '{"a": "{{$guid}}", "b": {{$randomInt}}, "c": "{{$guid}}"}'}
    asked = request("make", "POST", "https://x.example/t?at={{$timestamp}}", body=body)
    (step,) = read(written(tmp_path, asked)).steps
    sent = json.loads(step.request.body)
    assert len(sent["a"]) == len(sent["c"]) == 36
    assert sent["a"] != sent["c"]
    assert 0 <= sent["b"] <= 1000
    assert step.request.target.partition("at=")[2].isdecimal()
    unknown = request("make", "GET", "https://x.example/{{$randomBankAccountBic}}")
    assert read(written(tmp_path, unknown)).steps == ()


@pytest.mark.parametrize(
    "url",
    [
        "https://{{host}}:{{port}}/a?b=1",
        "{{protocol}}://{{host}}/a?b=1",
        "{{baseUrl}}:8080/a?b=1",
        "http://{{tenant}}.shop.example/a?b=1",
    ],
)
def test_the_address_may_be_a_variable_in_parts(tmp_path: Path, url: str) -> None:
    (step,) = read(written(tmp_path, request("a", "GET", url))).steps
    assert step.request.target == "/a?b=1"


def test_what_a_script_takes_from_an_answer_flows(tmp_path: Path) -> None:
    login = {
        "name": "login",
        "request": {"method": "POST", "url": "{{u}}/login"},
        "event": [
            {
                "listen": "test",
                "script": {"exec": ["pm.environment.set('t', pm.response.json().token)"]},
            }
        ],
    }
    token = {"type": "bearer", "bearer": [{"key": "token", "value": "{{t}}"}]}
    me = {"name": "me", "request": {"method": "GET", "url": "{{u}}/me/{{t}}", "auth": token}}
    found = read(written(tmp_path, login, me))
    first, second = found.steps
    ((stand_in, pointer),) = first.gives.items()
    assert pointer == "/body/token"
    assert ("Authorization", f"Bearer {stand_in}") in second.request.headers
    assert (second.request.target, second.endpoint) == (f"/me/{stand_in}", "GET /me/{}")
    assert found.missed == {}


def test_a_file_is_read_beside_the_collection_or_missed(tmp_path: Path) -> None:
    def put(name: str) -> Any:
        body = {"mode": "file", "file": {"src": f"/home/ann/{name}"}}
        return request("put", "PUT", "{{u}}/blob", body=body)

    (tmp_path / "there.bin").write_bytes(b"abc")
    found = read(written(tmp_path, put("there.bin"), put("gone.bin")))
    assert [step.request.body for step in found.steps] == [b"abc"]
    assert found.missed == {"needs the file gone.bin, which is not beside the collection": 1}


def test_no_credentials_on_purpose(tmp_path: Path) -> None:
    auth = {"type": "bearer", "bearer": [{"key": "token", "value": "{{token}}"}]}
    without = request("out", "GET", "{{u}}/a", code=401, auth={"type": "noauth"})
    found = read(written(tmp_path, request("in", "GET", "{{u}}/a"), without, auth=auth))
    assert [step.login for step in found.steps] == ["", "none"]


def test_of_several_answers_the_success_is_meant(tmp_path: Path) -> None:
    one = request("a", "GET", "{{u}}/a", code=404)
    one["response"].append({"code": 200, "header": [], "body": "{}"})
    assert read(written(tmp_path, one)).steps[0].status == 200
