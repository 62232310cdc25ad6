"""Lots that cannot be traced."""

from urllib.parse import quote

import pytest

from .matrix import TRACE, UNREADABLE_PATHS, UNTRACED, refusals


@pytest.mark.parametrize("row", refusals(*UNTRACED))
def test_unknown_lot(backend, row):
    path = f"/api/traceability/{quote(row.value, safe='+')}"

    assert backend.get(path).status_code == 404


@pytest.mark.parametrize("row", refusals(*UNREADABLE_PATHS))
def test_unreadable_path(backend, row):
    path = f"/api/traceability/{row.value}"

    # httpx would mend the path; as a target it is sent as it stands.
    response = backend.get(path, extensions={"target": path.encode()})

    assert response.status_code in (400, 422)


@pytest.mark.negative(TRACE, scenario="unknown lot: dots")
@pytest.mark.parametrize("code", ["...", "%2E%2E"], ids=["three", "two-encoded"])
def test_dots(backend, code):
    path = f"/api/traceability/{code}"

    assert backend.get(path, extensions={"target": path.encode()}).status_code == 404
