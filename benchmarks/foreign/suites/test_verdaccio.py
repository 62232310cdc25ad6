"""Packages behind verdaccio, a registry for npm."""
# ruff: noqa: D103

import base64
import gzip
import hashlib
import io
import tarfile

import pytest

PASSWORD = "Correct-Horse-7"
PACKAGE = "/{package}"


def tarball(name, version):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        content = f'{{"name": "{name}", "version": "{version}"}}'.encode()
        member = tarfile.TarInfo("package/package.json")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return gzip.compress(packed.getvalue(), mtime=0)


def document(backend, name, version="1.0.0"):
    content = tarball(name, version)
    file = f"{name}-{version}.tgz"
    digest = hashlib.sha512(content).digest()
    return {
        "_id": name,
        "name": name,
        "description": "Gates",
        "dist-tags": {"latest": version},
        "versions": {
            version: {
                "name": name,
                "version": version,
                "description": "Gates",
                "dist": {
                    "integrity": f"sha512-{base64.b64encode(digest).decode()}",
                    "shasum": hashlib.sha1(content).hexdigest(),
                    "tarball": f"{str(backend.base_url).rstrip('/')}/{name}/-/{file}",
                },
            }
        },
        "_attachments": {
            file: {
                "content_type": "application/octet-stream",
                "data": base64.b64encode(content).decode(),
                "length": len(content),
            }
        },
    }


@pytest.fixture(scope="session")
def cutover_login(backend):
    # The file of users is locked while another worker adds one.
    for _ in range(5):
        name = backend.unique("anna")
        answer = backend.put(
            f"/-/user/org.couchdb.user:{name}", json={"name": name, "password": PASSWORD}
        )
        if answer.status_code == 201:
            break
    backend.headers["authorization"] = f"Bearer {answer.json()['token']}"
    return True


@pytest.fixture
def package(backend):
    name = backend.unique("gate")
    assert backend.put(f"/{name}", json=document(backend, name)).status_code == 201
    return name


@pytest.mark.characterization("GET /-/ping")
def test_ping(backend):
    assert backend.get("/-/ping").status_code == 200


@pytest.mark.characterization("GET /")
def test_the_web_page(backend):
    assert "<title>Verdaccio</title>" in backend.get("/").text


@pytest.mark.characterization("GET /-/whoami")
def test_who_am_i(backend):
    assert backend.get("/-/whoami").json()["username"].startswith("anna")


@pytest.mark.characterization("PUT /-/user/{user}")
def test_a_new_user(backend):
    name = backend.unique("bela")
    answer = backend.as_user(None).put(
        f"/-/user/org.couchdb.user:{name}",
        json={"name": name, "password": PASSWORD, "email": f"{name}@example.com"},
    )
    assert answer.status_code == 201


@pytest.mark.negative("PUT /-/user/{user}", scenario="wrong password")
def test_a_wrong_password(backend):
    name = backend.unique("clara")
    nobody = backend.as_user(None)
    nobody.put(f"/-/user/org.couchdb.user:{name}", json={"name": name, "password": PASSWORD})
    answer = nobody.put(
        f"/-/user/org.couchdb.user:{name}", json={"name": name, "password": "Another-One-8"}
    )
    assert answer.is_client_error


@pytest.mark.characterization("GET /-/npm/v1/user")
def test_my_profile(backend):
    assert backend.get("/-/npm/v1/user").json()["tfa"] is False


@pytest.mark.characterization("PUT /{package}")
def test_publish(backend):
    name = backend.unique("fence")
    answer = backend.put(f"/{name}", json=document(backend, name))
    assert answer.json()["success"] is True


@pytest.mark.negative("PUT /{package}", scenario="nobody")
def test_publish_without_a_login(backend):
    name = backend.unique("none")
    answer = backend.as_user(None).put(f"/{name}", json=document(backend, name))
    assert answer.status_code == 401


@pytest.mark.negative("PUT /{package}", scenario="this version is there")
def test_publish_again(backend, package):
    assert backend.put(f"/{package}", json=document(backend, package)).status_code == 409


@pytest.mark.negative("PUT /{package}", scenario="nothing in it")
def test_publish_nothing(backend):
    assert backend.put(f"/{backend.unique('empty')}", json={}).is_client_error


@pytest.mark.characterization("GET /{package}")
def test_a_package(backend, package):
    shown = backend.get(f"/{package}").json()
    assert shown["dist-tags"] == {"latest": "1.0.0"}
    assert list(shown["versions"]) == ["1.0.0"]


@pytest.mark.characterization("GET /{package}", "PUT /{package}")
def test_two_versions(backend, package):
    backend.put(f"/{package}", json=document(backend, package, "1.1.0"))
    assert backend.get(f"/{package}").json()["dist-tags"]["latest"] == "1.1.0"
    assert backend.get(f"/{package}/1.0.0").json()["version"] == "1.0.0"


@pytest.mark.characterization("GET /{package}")
def test_a_short_document(backend, package):
    short = {"accept": "application/vnd.npm.install-v1+json"}
    assert package in backend.get(f"/{package}", headers=short).text


@pytest.mark.negative("GET /{package}", scenario="no such package")
def test_no_such_package(backend):
    assert backend.get("/nosuchpackage").status_code == 404


@pytest.mark.characterization("GET /{package}/-/{file}")
def test_download(backend, package):
    answer = backend.get(f"/{package}/-/{package}-1.0.0.tgz")
    assert answer.content == tarball(package, "1.0.0")


@pytest.mark.negative("GET /{package}/-/{file}", scenario="no such file")
def test_download_nothing(backend, package):
    assert backend.get(f"/{package}/-/{package}-9.0.0.tgz").status_code == 404


@pytest.mark.characterization("GET /-/package/{package}/dist-tags")
def test_tags(backend, package):
    path = f"/-/package/{package}/dist-tags"
    assert backend.put(f"{path}/beta", json="1.0.0").status_code == 201
    assert backend.get(path).json() == {"latest": "1.0.0", "beta": "1.0.0"}
    assert backend.delete(f"{path}/beta").status_code == 201


@pytest.mark.characterization("GET /-/v1/search")
def test_search(backend, package):
    found = backend.get("/-/v1/search", params={"text": package}).json()
    assert "objects" in found


@pytest.mark.characterization("GET /-/verdaccio/data/packages")
def test_packages_for_the_page(backend, package):
    assert package
    assert backend.get("/-/verdaccio/data/packages").status_code in (200, 404)


@pytest.mark.characterization("GET /-/verdaccio/data/sidebar/{package}")
def test_sidebar_of_a_package(backend, package):
    assert backend.get(f"/-/verdaccio/data/sidebar/{package}").status_code in (200, 404)


@pytest.mark.characterization("DELETE /{package}/-rev/{rev}", "GET /{package}")
def test_unpublish(backend, package):
    revision = backend.get(f"/{package}").json()["_rev"]
    assert backend.delete(f"/{package}/-rev/{revision}").status_code == 201
    assert backend.get(f"/{package}").status_code == 404
