"""Each side is sent a name that the test made up, keeps it, and shows it in capitals, in a page and in a list."""

import json

EXPECT = "go"


def answer(side, request):
    names = request.state.setdefault("names", ["seed"])
    if request.method == "PUT":
        names.append(json.loads(request.body)["name"])
        return 200, {}, {"name": names[-1].upper()}
    return (
        200,
        {"Content-Type": "text/html"},
        "<ul>" + "".join(f"<li>{n}</li>" for n in names) + "</ul>",
    )


TESTS = """
import random

@C("PUT /people/{id}", "GET /people")
def test_people(backend):
    name = random.choice(["Anna", "Bob", "Cleo", "Dan", "Eve"]) + random.choice(["Smith", "Jones", "Miller", "Garcia"])
    backend.put("/people/1", json={"name": name})
    backend.get("/people")
"""
