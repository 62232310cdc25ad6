"""A pod behind the Community Solid Server: linked data, containers, patches, accounts."""
# ruff: noqa: ARG001, D103

import re

import pytest

PASSWORD = "Correct-Horse-7"
THING, FOLDER = "/{folder}/{thing}", "/{folder}/"
GATE = '<#it> <http://schema.org/name> "Gate"; <http://schema.org/height> 12 .'
PATCH = """@prefix solid: <http://www.w3.org/ns/solid/terms#>.
@prefix schema: <http://schema.org/>.
<> a solid:InsertDeletePatch;
  solid:where { ?it schema:height 12. };
  solid:deletes { ?it schema:height 12. };
  solid:inserts { ?it schema:height 14; schema:colour "green". }."""
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(200))


@pytest.fixture
def folder(backend):
    name = backend.unique("yard").lower()
    answer = backend.put(f"/{name}/", headers={"content-type": "text/turtle"})
    assert answer.status_code == 201
    return name


def put(backend, path, content, kind="text/turtle", **headers):
    return backend.put(path, content=content, headers={"content-type": kind, **headers})


@pytest.fixture
def gate(backend, folder):
    assert put(backend, f"/{folder}/gate", GATE).status_code == 201
    return f"/{folder}/gate"


@pytest.mark.characterization("GET /")
def test_the_first_page(backend):
    assert "Welcome to Solid" in backend.get("/", headers={"accept": "text/html"}).text


@pytest.mark.characterization("PUT " + FOLDER, "GET " + FOLDER)
def test_an_empty_folder(backend, folder):
    answer = backend.get(f"/{folder}/", headers={"accept": "text/turtle"})
    assert "ldp:BasicContainer" in answer.text


@pytest.mark.characterization("PUT " + THING, "GET " + THING)
def test_a_thing(backend, gate):
    assert "12" in backend.get(gate, headers={"accept": "text/turtle"}).text


@pytest.mark.characterization("GET " + THING)
def test_a_thing_in_other_words(backend, gate):
    answer = backend.get(gate, headers={"accept": "application/ld+json"})
    assert answer.json()[0]["http://schema.org/name"] == [{"@value": "Gate"}]
    answer = backend.get(gate, headers={"accept": "application/n-triples"})
    assert answer.text.count("\n") >= 2


@pytest.mark.negative("GET " + THING, scenario="a form that there is not")
def test_a_form_that_there_is_not(backend, gate):
    assert backend.get(gate, headers={"accept": "image/png"}).status_code == 501


@pytest.mark.characterization("POST " + FOLDER)
def test_add(backend, folder):
    headers = {"content-type": "text/turtle", "slug": "fence"}
    answer = backend.post(f"/{folder}/", content=GATE, headers=headers)
    assert answer.status_code == 201
    assert answer.headers["location"].endswith(f"/{folder}/fence")
    headers = {"content-type": "text/plain"}
    answer = backend.post(f"/{folder}/", content="plain words", headers=headers)
    assert backend.get(answer.headers["location"]).text == "plain words"


@pytest.mark.characterization("GET " + FOLDER)
def test_what_is_in_a_folder(backend, folder, gate):
    put(backend, f"/{folder}/hinge.txt", "Oil the hinges.", "text/plain")
    put(backend, f"/{folder}/gate.png", PICTURE, "image/png")
    answer = backend.get(f"/{folder}/", headers={"accept": "text/turtle"})
    assert "<hinge.txt>" in answer.text
    answer = backend.get(f"/{folder}/", headers={"accept": "application/ld+json"})
    assert len(answer.json()) >= 4


@pytest.mark.characterization("PUT " + THING)
def test_a_picture(backend, folder):
    assert put(backend, f"/{folder}/gate.png", PICTURE, "image/png").status_code == 201
    answer = backend.get(f"/{folder}/gate.png")
    assert answer.content == PICTURE
    answer = backend.get(f"/{folder}/gate.png", headers={"range": "bytes=1-3"})
    assert (answer.status_code, answer.content) == (206, b"PNG")


@pytest.mark.characterization("PATCH " + THING)
def test_patch(backend, gate):
    answer = backend.patch(gate, content=PATCH, headers={"content-type": "text/n3"})
    assert answer.status_code == 205
    assert "green" in backend.get(gate, headers={"accept": "text/turtle"}).text


