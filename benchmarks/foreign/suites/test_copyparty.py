"""Files behind copyparty."""
# ruff: noqa: ARG001, D103

import pytest

PASSWORD = "Correct-Horse-7"
FILE = "/{folder}/{file}"


@pytest.fixture(scope="session")
def cutover_login(backend):
    answer = backend.post("/?login", files={"act": (None, "login"), "cppwd": (None, PASSWORD)})
    assert answer.status_code in (200, 302, 303)
    return True


@pytest.fixture
def folder(backend):
    name = backend.unique("folder")
    answer = backend.post("/", files={"act": (None, "mkdir"), "name": (None, name)})
    assert answer.status_code in (200, 201, 303)
    yield f"/{name}"
    backend.post(f"/{name}/?delete")


@pytest.fixture
def file(backend, folder):
    answer = backend.put(f"{folder}/note.txt", content=b"Oil the hinges.\n")
    assert answer.status_code == 201
    return f"{folder}/note.txt"


@pytest.mark.characterization("GET /")
def test_the_first_page(backend):
    assert "<html" in backend.get("/").text


@pytest.mark.characterization("GET /")
def test_the_page_of_nobody(backend):
    assert backend.as_user(None).get("/").status_code == 200


@pytest.mark.characterization("PUT /{folder}/{file}")
def test_upload_bytes(backend, folder):
    answer = backend.put(f"{folder}/a.bin", content=bytes(range(256)) * 8)
    assert answer.status_code == 201


@pytest.mark.characterization("PUT /{folder}/{file}")
def test_upload_and_tell_in_json(backend, folder):
    answer = backend.put(f"{folder}/a.txt", content=b"one\n", headers={"accept": "json"})
    assert answer.json()["filesz"] == 4


@pytest.mark.characterization("POST /{folder}/")
def test_upload_by_a_form(backend, folder):
    answer = backend.post(
        f"{folder}/?j",
        files=[
            ("act", (None, "bput")),
            ("f", ("gate.csv", b"part,count\npost,2\n", "text/csv")),
            ("f", ("gate.png", b"\x89PNG\r\n\x1a\n" + bytes(200), "image/png")),
        ],
    )
    assert [one["sz"] for one in answer.json()["files"]] == [18, 208]


@pytest.mark.negative("PUT /{folder}/{file}", scenario="nobody")
def test_upload_of_nobody(backend, folder):
    answer = backend.as_user(None).put(f"{folder}/b.txt", content=b"x")
    assert answer.is_client_error


@pytest.mark.characterization("GET /{folder}/{file}")
def test_read_a_file(backend, file):
    answer = backend.get(file)
    assert answer.text == "Oil the hinges.\n"


@pytest.mark.characterization("GET /{folder}/{file}")
def test_read_a_part(backend, file):
    answer = backend.get(file, headers={"range": "bytes=4-6"})
    assert (answer.status_code, answer.text) == (206, "the")


@pytest.mark.characterization("HEAD /{folder}/{file}")
def test_head_of_a_file(backend, file):
    assert backend.head(file).headers["content-length"] == "16"


@pytest.mark.characterization("GET /{folder}/{file}")
def test_not_changed_since(backend, file):
    since = backend.get(file).headers["last-modified"]
    assert backend.get(file, headers={"if-modified-since": since}).status_code == 304


@pytest.mark.negative("GET /{folder}/{file}", scenario="no such file")
def test_no_such_file(backend, folder):
    assert backend.get(f"{folder}/none.txt").status_code == 404


@pytest.mark.characterization("GET /{folder}/")
def test_listing_as_json(backend, folder, file):
    backend.put(f"{folder}/plan.md", content=b"# Gates\n")
    listing = backend.get(f"{folder}/?ls").json()
    assert sorted(one["href"] for one in listing["files"]) == ["note.txt", "plan.md"]


@pytest.mark.characterization("GET /{folder}/")
def test_listing_as_text(backend, folder, file):
    assert "note.txt" in backend.get(f"{folder}/?ls=t").text


@pytest.mark.characterization("GET /{folder}/")
def test_listing_as_a_page(backend, folder, file):
    assert "note.txt" in backend.get(f"{folder}/").text


@pytest.mark.characterization("GET /{folder}/")
def test_folder_as_zip(backend, folder, file):
    backend.put(f"{folder}/plan.md", content=b"# Gates\n")
    assert backend.get(f"{folder}/?zip").content.startswith(b"PK")


@pytest.mark.characterization("GET /{folder}/")
def test_folder_as_tar(backend, folder, file):
    assert b"note.txt" in backend.get(f"{folder}/?tar").content


@pytest.mark.characterization("GET /{folder}/{file}")
def test_a_text_as_a_page(backend, folder):
    backend.put(f"{folder}/plan.md", content=b"# Gates\n\n- hinges\n")
    assert "Gates" in backend.get(f"{folder}/plan.md?v").text


@pytest.mark.characterization("POST /{folder}/{file}")
def test_move_a_file(backend, folder, file):
    assert backend.post(f"{file}?move={folder}/moved.txt").status_code == 201
    assert backend.get(f"{folder}/moved.txt").status_code == 200


@pytest.mark.characterization("POST /{folder}/{file}", "GET /{folder}/{file}")
def test_delete_a_file(backend, file):
    assert backend.post(f"{file}?delete").status_code == 200
    assert backend.get(file).status_code == 404


@pytest.mark.characterization("PROPFIND /{folder}/")
def test_as_webdav(backend, folder, file):
    answer = backend.request("PROPFIND", f"{folder}/", headers={"depth": "1"})
    assert answer.status_code == 207
    assert "note.txt" in answer.text


@pytest.mark.characterization("MKCOL /{folder}/{inner}")
def test_a_folder_by_webdav(backend, folder):
    assert backend.request("MKCOL", f"{folder}/inner").status_code == 201
    assert backend.request("MKCOL", f"{folder}/inner").status_code == 405
