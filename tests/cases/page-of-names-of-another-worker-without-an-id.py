"""The first five games by a title that tests of two workers made up: one of the candidate's has a word for its id."""

import json
import random
import string

EXPECT = "not-go"
ARGS = ["-n", "2", "--dist", "loadfile"]
TARGET = "shared_state = false\nwrites = true"
URLS = True
SIGNS = string.ascii_letters + string.digits


def drawn(number):
    """Return ten signs; every third id happens to have no digit."""
    if number % 3 == 0:
        return "".join(random.sample(string.ascii_letters, 10))
    return "7" + "".join(random.sample(SIGNS, 9))


def answer(side, request):
    games = request.state.setdefault("games", [])
    if request.method == "POST":
        sent = json.loads(request.body)
        games.append(
            {
                "objectId": drawn(len(games)),
                "title": sent["title"],
                "score": sent["score"],
                "tags": ["a"],
            }
        )
        return 201, {}, {"objectId": games[-1]["objectId"]}
    if request.path == "/games":
        page = [dict(game) for game in sorted(games, key=lambda game: game["title"])[:5]]
        if side == "candidate":
            page[1]["objectId"] = "undefined"
        return 200, {}, {"results": page}
    return 200, {}, {"ok": True}


FILES = {
    "test_writes.py": """
import pathlib
import pytest


@pytest.mark.characterization("POST /games")
@pytest.mark.parametrize("n", range(12))
def test_write(backend, n):
    backend.post("/games", json={"title": backend.unique("game"), "score": 10})


@pytest.mark.characterization("GET /ok")
def test_written(backend):
    backend.get("/ok")
    pathlib.Path(__file__).with_name("written").touch()
"""
}
TESTS = """
import pathlib
import time

import pytest


@C("POST /games")
@pytest.mark.parametrize("n", range(4))
def test_create(backend, n):
    backend.post("/games", json={"title": backend.unique("game"), "score": 10})


@C("GET /ok")
def test_meanwhile(backend):
    for _ in range(600):
        if pathlib.Path(__file__).with_name("written").exists():
            break
        time.sleep(0.05)
    backend.get("/ok")


@C("GET /games")
def test_first_five(backend):
    backend.get("/games")
"""
