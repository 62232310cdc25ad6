"""Blobs behind Azurite: XML lists, binary content, leases, snapshots, signed addresses."""
# ruff: noqa: D103

import base64
import hashlib
import hmac
import re

import pytest

ACCOUNT = "devstoreaccount1"
# The key that its documentation gives to everybody.
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
BLOB, CONTAINER = "/devstoreaccount1/{container}/{blob}", "/devstoreaccount1/{container}"
BLOCK = {"x-ms-blob-type": "BlockBlob"}


def signed(until="2035-01-01T00:00:00Z", **query):
    may, service, kinds, way, version = "rwdlacupitfx", "b", "sco", "https,http", "2021-08-06"
    text = "\n".join([ACCOUNT, may, service, kinds, "", until, "", way, version, "", ""])
    digest = hmac.new(base64.b64decode(KEY), text.encode(), hashlib.sha256).digest()
    sig = base64.b64encode(digest).decode()
    known = {"sv": version, "ss": service, "srt": kinds, "se": until, "sp": may, "spr": way}
    return {**query, **known, "sig": sig}


def place(container, blob=None):
    return f"/{ACCOUNT}/{container}" + (f"/{blob}" if blob else "")


@pytest.fixture
def container(backend):
    name = backend.unique("garden").lower()
    answer = backend.put(place(name), params=signed(restype="container"))
    assert answer.status_code == 201
    return name


def put(backend, container, blob, content, **headers):
    answer = backend.put(
        place(container, blob), params=signed(), content=content, headers={**BLOCK, **headers}
    )
    assert answer.status_code == 201
    return answer


@pytest.mark.characterization("PUT " + CONTAINER)
def test_a_container(backend, container):
    answer = backend.get(place(container), params=signed(restype="container"))
    assert answer.status_code == 200
    assert answer.headers["etag"]


@pytest.mark.negative("PUT " + CONTAINER, scenario="it is there")
def test_a_container_twice(backend, container):
    answer = backend.put(place(container), params=signed(restype="container"))
    assert answer.status_code == 409


@pytest.mark.characterization("GET /devstoreaccount1")
def test_containers(backend, container):
    answer = backend.get(f"/{ACCOUNT}", params=signed(comp="list", prefix="garden"))
    assert f"<Name>{container}</Name>" in answer.text


@pytest.mark.characterization("DELETE " + CONTAINER)
def test_a_container_is_deleted(backend, container):
    answer = backend.delete(place(container), params=signed(restype="container"))
    assert answer.status_code == 202
    answer = backend.get(place(container), params=signed(restype="container"))
    assert answer.status_code == 404


@pytest.mark.characterization("PUT " + BLOB, "GET " + BLOB)
def test_a_blob(backend, container):
    put(backend, container, "hinge.txt", b"Oil the hinges.", **{"x-ms-meta-colour": "Green"})
    answer = backend.get(place(container, "hinge.txt"), params=signed())
    assert answer.content == b"Oil the hinges."
    assert answer.headers["x-ms-meta-colour"] == "Green"


@pytest.mark.characterization("PUT " + BLOB, "GET " + BLOB)
def test_a_picture(backend, container):
    picture = bytes(range(256)) * 40
    put(backend, container, "gate.png", picture, **{"x-ms-blob-content-type": "image/png"})
    answer = backend.get(place(container, "gate.png"), params=signed())
    assert answer.content == picture
    assert answer.headers["content-type"] == "image/png"


@pytest.mark.characterization("GET " + BLOB)
def test_a_part_of_a_blob(backend, container):
    put(backend, container, "hinge.txt", b"Oil the hinges.")
    headers = {"x-ms-range": "bytes=4-6"}
    answer = backend.get(place(container, "hinge.txt"), params=signed(), headers=headers)
    assert (answer.status_code, answer.content) == (206, b"the")


@pytest.mark.characterization("HEAD " + BLOB)
def test_the_head_of_a_blob(backend, container):
    put(backend, container, "hinge.txt", b"Oil the hinges.")
    answer = backend.head(place(container, "hinge.txt"), params=signed())
    assert answer.headers["content-length"] == "15"


@pytest.mark.characterization("GET " + CONTAINER)
def test_blobs(backend, container):
    for name in ("b.txt", "a.txt", "plans/gate.svg", "plans/post.svg"):
        put(backend, container, name, name.encode())
    answer = backend.get(place(container), params=signed(restype="container", comp="list"))
    names = re.findall("<Name>([^<]+)</Name>", answer.text)
    assert names == ["a.txt", "b.txt", "plans/gate.svg", "plans/post.svg"]


@pytest.mark.characterization("GET " + CONTAINER)
def test_folders_of_blobs_page_by_page(backend, container):
    for name in ("b.txt", "a.txt", "plans/gate.svg", "plans/post.svg"):
        put(backend, container, name, name.encode())
    query = {"restype": "container", "comp": "list", "delimiter": "/", "maxresults": "2"}
    answer = backend.get(place(container), params=signed(**query))
    marker = re.search("<NextMarker>([^<]+)</NextMarker>", answer.text)[1]
    answer = backend.get(place(container), params=signed(**query, marker=marker))
    assert "<BlobPrefix><Name>plans/</Name></BlobPrefix>" in answer.text


