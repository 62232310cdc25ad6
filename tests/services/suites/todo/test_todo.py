"""Things to do, in lists."""

import pytest

INBOX = "/lists/6f1d5c1e-5a0b-4f43-9a51-0c7f6a2b9d10"
TODOS, ADD = "GET /lists/{list}/todos", "POST /lists/{list}/todos"


@pytest.fixture
def owner(backend):
    return backend.unique("owner")


@pytest.fixture
def box(backend, owner):
    """The address of a list of this test's own, with three items; gone afterwards."""
    title = f"Trip to {backend.unique('place')}"
    made = backend.post("/lists", json={"title": title, "owner": owner})
    for title, due in (("Pack", "2027-01-10"), ("Book a room", None), ("Buy a map", "2027-01-03")):
        backend.post(f"{made.headers['Location']}/todos", json={"title": title, "due": due})
    yield made.headers["Location"]
    backend.delete(made.headers["Location"])


@pytest.mark.characterization("POST /lists", "GET /lists/{list}")
def test_a_list(backend, owner):
    made = backend.post("/lists", json={"title": "Groceries", "owner": owner})
    assert made.status_code == 201
    assert backend.get(made.headers["Location"]).json() == made.json()


@pytest.mark.characterization(ADD, TODOS)
def test_items_of_a_list(backend, box):
    answer = backend.get(f"{box}/todos").json()
    assert [item["position"] for item in answer["items"]] == [1, 2, 3]
    assert answer["total"] == answer["open"] == 3


@pytest.mark.characterization(TODOS)
@pytest.mark.parametrize(
    "query", ["done=true", "done=false", "q=errand+1", "limit=5&offset=5", "sort=due"]
)
def test_the_inbox(backend, query):
    assert backend.get(f"{INBOX}/todos?{query}").json()["items"]


@pytest.mark.characterization("PATCH /todos/{id}", "GET /todos/{id}", TODOS)
def test_finish_one(backend, box):
    last = backend.get(f"{box}/todos").json()["items"][-1]
    done = backend.patch(f"/todos/{last['id']}", json={"done": True}).json()
    assert done["done"] is True
    assert done["updated_at"] > done["created_at"]
    assert backend.get(f"/todos/{last['id']}").json() == done
    assert backend.get(f"{box}/todos", params={"done": "false"}).json()["total"] == 2
    assert backend.get(f"{box}/todos").status_code == 200


@pytest.mark.characterization("PATCH /todos/{id}")
def test_another_title_and_priority(backend, box):
    first = backend.get(f"{box}/todos").json()["items"][0]
    title = f"Pack {backend.unique('suitcase')}"
    changed = backend.patch(f"/todos/{first['id']}", json={"title": title, "priority": "high"})
    assert changed.json()["title"] == title


@pytest.mark.characterization("PUT /todos/{id}/position", TODOS)
def test_move_the_last_to_the_front(backend, box):
    last = backend.get(f"{box}/todos").json()["items"][-1]
    moved = backend.put(f"/todos/{last['id']}/position", json={"position": 1})
    assert moved.status_code == 200
    titles = [item["title"] for item in backend.get(f"{box}/todos").json()["items"]]
    assert titles == ["Buy a map", "Pack", "Book a room"]


@pytest.mark.characterization("DELETE /todos/{id}", TODOS)
def test_delete(backend, box):
    first = backend.get(f"{box}/todos").json()["items"][0]
    assert backend.delete(f"/todos/{first['id']}").status_code == 204
    assert backend.get(f"{box}/todos").json()["total"] == 2


@pytest.mark.characterization("POST /lists/{list}/complete", "GET /lists")
def test_finish_all(backend, box, owner):
    assert backend.post(f"{box}/complete").json() == {"completed": 3}
    [mine] = backend.get("/lists", params={"owner": owner}).json()
    assert (mine["todos"], mine["open"]) == (3, 0)


@pytest.mark.characterization("GET /lists")
def test_lists_of_everybody(backend, box):
    lists = backend.get("/lists").json()
    assert len(lists) <= 25
    assert box.rsplit("/", 1)[1] in [one["id"] for one in lists]


@pytest.mark.characterization("POST /lists/{list}/import", TODOS)
def test_import_a_file(backend, box):
    content = f"title,due\nSend {backend.unique('card')},2027-02-01\nCall home,\n"
    files = {"file": ("more.csv", content.encode(), "text/csv")}
    answer = backend.post(f"{box}/import", files=files).json()
    assert answer["imported"] == 2
    assert backend.get(f"{box}/todos").json()["total"] == 5


@pytest.mark.characterization("GET /lists/{list}/print")
def test_print(backend, box):
    backend.post(f"{box}/complete")
    backend.post(f"{box}/todos", json={"title": "Come home"})
    answer = backend.get(f"{box}/print")
    assert answer.text.count('class="done"') == 3


@pytest.mark.characterization("DELETE /lists/{list}")
def test_delete_a_list(backend, owner):
    made = backend.post("/lists", json={"title": "Old", "owner": owner})
    assert backend.delete(made.headers["Location"]).status_code == 204
    assert backend.get(made.headers["Location"]).status_code == 404


@pytest.mark.negative(ADD, scenario="bad item")
@pytest.mark.parametrize(
    "body",
    [{}, {"title": ""}, {"title": "a", "due": "soon"}, {"title": "a", "priority": 1}],
    ids=["nothing", "empty", "due", "priority"],
)
def test_bad_item(backend, box, body):
    assert backend.post(f"{box}/todos", json=body).status_code == 422


@pytest.mark.negative("PUT /todos/{id}/position", scenario="beyond the end")
def test_move_beyond_the_end(backend, box):
    first = backend.get(f"{box}/todos").json()["items"][0]
    assert backend.put(f"/todos/{first['id']}/position", json={"position": 9}).status_code == 422


@pytest.mark.negative("GET /todos/{id}", scenario="unknown")
def test_unknown(backend):
    assert backend.get("/todos/00000000-0000-4000-8000-000000000000").status_code == 404


@pytest.mark.negative("POST /lists", scenario="not JSON")
def test_not_json(backend):
    assert backend.post("/lists", content=b"{title").status_code == 400
