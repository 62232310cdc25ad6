"""A page for users has a box of filters: yes or no three times, and the groups by name, which tests made up; each side has a database of its own."""

import json
import random

EXPECT = "go"
TARGET = "shared_state = false"
YES_OR_NO = [("?", "All"), ("?{0}=1", "Yes"), ("?{0}=0", "No")]


def box(title, options):
    lines = [f'<div data-title="{title}">', "<ul>"]
    lines += [f'<li><a href="{href.format(title)}">{text}</a></li>' for href, text in options]
    return "\n".join([*lines, "</ul>", "</div>"])


def answer(side, request):
    groups = request.state.setdefault("groups", [])
    if request.method == "POST":
        groups.append(json.loads(request.body)["name"])
        return 201, {}, {"id": len(groups)}
    named = sorted((name, number) for number, name in enumerate(groups, 1))
    chosen = [
        ("?", "All"),
        *((f"?group={number}", name) for name, number in named),
        ("?group=", "-"),
    ]
    boxes = [box(title, YES_OR_NO) for title in ("staff", "superuser", "active")]
    boxes.append(box("groups", chosen))
    took = f"<p>{random.randint(1000, 9999)} users on line</p>"
    page = "\n".join(["<html><body>", "<nav>", *boxes, "</nav>", took, "</body></html>"])
    return 200, {"Content-Type": "text/html"}, page


TESTS = """
@C("POST /groups")
def test_groups(backend):
    for word in ("painters", "smiths"):
        backend.post("/groups", json={"name": backend.unique(word)})


@C("POST /groups")
def test_more_groups(backend):
    for word in ("painters", "smiths"):
        backend.post("/groups", json={"name": backend.unique(word)})


@C("GET /users")
def test_users(backend):
    backend.get("/users")
"""