@pytest.mark.characterization("PUT " + BLOB)
def test_a_blob_of_blocks(backend, container):
    ids = [base64.b64encode(f"block-{at}".encode()).decode() for at in range(3)]
    for at, one in enumerate(ids):
        answer = backend.put(
            place(container, "long.bin"),
            params=signed(comp="block", blockid=one),
            content=bytes([at]) * 2000,
        )
        assert answer.status_code == 201
    listed = "".join(f"<Latest>{one}</Latest>" for one in ids)
    answer = backend.put(
        place(container, "long.bin"),
        params=signed(comp="blocklist"),
        content=f'<?xml version="1.0" encoding="utf-8"?><BlockList>{listed}</BlockList>',
    )
    assert answer.status_code == 201
    query = signed(comp="blocklist", blocklisttype="all")
    assert backend.get(place(container, "long.bin"), params=query).text.count("<Block>") == 3
    assert len(backend.get(place(container, "long.bin"), params=signed()).content) == 6000


@pytest.mark.characterization("PUT " + BLOB)
def test_metadata(backend, container):
    put(backend, container, "hinge.txt", b"Oil the hinges.")
    headers = {"x-ms-meta-owner": "anna", "x-ms-meta-age": "12"}
    answer = backend.put(
        place(container, "hinge.txt"), params=signed(comp="metadata"), headers=headers
    )
    assert answer.status_code == 200
    answer = backend.get(place(container, "hinge.txt"), params=signed(comp="metadata"))
    assert answer.headers["x-ms-meta-owner"] == "anna"


@pytest.mark.characterization("PUT " + BLOB)
def test_a_snapshot(backend, container):
    put(backend, container, "hinge.txt", b"Oil the hinges.")
    answer = backend.put(place(container, "hinge.txt"), params=signed(comp="snapshot"))
    taken = answer.headers["x-ms-snapshot"]
    put(backend, container, "hinge.txt", b"Paint the posts.")
    answer = backend.get(place(container, "hinge.txt"), params=signed(snapshot=taken))
    assert answer.content == b"Oil the hinges."


@pytest.mark.characterization("PUT " + BLOB)
def test_a_lease(backend, container):
    put(backend, container, "hinge.txt", b"Oil the hinges.")
    answer = backend.put(
        place(container, "hinge.txt"),
        params=signed(comp="lease"),
        headers={"x-ms-lease-action": "acquire", "x-ms-lease-duration": "60"},
    )
    lease = answer.headers["x-ms-lease-id"]
    answer = backend.delete(place(container, "hinge.txt"), params=signed())
    assert answer.status_code == 412
    headers = {"x-ms-lease-id": lease}
    answer = backend.delete(place(container, "hinge.txt"), params=signed(), headers=headers)
    assert answer.status_code == 202


@pytest.mark.characterization("PUT " + BLOB)
def test_a_copy(backend, container):
    put(backend, container, "hinge.txt", b"Oil the hinges.")
    source = backend.base_url.join(place(container, "hinge.txt")).copy_merge_params(signed())
    answer = backend.put(
        place(container, "copy.txt"), params=signed(), headers={"x-ms-copy-source": str(source)}
    )
    assert answer.status_code == 202
    answer = backend.get(place(container, "copy.txt"), params=signed())
    assert answer.headers["x-ms-copy-status"] == "success"


@pytest.mark.characterization("DELETE " + BLOB)
def test_a_blob_is_deleted(backend, container):
    put(backend, container, "hinge.txt", b"Oil the hinges.")
    assert backend.delete(place(container, "hinge.txt"), params=signed()).status_code == 202
    assert backend.get(place(container, "hinge.txt"), params=signed()).status_code == 404


@pytest.mark.negative("PUT " + BLOB, scenario="only if it is not there")
def test_a_blob_that_is_there(backend, container):
    put(backend, container, "hinge.txt", b"Oil the hinges.")
    headers = {**BLOCK, "if-none-match": "*"}
    answer = backend.put(
        place(container, "hinge.txt"), params=signed(), content=b"no", headers=headers
    )
    assert answer.status_code == 409


@pytest.mark.characterization("GET " + BLOB)
def test_nothing_new(backend, container):
    etag = put(backend, container, "hinge.txt", b"Oil the hinges.").headers["etag"]
    headers = {"if-none-match": etag}
    answer = backend.get(place(container, "hinge.txt"), params=signed(), headers=headers)
    assert answer.status_code == 304


@pytest.mark.negative("GET " + BLOB, scenario="an address that has run out")
def test_an_address_that_has_run_out(backend, container):
    answer = backend.get(place(container, "hinge.txt"), params=signed("2001-01-01T00:00:00Z"))
    assert answer.status_code == 403


@pytest.mark.negative("GET " + BLOB, scenario="nobody")
def test_nobody(backend, container):
    put(backend, container, "hinge.txt", b"Oil the hinges.")
    assert backend.get(place(container, "hinge.txt")).status_code in (403, 404)
