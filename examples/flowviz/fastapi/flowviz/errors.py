"""How errors leave: `{detail: …}`, but for those of which FlowViz's clients know `{error: …}`."""

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from flowviz.responses import Header, JsonResponse

logger = logging.getLogger("flowviz")


def invalid(message: str, *location: str | int) -> RequestValidationError:
    """A validation error of one line, for what is checked outside the models."""
    return RequestValidationError([{"type": "value_error", "loc": location, "msg": message}])


class BodyTooLarge(HTTPException):
    """413. Unlike 401, 404 and 409 it is no known difference, so it keeps Express's envelope."""

    def __init__(self) -> None:
        super().__init__(413, "Request body is too large")


def _cache_headers(request: Request) -> list[Header]:
    # What a login answers is nobody's to keep, errors included.
    is_login = request.method == "POST" and request.url.path == "/api/login"
    return [(b"cache-control", b"no-store")] if is_login else []


def _headers(headers: Mapping[str, str]) -> list[Header]:
    # Starlette joins Allow from a set: sorted, it is the same in every process.
    return [
        (
            name.lower().encode(),
            (", ".join(sorted(value.split(", "))) if name == "Allow" else value).encode(),
        )
        for name, value in headers.items()
    ]


async def _http_error(request: Request, error: Exception) -> JsonResponse:
    assert isinstance(error, HTTPException)
    envelope = "error" if isinstance(error, BodyTooLarge) else "detail"
    headers = [*_headers(error.headers or {}), *_cache_headers(request)]
    return JsonResponse({envelope: error.detail}, error.status_code, headers)


async def _validation_error(request: Request, error: Exception) -> JsonResponse:
    assert isinstance(error, RequestValidationError)
    # Only what helps: echoing the input could hold what JSON cannot, and tells logs too much.
    detail: list[dict[str, Any]] = [
        {"type": item["type"], "loc": list(item["loc"]), "msg": item["msg"]}
        for item in error.errors()
    ]
    return JsonResponse({"detail": detail}, 422, _cache_headers(request))


async def _unforeseen(request: Request, error: Exception) -> JsonResponse:
    logger.error("unforeseen error in %s %s", request.method, request.url.path)
    return JsonResponse({"error": "Internal Server Error"}, 500, _cache_headers(request))


def install(app: FastAPI) -> None:
    """Register the handlers above with the application."""
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(Exception, _unforeseen)
