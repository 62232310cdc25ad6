"""An index of packages behind pypiserver."""
# ruff: noqa: D103

import gzip
import io
import tarfile
import zipfile

import pytest

UPLOAD = "POST /"
PROJECT = "GET /simple/{project}/"


def sdist(name, version="1.0", text="Gates.\n"):
    """A source distribution, the same bytes whenever it is made."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for path, content in (
            ("PKG-INFO", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"),
            ("README", text),
        ):
            member = tarfile.TarInfo(f"{name}-{version}/{path}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content.encode()))
    return gzip.compress(packed.getvalue(), mtime=0)


def wheel(name, version="1.0"):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(f"{name}/__init__.py", "GATES = 2\n")
        archive.writestr(f"{name}-{version}.dist-info/METADATA", f"Name: {name}\n")
    return packed.getvalue()


def upload(backend, name, version="1.0", **more):
    return backend.post(
        "/",
        data={":action": "file_upload", "name": name, "version": version, "protocol_version": "1"},
        files={"content": (f"{name}-{version}.tar.gz", sdist(name, version), "application/gzip")},
        **more,
    )


@pytest.fixture
def project(backend):
    name = backend.unique("gate")
    assert upload(backend, name).status_code == 200
    yield name
    backend.post("/", data={":action": "remove_pkg", "name": name, "version": "1.0"})


@pytest.mark.characterization("GET /")
def test_the_first_page(backend):
    assert "pypiserver" in backend.get("/").text


@pytest.mark.characterization("GET /health")
def test_health(backend):
    assert backend.get("/health").status_code == 200


@pytest.mark.characterization(UPLOAD)
def test_upload_a_source_distribution(backend):
    assert upload(backend, backend.unique("fence")).status_code == 200


@pytest.mark.characterization(UPLOAD, PROJECT)
def test_upload_a_wheel(backend):
    name = backend.unique("hedge")
    answer = backend.post(
        "/",
        data={":action": "file_upload", "name": name, "version": "1.0"},
        files={"content": (f"{name}-1.0-py3-none-any.whl", wheel(name))},
    )
    assert answer.status_code == 200
    assert f"{name}-1.0-py3-none-any.whl" in backend.get(f"/simple/{name}/").text


@pytest.mark.negative(UPLOAD, scenario="it is there")
def test_upload_again(backend, project):
    assert upload(backend, project).status_code == 409


@pytest.mark.negative(UPLOAD, scenario="no file")
def test_upload_nothing(backend):
    answer = backend.post("/", data={":action": "file_upload", "name": "x"}, files={"other": b"x"})
    assert answer.status_code == 400


@pytest.mark.negative(UPLOAD, scenario="no file name")
def test_upload_with_a_bad_name(backend):
    answer = backend.post(
        "/", data={":action": "file_upload"}, files={"content": ("../up.exe", b"MZ")}
    )
    assert answer.is_client_error


@pytest.mark.negative(UPLOAD, scenario="unknown action")
def test_unknown_action(backend):
    assert backend.post("/", data={":action": "paint"}).status_code == 400


@pytest.mark.characterization(PROJECT)
def test_files_of_a_project(backend, project):
    answer = backend.get(f"/simple/{project}/")
    assert f"{project}-1.0.tar.gz#" in answer.text


@pytest.mark.characterization(PROJECT)
def test_versions_of_a_project(backend, project):
    upload(backend, project, "1.1")
    upload(backend, project, "2.0")
    assert backend.get(f"/simple/{project}/").text.count("<a href") == 3


@pytest.mark.negative(PROJECT, scenario="no such project")
def test_no_such_project(backend):
    assert backend.get("/simple/nosuchproject/").status_code == 404


@pytest.mark.characterization(PROJECT)
def test_a_name_is_normalized(backend):
    answer = backend.get("/simple/No_Such.Project/")
    assert answer.status_code in (301, 302, 303)


@pytest.mark.characterization("GET /simple/{project}")
def test_a_slash_is_added(backend, project):
    assert backend.get(f"/simple/{project}").is_redirect


@pytest.mark.characterization("GET /simple/")
def test_all_projects(backend, project):
    assert project in backend.get("/simple/").text


@pytest.mark.characterization("GET /packages/")
def test_all_files(backend, project):
    assert f"{project}-1.0.tar.gz" in backend.get("/packages/").text


@pytest.mark.characterization("GET /packages/{file}")
def test_download(backend, project):
    answer = backend.get(f"/packages/{project}-1.0.tar.gz")
    assert answer.content == sdist(project)


@pytest.mark.negative("GET /packages/{file}", scenario="no such file")
def test_download_nothing(backend):
    assert backend.get("/packages/nothing-1.0.tar.gz").status_code == 404


@pytest.mark.characterization("GET /{project}/json")
def test_json_of_a_project(backend, project):
    assert backend.get(f"/{project}/json").json()["info"]["version"] == "1.0"


@pytest.mark.characterization("POST /RPC2")
def test_search_by_xml(backend, project):
    call = (
        "<?xml version='1.0'?><methodCall><methodName>search</methodName><params><param><value>"
        "<struct><member><name>name</name><value><array><data><value><string>"
        f"{project}</string></value></data></array></value></member></struct></value></param>"
        "</params></methodCall>"
    )
    answer = backend.post("/RPC2", content=call, headers={"content-type": "text/xml"})
    assert project in answer.text


@pytest.mark.characterization(UPLOAD, PROJECT)
def test_remove_a_package(backend):
    name = backend.unique("old")
    upload(backend, name)
    answer = backend.post("/", data={":action": "remove_pkg", "name": name, "version": "1.0"})
    assert answer.status_code == 200
    assert backend.get(f"/simple/{name}/").status_code == 404
