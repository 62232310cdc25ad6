"""Both backends agree on what the newest version is."""

import pytest


@pytest.mark.crossover("PUT /docs/{slug}", "GET /docs/{slug}")
def test_an_etag_of_the_baseline_is_good_on_the_candidate(baseline, candidate):
    made = baseline.post(
        "/docs", json={"title": f"Shared {baseline.unique('Topic')}", "content": "1"}
    )
    doc, etag = made.headers["Location"], made.headers["ETag"]
    changed = candidate.put(doc, json={"content": "2"}, headers={"If-Match": etag})
    assert changed.status_code == 200
    assert baseline.get(doc).json() == changed.json()
    late = baseline.put(doc, json={"content": "3"}, headers={"If-Match": etag})
    assert late.status_code == 412
