"""Users and groups behind Django's admin: pages, forms, a session."""
# ruff: noqa: D103

import re

import pytest

PASSWORD = "Correct-Horse-7"
USERS, USER = "GET /admin/auth/user/", "GET /admin/auth/user/{id}/change/"
ADD_USER, ADD_GROUP = "POST /admin/auth/user/add/", "POST /admin/auth/group/add/"


def token(page):
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]


def submit(backend, path, **fields):
    """Fill in the form at a path and send it."""
    form = backend.get(path)
    return backend.post(path, data={"csrfmiddlewaretoken": token(form), **fields})


@pytest.fixture(scope="session")
def cutover_login(backend):
    form = backend.get("/admin/login/")
    answer = backend.post(
        "/admin/login/?next=/admin/",
        data={"csrfmiddlewaretoken": token(form), "username": "anna", "password": PASSWORD},
    )
    assert answer.status_code == 302
    return True


def add_user(backend, name):
    answer = submit(
        backend,
        "/admin/auth/user/add/",
        username=name,
        usable_password="true",
        password1=f"{PASSWORD}-x",
        password2=f"{PASSWORD}-x",
    )
    assert answer.status_code == 302
    return answer.headers["location"]


@pytest.fixture
def user(backend):
    """The page of a user of this test's own."""
    return add_user(backend, backend.unique("user"))


@pytest.mark.characterization("GET /admin/")
def test_the_first_page(backend):
    assert "Site administration" in backend.get("/admin/").text


@pytest.mark.characterization("GET /admin/")
def test_nobody_is_sent_to_the_login(backend):
    answer = backend.as_user(None).get("/admin/")
    assert answer.headers["location"] == "/admin/login/?next=/admin/"


@pytest.mark.characterization("GET /admin/login/")
def test_the_login_page(backend):
    assert "csrfmiddlewaretoken" in backend.as_user(None).get("/admin/login/").text


@pytest.mark.negative("POST /admin/login/", scenario="wrong password")
def test_a_wrong_password(backend):
    nobody = backend.as_user(None)
    form = nobody.get("/admin/login/")
    answer = nobody.post(
        "/admin/login/",
        data={"csrfmiddlewaretoken": token(form), "username": "anna", "password": "wrong"},
    )
    assert "Please enter the correct username" in answer.text


@pytest.mark.negative("POST /admin/login/", scenario="no token")
def test_a_form_without_a_token(backend):
    answer = backend.as_user(None).post("/admin/login/", data={"username": "anna"})
    assert answer.status_code == 403


@pytest.mark.characterization(USERS)
def test_all_users(backend):
    assert "anna@example.com" in backend.get("/admin/auth/user/").text


@pytest.mark.characterization(USERS)
@pytest.mark.parametrize("query", ["q=anna", "is_superuser__exact=1", "o=1&p=0", "q=nobody"])
def test_search_for_users(backend, query):
    assert backend.get(f"/admin/auth/user/?{query}").status_code == 200


@pytest.mark.characterization(ADD_USER, USERS)
def test_add_a_user(backend):
    name = backend.unique("clara")
    assert re.fullmatch(r"/admin/auth/user/\d+/change/", add_user(backend, name))
    assert name in backend.get("/admin/auth/user/").text


@pytest.mark.negative(ADD_USER, scenario="passwords differ")
def test_two_passwords_that_differ(backend):
    answer = submit(
        backend,
        "/admin/auth/user/add/",
        username=backend.unique("user"),
        usable_password="true",
        password1="Some-Pass-1",
        password2="Some-Pass-2",
    )
    assert answer.status_code == 200
    assert "errorlist" in answer.text


@pytest.mark.negative(ADD_USER, scenario="name is taken")
def test_a_name_that_is_taken(backend):
    answer = submit(
        backend,
        "/admin/auth/user/add/",
        username="anna",
        usable_password="true",
        password1=PASSWORD,
        password2=PASSWORD,
    )
    assert "already exists" in answer.text


@pytest.mark.characterization(USER)
def test_page_of_a_user(backend, user):
    assert "Personal info" in backend.get(user).text


@pytest.mark.characterization("POST /admin/auth/user/{id}/change/", USER)
def test_change_a_user(backend, user):
    page = backend.get(user)
    fields = dict(re.findall(r'<input[^>]*name="([^"]+)" value="([^"]*)"', page.text))
    known = {k: v for k, v in fields.items() if k in ("username", "csrfmiddlewaretoken")}
    joined = {k: fields[k] for k in ("date_joined_0", "date_joined_1")}
    answer = backend.post(
        user,
        data={**known, **joined, "first_name": "Clara", "is_active": "on", "_continue": "1"},
    )
    assert answer.status_code == 302
    assert 'value="Clara"' in backend.get(user).text


@pytest.mark.characterization("GET /admin/auth/user/{id}/history/")
def test_history_of_a_user(backend, user):
    assert "Added." in backend.get(user.replace("change", "history")).text


@pytest.mark.characterization("GET /admin/auth/user/{id}/delete/")
def test_ask_before_deleting(backend, user):
    assert "Are you sure" in backend.get(user.replace("change", "delete")).text


@pytest.mark.characterization("POST /admin/auth/user/{id}/delete/", USER)
def test_delete_a_user(backend, user):
    assert submit(backend, user.replace("change", "delete"), post="yes").status_code == 302
    assert backend.get(user).status_code == 302


@pytest.mark.negative(USER, scenario="no such user")
def test_no_such_user(backend):
    assert backend.get("/admin/auth/user/99999/change/").status_code == 302


@pytest.mark.characterization(ADD_GROUP, "GET /admin/auth/group/")
def test_groups(backend):
    for name in (backend.unique("painters"), backend.unique("smiths")):
        answer = submit(backend, "/admin/auth/group/add/", name=name, permissions="1")
        assert answer.status_code == 302
    assert name in backend.get("/admin/auth/group/").text


@pytest.mark.characterization("POST /admin/auth/user/")
def test_delete_several_at_once(backend):
    places = [add_user(backend, backend.unique("many")) for _ in range(2)]
    ids = [re.search(r"\d+", place)[0] for place in places]
    page = backend.get("/admin/auth/user/")
    answer = backend.post(
        "/admin/auth/user/",
        data={
            "csrfmiddlewaretoken": token(page),
            "action": "delete_selected",
            "_selected_action": ids,
        },
    )
    assert "Are you sure" in answer.text


@pytest.mark.characterization("GET /admin/password_change/")
def test_the_form_for_a_new_password(backend):
    assert "Old password" in backend.get("/admin/password_change/").text


@pytest.mark.characterization("GET /admin/jsi18n/")
def test_texts_for_scripts(backend):
    assert "gettext" in backend.get("/admin/jsi18n/").text
