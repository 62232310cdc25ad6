"""A shared folder behind WsgiDAV."""
# ruff: noqa: ARG001, D103

import re

import pytest

FIND = "PROPFIND /{path*}"
ALL = '<?xml version="1.0"?><propfind xmlns="DAV:"><allprop/></propfind>'
SOME = (
    '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getcontentlength/><getetag/>'
    "<displayname/></prop></propfind>"
)
LOCK = (
    '<?xml version="1.0"?><lockinfo xmlns="DAV:"><lockscope><exclusive/></lockscope>'
    "<locktype><write/></locktype><owner>Anna</owner></lockinfo>"
)


@pytest.fixture
def folder(backend):
    path = f"/{backend.unique('folder')}"
    assert backend.request("MKCOL", path).status_code == 201
    yield path
    backend.delete(f"{path}/")


@pytest.fixture
def file(backend, folder):
    assert backend.put(f"{folder}/note.txt", content=b"Oil the hinges.\n").status_code == 201
    return f"{folder}/note.txt"


@pytest.mark.characterization("GET /")
def test_the_first_page(backend):
    assert "readme.txt" in backend.get("/").text


@pytest.mark.characterization("GET /{path*}")
def test_read_a_file(backend):
    assert backend.get("/readme.txt").text == "Plans of gates and fences.\n"


@pytest.mark.characterization("GET /{path*}")
def test_read_a_table(backend):
    assert backend.get("/plans/gate.csv").text.count("\n") == 3


@pytest.mark.characterization("GET /{path*}")
def test_read_a_part_of_a_file(backend):
    answer = backend.get("/readme.txt", headers={"range": "bytes=0-4"})
    assert (answer.status_code, answer.text) == (206, "Plans")


@pytest.mark.negative("GET /{path*}", scenario="no such file")
def test_no_such_file(backend):
    assert backend.get("/plans/fence.csv").status_code == 404


@pytest.mark.characterization("PUT /{path*}", "GET /{path*}", "DELETE /{path*}")
def test_life_of_a_file(backend, folder):
    assert backend.put(f"{folder}/a.txt", content=b"one\n").status_code == 201
    assert backend.put(f"{folder}/a.txt", content=b"two\n").status_code == 204
    assert backend.get(f"{folder}/a.txt").text == "two\n"
    assert backend.delete(f"{folder}/a.txt").status_code == 204
    assert backend.get(f"{folder}/a.txt").status_code == 404


@pytest.mark.characterization("PUT /{path*}", "GET /{path*}")
def test_upload_bytes(backend, folder):
    picture = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
    backend.put(f"{folder}/gate.png", content=picture)
    answer = backend.get(f"{folder}/gate.png")
    assert answer.content == picture
    assert answer.headers["content-type"] == "image/png"


@pytest.mark.characterization("GET /{path*}")
def test_not_changed_since(backend, file):
    tag = backend.get(file).headers["etag"]
    assert backend.get(file, headers={"if-none-match": tag}).status_code == 304


@pytest.mark.characterization("HEAD /{path*}")
def test_head_of_a_file(backend, file):
    assert backend.head(file).headers["content-length"] == "16"


@pytest.mark.characterization(FIND)
def test_what_is_known_of_a_file(backend):
    answer = backend.request("PROPFIND", "/readme.txt", content=ALL, headers={"depth": "0"})
    assert answer.status_code == 207
    assert "getcontentlength" in answer.text


@pytest.mark.characterization(FIND)
def test_listing_of_a_folder(backend, folder, file):
    backend.put(f"{folder}/plan.txt", content=b"Two posts.\n")
    answer = backend.request("PROPFIND", folder, content=SOME, headers={"depth": "1"})
    assert answer.text.count("href>") == 6


@pytest.mark.characterization(FIND)
def test_listing_of_everything(backend):
    answer = backend.request("PROPFIND", "/", content=SOME, headers={"depth": "infinity"})
    assert "/plans/gate.csv" in answer.text


@pytest.mark.characterization("GET /{path*}")
def test_page_of_a_folder(backend, folder, file):
    assert "note.txt" in backend.get(f"{folder}/").text


@pytest.mark.characterization("PROPPATCH /{path*}", FIND)
def test_a_property_of_ones_own(backend, file):
    change = (
        '<?xml version="1.0"?><D:propertyupdate xmlns:D="DAV:" xmlns:g="urn:garden"><D:set>'
        "<D:prop><g:colour>green</g:colour></D:prop></D:set></D:propertyupdate>"
    )
    assert backend.request("PROPPATCH", file, content=change).status_code == 207
    assert backend.request("PROPFIND", file, headers={"depth": "0"}).status_code == 207


@pytest.mark.characterization("COPY /{path*}", "MOVE /{path*}")
def test_copy_and_move(backend, folder, file):
    to = str(backend.base_url).rstrip("/") + f"{folder}/copy.txt"
    assert backend.request("COPY", file, headers={"destination": to}).status_code == 201
    moved = to.replace("copy.txt", "moved.txt")
    answer = backend.request("MOVE", f"{folder}/copy.txt", headers={"destination": moved})
    assert answer.status_code == 201
    assert backend.get(f"{folder}/moved.txt").text == "Oil the hinges.\n"


@pytest.mark.negative("COPY /{path*}", scenario="there is one already")
def test_copy_over_another(backend, folder, file):
    backend.put(f"{folder}/other.txt", content=b"x")
    answer = backend.request(
        "COPY", file, headers={"destination": f"{folder}/other.txt", "overwrite": "F"}
    )
    assert answer.status_code == 412


@pytest.mark.characterization("LOCK /{path*}", "UNLOCK /{path*}")
def test_lock_and_unlock(backend, file):
    locked = backend.request("LOCK", file, content=LOCK, headers={"timeout": "Second-60"})
    assert locked.status_code == 200
    token = re.search(r"opaquelocktoken:[^<]+", locked.text)[0]
    assert backend.put(file, content=b"no").status_code == 423
    allowed = backend.put(file, content=b"yes", headers={"if": f"(<{token}>)"})
    assert allowed.status_code == 204
    freed = backend.request("UNLOCK", file, headers={"lock-token": f"<{token}>"})
    assert freed.status_code == 204


@pytest.mark.negative("MKCOL /{path*}", scenario="it is there")
def test_make_a_folder_again(backend, folder):
    assert backend.request("MKCOL", folder).status_code == 405


@pytest.mark.negative("MKCOL /{path*}", scenario="no parent")
def test_make_a_folder_in_nothing(backend):
    assert backend.request("MKCOL", "/nowhere/inside").status_code == 409


@pytest.mark.negative(FIND, scenario="broken XML")
def test_broken_xml(backend):
    answer = backend.request("PROPFIND", "/", content="<propfind", headers={"depth": "0"})
    assert answer.status_code == 400


@pytest.mark.characterization("OPTIONS /{path*}")
def test_options(backend):
    assert "PROPFIND" in backend.options("/readme.txt").headers["allow"]
