"""Pastes behind bepasty."""
# ruff: noqa: ARG001, D103

import base64

import pytest

PASSWORD = "Correct-Horse-7"
ITEM = "GET /apis/rest/items/{id}"


@pytest.fixture(scope="session")
def cutover_login(backend):
    answer = backend.post("/+login", data={"token": PASSWORD})
    assert answer.is_redirect
    return True


def upload(backend, name, content, kind="text/plain", **more):
    headers = {
        "Content-Type": kind,
        "Content-Filename": name,
        "Content-Length": str(len(base64.b64encode(content))),
        "Content-Range": f"bytes 0-{len(content) - 1}/{len(content)}",
        "Transaction-ID": "",
    }
    content = base64.b64encode(content)
    return backend.post("/apis/rest/items", content=content, headers=headers, **more)


@pytest.fixture
def item(backend):
    answer = upload(
        backend, f"{backend.unique('gate')}.txt", b"Oil the hinges.\nPaint the posts.\n"
    )
    assert answer.status_code == 201
    return answer.headers["content-location"].rpartition("/")[2]


@pytest.mark.characterization("GET /")
def test_the_first_page(backend):
    assert "bepasty" in backend.get("/").text


@pytest.mark.characterization("GET /")
def test_the_page_of_nobody(backend):
    assert backend.as_user(None).get("/").status_code == 200


@pytest.mark.characterization("POST /apis/rest/items")
def test_upload(backend, item):
    assert len(item) == 8


@pytest.mark.negative("POST /apis/rest/items", scenario="nobody")
def test_upload_of_nobody(backend):
    assert upload(backend.as_user(None), "x.txt", b"x").status_code == 403


@pytest.mark.characterization(ITEM)
def test_what_is_known_of_an_item(backend, item):
    assert backend.get(f"/apis/rest/items/{item}").json()["file-meta"]["size"] == 33


@pytest.mark.characterization("GET /apis/rest/items")
def test_all_items(backend, item):
    assert item in backend.get("/apis/rest/items").json()


@pytest.mark.characterization("GET /apis/rest/items/{id}/download")
def test_download(backend, item):
    assert backend.get(f"/apis/rest/items/{item}/download").content.startswith(b"Oil")


@pytest.mark.characterization("GET /{id}")
def test_the_page_of_an_item(backend, item):
    assert "Oil the hinges." in backend.get(f"/{item}").text


@pytest.mark.characterization("GET /{id}/+inline")
def test_an_image_inline(backend):
    answer = upload(backend, "gate.png", b"\x89PNG\r\n\x1a\n" + bytes(range(200)), "image/png")
    place = answer.headers["content-location"].rpartition("/")[2]
    assert len(backend.get(f"/{place}/+inline").content) == 208


@pytest.mark.negative("GET /{id}", scenario="no such item")
def test_no_such_item(backend):
    assert backend.get("/nosuchit").status_code == 404


@pytest.mark.characterization("POST /+upload")
def test_a_text_by_the_form(backend):
    data = {
        "text": "Gates and fences\n",
        "filename": "gates.txt",
        "contenttype": "text/plain",
        "maxlife-unit": "days",
        "maxlife-value": "3",
    }
    answer = backend.post("/+upload", data=data, files={"file": ("", b"")})
    assert answer.is_redirect
    assert "Gates and fences" in backend.get(answer.headers["location"]).text


@pytest.mark.characterization("GET /+list")
def test_the_list(backend, item):
    assert item in backend.get("/+list").text


@pytest.mark.characterization("POST /apis/rest/items/{id}/lock", ITEM)
def test_lock(backend, item):
    assert backend.post(f"/apis/rest/items/{item}/lock").is_success
    assert backend.get(f"/apis/rest/items/{item}").json()["file-meta"]["locked"] is True


@pytest.mark.characterization("POST /{id}/+delete")
def test_delete(backend, item):
    assert backend.post(f"/{item}/+delete", data={"next": "/"}).is_redirect
    assert backend.get(f"/{item}").status_code == 404
