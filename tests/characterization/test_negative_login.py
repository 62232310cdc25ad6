"""Who is refused a login, and how."""

import pytest

from .matrix import INVALID_LOGINS, STRANGERS, refusals


@pytest.mark.parametrize("row", refusals(*STRANGERS))
def test_unknown_user(backend, row):
    response = row.send(backend)

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="flowviz"'
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("row", refusals(*INVALID_LOGINS))
def test_invalid_email(backend, row):
    response = row.send(backend)

    assert response.status_code in (400, 422)
    assert "Set-Cookie" not in response.headers
