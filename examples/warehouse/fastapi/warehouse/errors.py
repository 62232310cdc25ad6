"""One envelope for every error: `{"error": {"code", "message", "fields"}}`."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from sqlalchemy.exc import IntegrityError
from starlette.exceptions import HTTPException

from warehouse.drifts import on
from warehouse.settings import PREFIX

_CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "too_large",
    422: "invalid",
}


class NotFoundError(Exception):
    """There is no such row; the message names it."""


class ConflictError(Exception):
    """The state of a row does not allow what was asked."""


def _answer(
    status: int, message: str, fields: tuple[str, ...] = (), headers: dict[str, str] | None = None
) -> JSONResponse:
    error = {"code": _CODES[status], "message": message, "fields": list(fields)}
    return JSONResponse({"error": error}, status, headers)


def install_handlers(app: FastAPI) -> None:
    """Let every error of the application, and of what it is made of, have that envelope."""

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        fields = {".".join(map(str, one["loc"][:2])) for one in error.errors()}
        if any(one["type"] == "json_invalid" for one in error.errors()):
            fields = {"body"}
        path = request.url.path
        if on("invalid-order-is-400") and path == f"{PREFIX}/orders":
            return _answer(400, "the request is not valid", tuple(sorted(fields)))
        if on("invalid-item-names-no-fields") and path == f"{PREFIX}/items":
            fields = set()
        return _answer(422, "the request is not valid", tuple(sorted(fields)))

    @app.exception_handler(HTTPException)
    async def _refused(request: Request, error: HTTPException) -> Response:
        headers = dict(error.headers or {})
        if on("unknown-path-is-html") and error.status_code == 404:
            return HTMLResponse("<h1>Not Found</h1>", 404)
        if on("wrong-method-names-none") and error.status_code == 405:
            headers = {}
        if on("no-token-is-forbidden") and error.detail == "a token is needed":
            return _answer(403, error.detail)
        return _answer(error.status_code, _message(error), headers=headers)

    @app.exception_handler(NotFoundError)
    async def _not_found(request: Request, error: NotFoundError) -> Response:
        if on("missing-order-says-detail") and str(error) == "no such order":
            return JSONResponse({"detail": "Not Found"}, 404)
        if on("missing-reference-is-422") and request.method == "POST":
            return _answer(422, str(error))
        return _answer(404, str(error))

    @app.exception_handler(ConflictError)
    async def _conflict(request: Request, error: ConflictError) -> Response:
        return _answer(409, str(error))

    @app.exception_handler(IntegrityError)
    async def _taken_or_in_use(request: Request, error: IntegrityError) -> Response:
        if on("taken-sku-is-500") and request.url.path == f"{PREFIX}/items":
            return JSONResponse({"error": "Internal Server Error"}, 500)
        in_use = getattr(error.orig, "sqlstate", "") == "23503"
        return _answer(409, "still in use" if in_use else "already exists")


def _message(error: HTTPException) -> str:
    if error.status_code == 404:
        return "there is no such path"
    if error.status_code == 405:
        return "the method is not allowed here"
    if error.status_code == 400:
        return "the body cannot be read"
    return str(error.detail)
