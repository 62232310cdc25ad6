"""Users, indexes and packages of devpi-server."""
# ruff: noqa: D103

import base64
import io
import tarfile

import pytest

C = pytest.mark.characterization


@pytest.fixture
def user(backend):
    name = backend.unique("user").lower()
    answer = backend.put(
        f"/{name}", json={"password": "Secret-7-horse", "email": f"{name}@example.test"}
    )
    assert answer.status_code == 201, answer.text
    login = backend.post("/+login", json={"user": name, "password": "Secret-7-horse"})
    token = login.json()["result"]["password"]
    return name, {"X-Devpi-Auth": base64.b64encode(f"{name}:{token}".encode()).decode()}


@pytest.fixture
def index(backend, user):
    name, auth = user
    answer = backend.put(
        f"/{name}/dev", json={"type": "stage", "bases": [], "volatile": True}, headers=auth
    )
    assert answer.status_code == 200, answer.text
    return f"/{name}/dev", auth


def sdist(version):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        data = f"Metadata-Version: 2.1\nName: gate\nVersion: {version}\n".encode()
        info = tarfile.TarInfo(f"gate-{version}/PKG-INFO")
        info.size = len(data)
        tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


def upload(backend, index, version="1.0"):
    where, auth = index
    return backend.post(
        f"{where}/",
        data={
            ":action": "file_upload",
            "name": "gate",
            "version": version,
            "filetype": "sdist",
            "pyversion": "source",
            "summary": "A gate",
            "metadata_version": "2.1",
        },
        files={"content": (f"gate-{version}.tar.gz", sdist(version), "application/gzip")},
        headers=auth,
    )


@C("GET /")
def test_root(backend):
    backend.get("/")


@C("GET /+api")
def test_api(backend):
    backend.get("/+api")


@C("GET /+status")
def test_status(backend):
    backend.get("/+status")


@C("POST /+login")
def test_wrong_login(backend):
    backend.post("/+login", json={"user": "root", "password": "no"})


@C("POST /+login")
def test_login_without_user(backend):
    backend.post("/+login", json={"password": "no"})


@C("GET /{user}")
def test_user(backend, user):
    backend.get(f"/{user[0]}")


@C("PUT /{user}")
def test_user_twice(backend, user):
    backend.put(f"/{user[0]}", json={"password": "x"})


@C("PATCH /{user}")
def test_patch_user(backend, user):
    backend.patch(f"/{user[0]}", json={"title": "Doctor"}, headers=user[1])
    backend.get(f"/{user[0]}")


@C("DELETE /{user}")
def test_delete_user(backend, user):
    backend.delete(f"/{user[0]}", headers=user[1])
    backend.get(f"/{user[0]}")


@C("GET /{user}/{index}")
def test_index(backend, index):
    backend.get(index[0])


@C("PATCH /{user}/{index}")
def test_patch_index(backend, index):
    backend.patch(index[0], json=["volatile=False"], headers=index[1])
    backend.get(index[0])


@C("PUT /{user}/{index}")
def test_index_without_login(backend, user):
    backend.put(f"/{user[0]}/dev", json={})


@C("POST /{user}/{index}/")
def test_upload(backend, index):
    upload(backend, index)
    backend.get(f"{index[0]}/gate")
    backend.get(f"{index[0]}/gate/1.0")


@C("GET /{user}/{index}/+simple/{project}/")
def test_simple(backend, index):
    upload(backend, index)
    upload(backend, index, "1.1")
    backend.get(f"{index[0]}/+simple/")
    backend.get(f"{index[0]}/+simple/gate/")
    backend.get(
        f"{index[0]}/+simple/gate/", headers={"Accept": "application/vnd.pypi.simple.v1+json"}
    )


@C("GET /{user}/{index}/+f/{start}/{hash}/{file}")
def test_download(backend, index):
    upload(backend, index)
    page = backend.get(f"{index[0]}/gate/1.0").json()
    href = page["result"]["+links"][0]["href"]
    backend.get(href[href.index("/", 8) :])


@C("DELETE /{user}/{index}/{project}")
def test_delete_project(backend, index):
    upload(backend, index)
    backend.delete(f"{index[0]}/gate/1.0", headers=index[1])
    backend.get(f"{index[0]}/gate/1.0")


@C("POST /{user}/{index}/")
def test_upload_twice(backend, index):
    upload(backend, index)
    upload(backend, index)


@C("GET /{user}/{index}/{project}")
def test_missing(backend, index):
    backend.get(f"{index[0]}/nothing")
    backend.get("/nobody/nothing")


@C("GET /")
@pytest.mark.usefixtures("user")
def test_users(backend):
    backend.get("/")


@C("GET /+changelog/{serial}")
def test_changelog(backend):
    backend.get("/+changelog/0")
