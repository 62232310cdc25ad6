"""JSON responses, written as Express writes them."""

from collections.abc import Sequence
from typing import Any

import orjson
from starlette.responses import Response

Header = tuple[bytes, bytes]

_CONTENT_TYPE = (b"content-type", b"application/json; charset=utf-8")


class JsonResponse(Response):
    """A response of the given JSON value.

    FastAPI's own fast path serializes through a response model, which cannot print a number the
    way JavaScript does (500, not 500.0) nor pass stored JSON through untouched; and Starlette's
    `Response` builds its headers through a dict that none of our responses needs.
    """

    def __init__(self, content: Any, status: int = 200, headers: Sequence[Header] = ()) -> None:
        self.status_code = status
        self.background = None
        self.body = orjson.dumps(content)
        self.raw_headers = [
            _CONTENT_TYPE,
            (b"content-length", str(len(self.body)).encode()),
            *headers,
        ]
