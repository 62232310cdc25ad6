"""Credentials in the query, as a login left them on the client's `params`."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any

from pytest_cutover.backends.http import library as http


class QueryLogin(http.Auth):
    """Adds parameters to the query of each request, and then what another way to log in does.

    It is a way to log in like any other: a request as nobody has none of it.
    """

    def __init__(self, params: Mapping[str, str], then: Any = None) -> None:
        self.params = dict(params)
        self._then = then
        if then is not None:
            self.requires_request_body = then.requires_request_body
            self.requires_response_body = then.requires_response_body

    def auth_flow(self, request: http.Request) -> Generator[http.Request, http.Response, None]:
        """Send the request with the parameters."""
        request.url = request.url.copy_merge_params(self.params)
        if self._then is None:
            yield request
        else:
            yield from self._then.auth_flow(request)
