"""What one backend wrote the other shows."""

import pytest


@pytest.mark.crossover("POST /posts", "GET /posts")
def test_the_candidate_shows_the_post(baseline, candidate):
    text = f"From the old one: {baseline.unique('topic')}"
    created = baseline.post("/posts", json={"author": "ada", "text": text}).json()
    read = candidate.get(f"/posts/{created['id']}").json()
    assert read["text"] == text
    assert created["id"] in [post["id"] for post in candidate.get("/posts").json()["items"]]


@pytest.mark.crossover("POST /posts/{id}/comments", "GET /posts/{id}/comments")
def test_the_baseline_shows_the_comment(baseline, candidate):
    text = candidate.unique("topic")
    created = candidate.post("/posts", json={"author": "ada", "text": text}).json()
    candidate.post(f"/posts/{created['id']}/comments", json={"author": "grace", "text": "Seen."})
    assert baseline.get(f"/posts/{created['id']}/comments").json()["count"] == 1
