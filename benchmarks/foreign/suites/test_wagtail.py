"""A site behind Wagtail: pages for readers and for editors, pictures, documents."""
# ruff: noqa: D103

import re
import struct
import zlib

import pytest

PASSWORD = "Correct-Horse-7"
ADD = "POST /admin/pages/add/home/homepage/{parent}/"
EDIT = "POST /admin/pages/{page}/edit/"


def token(page):
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]


def submit(backend, path, files=None, **fields):
    """Fill in the form at a path and send it."""
    form = backend.get(path)
    data = {"csrfmiddlewaretoken": token(form), **fields}
    return backend.post(path, data=data, files=files)


@pytest.fixture(scope="session")
def cutover_login(backend):
    answer = submit(backend, "/admin/login/", username="anna", password=PASSWORD, next="/admin/")
    assert answer.status_code == 302
    return True


def add(backend, slug, **more):
    path = "/admin/pages/add/home/homepage/3/"
    answer = submit(backend, path, title=f"Gates & hinges {slug}", slug=slug, **more)
    assert answer.status_code == 302
    return answer


@pytest.fixture
def slug(backend):
    """The name of a page of this test's own, for all to read."""
    name = backend.unique("gates").lower()
    add(backend, name, **{"action-publish": "action-publish"})
    return name


def number(backend, slug):
    """Return the number of a page."""
    listed = backend.get("/admin/pages/3/", params={"q": slug, "ordering": "title"}).text
    return re.search(r'id="page_(\d+)_title">\s*Gates &amp; hinges ' + slug, listed)[1]


def picture(red):
    """Return a PNG of two by two dots."""

    def chunk(kind, data):
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    dots = zlib.compress((b"\0" + bytes([red, 20, 30]) * 2) * 2)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", dots) + chunk(b"IEND", b"")


@pytest.mark.characterization("GET /admin/")
def test_the_first_page(backend):
    assert "Dashboard" in backend.get("/admin/").text


@pytest.mark.characterization("GET /admin/")
def test_nobody_is_sent_to_the_login(backend):
    answer = backend.as_user(None).get("/admin/")
    assert answer.status_code == 302


@pytest.mark.negative("POST /admin/login/", scenario="a wrong password")
def test_a_wrong_password(backend):
    answer = submit(backend.as_user(None), "/admin/login/", username="anna", password="no")
    assert "didn" in answer.text


@pytest.mark.characterization("GET /")
def test_the_site(backend):
    assert "Welcome" in backend.as_user(None).get("/").text


@pytest.mark.negative("GET /{slug}/", scenario="no such page")
def test_no_such_page(backend):
    assert backend.get("/nothing-here/").status_code == 404


@pytest.mark.characterization(ADD, "GET /{slug}/")
def test_a_page_for_readers(backend, slug):
    answer = backend.as_user(None).get(f"/{slug}/")
    assert f"Gates &amp; hinges {slug}" in answer.text


@pytest.mark.characterization(ADD, "GET /{slug}/")
def test_a_draft(backend):
    slug = backend.unique("draft").lower()
    add(backend, slug)
    assert backend.as_user(None).get(f"/{slug}/").status_code == 404


@pytest.mark.negative(ADD, scenario="no title")
def test_a_page_without_a_title(backend):
    path = "/admin/pages/add/home/homepage/3/"
    answer = submit(backend, path, title="", slug="")
    assert "This field is required" in answer.text


@pytest.mark.negative(ADD, scenario="its name is taken")
def test_a_name_that_is_taken(backend, slug):
    path = "/admin/pages/add/home/homepage/3/"
    answer = submit(backend, path, title="Another", slug=slug)
    assert "already in use" in answer.text


@pytest.mark.characterization("GET /admin/pages/{page}/")
def test_pages_for_editors(backend, slug):
    answer = backend.get("/admin/pages/3/", params={"ordering": "-latest_revision_created_at"})
    assert slug in answer.text


@pytest.mark.characterization(EDIT)
def test_edit(backend, slug):
    page = number(backend, slug)
    path = f"/admin/pages/{page}/edit/"
    answer = submit(
        backend, path, title=f"Posts {slug}", slug=slug, **{"action-publish": "action-publish"}
    )
    assert answer.status_code == 302
    assert f"Posts {slug}" in backend.get(f"/{slug}/").text
    assert "Published" in backend.get(f"/admin/pages/{page}/history/").text


@pytest.mark.characterization("POST /admin/pages/{page}/unpublish/")
def test_unpublish(backend, slug):
    answer = submit(backend, f"/admin/pages/{number(backend, slug)}/unpublish/")
    assert answer.status_code == 302
    assert backend.get(f"/{slug}/").status_code == 404


@pytest.mark.characterization("POST /admin/pages/{page}/delete/")
def test_delete(backend, slug):
    page = number(backend, slug)
    answer = submit(backend, f"/admin/pages/{page}/delete/")
    assert answer.status_code == 302
    assert backend.get(f"/admin/pages/{page}/edit/").status_code == 404


@pytest.mark.characterization("GET /admin/choose-page/search/")
def test_choose_a_page(backend, slug):
    answer = backend.get("/admin/choose-page/search/", params={"q": slug})
    assert answer.status_code == 200


@pytest.mark.characterization("GET /search/")
def test_search(backend, slug):
    answer = backend.get("/search/", params={"query": slug})
    assert f"Gates &amp; hinges {slug}" in answer.text


@pytest.mark.characterization("POST /admin/images/add/")
def test_a_picture(backend):
    title = backend.unique("picture")
    files = {"file": ("gate.png", picture(90), "image/png")}
    answer = submit(backend, "/admin/images/add/", files, title=title)
    assert answer.status_code == 302
    page = backend.get("/admin/images/", params={"q": title}).text
    assert title in page
    where = re.search(r"/admin/images/\d+/", page)[0]
    assert title in backend.get(where).text


@pytest.mark.negative("POST /admin/images/add/", scenario="no picture")
def test_what_is_no_picture(backend):
    files = {"file": ("gate.png", b"words", "image/png")}
    answer = submit(backend, "/admin/images/add/", files, title="Words")
    assert answer.status_code == 200


@pytest.mark.characterization("POST /admin/documents/add/", "GET /documents/{id}/{name}")
def test_a_document(backend):
    title = backend.unique("plan")
    files = {"file": (f"{title}.csv", b"part,count\npost,2\n", "text/csv")}
    answer = submit(backend, "/admin/documents/add/", files, title=title)
    assert answer.status_code == 302
    page = backend.get("/admin/documents/", params={"q": title}).text
    where = re.search(r'href="(/documents/\d+/[^"]+)"', page)[1]
    assert backend.get(where).content == b"part,count\npost,2\n"


@pytest.mark.characterization("POST /admin/redirects/add/")
def test_a_redirect(backend):
    old = "/" + backend.unique("old").lower()
    answer = submit(
        backend,
        "/admin/redirects/add/",
        old_path=old,
        site="",
        is_permanent="on",
        redirect_page="",
        redirect_link="https://example.com/plans",
    )
    assert answer.status_code == 302
    answer = backend.get(old + "/")
    assert (answer.status_code, answer.headers["location"]) == (301, "https://example.com/plans")