@pytest.mark.characterization("PATCH " + THING)
def test_patch_by_sparql(backend, gate):
    change = 'INSERT DATA { <#it> <http://schema.org/colour> "red" }'
    headers = {"content-type": "application/sparql-update"}
    assert backend.patch(gate, content=change, headers=headers).status_code == 205
    assert "red" in backend.get(gate).text


@pytest.mark.negative("PATCH " + THING, scenario="it is another")
def test_a_patch_that_does_not_fit(backend, gate):
    change = PATCH.replace("12", "99")
    answer = backend.patch(gate, content=change, headers={"content-type": "text/n3"})
    assert answer.status_code == 409


@pytest.mark.negative("PUT " + THING, scenario="it does not say what it is")
def test_nobody_knows_what(backend, folder):
    assert backend.put(f"/{folder}/gate", content=GATE).status_code == 400


@pytest.mark.characterization("PUT " + THING)
def test_only_if_it_is_as_it_was(backend, gate):
    etag = backend.get(gate).headers["etag"]
    assert put(backend, gate, GATE.replace("12", "13"), **{"if-match": etag}).status_code == 205
    answer = put(backend, gate, GATE, **{"if-match": etag})
    assert answer.status_code == 412


@pytest.mark.characterization("HEAD " + THING, "OPTIONS " + THING)
def test_what_can_be_done(backend, gate):
    assert "PATCH" in backend.head(gate).headers["allow"]
    assert backend.options(gate).status_code == 204


@pytest.mark.characterization("DELETE " + THING)
def test_delete(backend, gate):
    assert backend.delete(gate).status_code == 205
    assert backend.get(gate).status_code == 404


@pytest.mark.negative("DELETE " + FOLDER, scenario="there is something in it")
def test_a_folder_that_is_not_empty(backend, folder, gate):
    assert backend.delete(f"/{folder}/").status_code == 409


@pytest.mark.characterization("GET /{folder}/{thing}.meta")
def test_what_is_said_of_a_thing(backend, gate):
    change = 'INSERT DATA { <> <http://purl.org/dc/terms/title> "Plan" }'
    headers = {"content-type": "application/sparql-update"}
    assert backend.patch(f"{gate}.meta", content=change, headers=headers).is_success
    assert "Plan" in backend.get(f"{gate}.meta").text


def account(backend, name):
    """Make an account with a password; return how to show who it is, and what it may do."""
    made = backend.post("/.account/account/").json()
    auth = {"authorization": f"CSS-Account-Token {made['authorization']}"}
    controls = backend.get("/.account/", headers=auth).json()["controls"]
    data = {"email": f"{name}@example.com", "password": PASSWORD}
    answer = backend.post(controls["password"]["create"], json=data, headers=auth)
    assert answer.status_code == 200
    return auth, controls


@pytest.mark.characterization("POST /.account/account/")
def test_an_account_and_its_pod(backend):
    name = backend.unique("anna").lower()
    auth, controls = account(backend, name)
    answer = backend.post(controls["account"]["pod"], json={"name": name}, headers=auth)
    assert answer.status_code == 200
    pod = answer.json()["pod"]
    answer = backend.get(pod + "profile/card", headers={"accept": "text/turtle"})
    assert "foaf" in answer.text
    assert backend.get(pod, headers={"accept": "text/turtle"}).status_code in (200, 401)
    listed = backend.get(controls["account"]["pod"], headers=auth).json()["pods"]
    assert list(listed) == [pod]


@pytest.mark.characterization("POST /.account/login/password/")
def test_login_and_logout(backend):
    name = backend.unique("bela").lower()
    account(backend, name)
    data = {"email": f"{name}@example.com", "password": PASSWORD}
    somebody = backend.as_user(None)
    answer = somebody.post("/.account/login/password/", json=data)
    assert answer.status_code == 200
    # By its cookie.
    controls = somebody.get("/.account/").json()["controls"]
    assert re.search("/.account/account/[^/]+/logout/", controls["account"]["logout"])
    assert somebody.post(controls["account"]["logout"]).status_code == 200


@pytest.mark.negative("POST /.account/login/password/", scenario="a wrong password")
def test_a_wrong_password(backend):
    name = backend.unique("cleo").lower()
    account(backend, name)
    data = {"email": f"{name}@example.com", "password": "no"}
    answer = backend.as_user(None).post("/.account/login/password/", json=data)
    assert answer.status_code == 403
