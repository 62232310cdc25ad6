"""Reads a JSON object from a request, under the same rules as Express's `readJson`.

FastAPI would read the body by itself, but with Python's rules: NaN is a number to it, the
size is unbounded, and numbers in metadata lose their digits.
"""

import json
import re
from typing import Any, TypeVar

import orjson
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from flowviz.errors import BodyTooLarge, invalid

BODY_LIMIT_BYTES = 100 * 1024
MAX_DEPTH = 100
# A double holds every integer of this many digits.
_EXACT_DIGITS = 15
_JSON_TYPE = re.compile(r"application/(?:[\w.+-]+\+)?json", re.ASCII)

Model = TypeVar("Model", bound=BaseModel)


async def read_model(request: Request, model: type[Model]) -> tuple[Model, bytes]:
    """The body as an instance of `model`, and its bytes; `RequestValidationError` or 413 if not."""
    body = await _read(request)
    payload = _parse(request, body)
    try:
        return model.model_validate(payload), body
    except ValidationError as error:
        items = error.errors(include_url=False, include_context=False, include_input=False)
        raise RequestValidationError(
            [{**item, "loc": ("body", *item["loc"])} for item in items]
        ) from error


def exact_metadata(body: bytes) -> str:
    """The `metadata` of a valid body as JSON text, its numbers with all the digits they came with.

    Machines send serial numbers of 64 bits and more, which a float would round.
    """
    metadata = json.loads(body, parse_float=_as_written, parse_int=_as_written)["metadata"]
    return orjson.dumps(metadata).decode()


async def _read(request: Request) -> bytes:
    if request.headers.get("content-encoding", "").lower() not in ("", "identity"):
        raise invalid("Content-Encoding is not supported", "header", "content-encoding")
    if int(request.headers.get("content-length", "0")) > BODY_LIMIT_BYTES:
        raise BodyTooLarge
    body = b""
    async for chunk in request.stream():
        body = body + chunk if body else chunk
        if len(body) > BODY_LIMIT_BYTES:
            raise BodyTooLarge
    return body


def _parse(request: Request, body: bytes) -> dict[str, Any]:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not _JSON_TYPE.fullmatch(media_type):
        raise invalid("Content-Type must be application/json", "header", "content-type")
    if not body:
        raise invalid("Request body is required", "body")
    try:
        payload = _loads(body)
    except (ValueError, RecursionError) as error:
        raise invalid("Request body is not valid JSON", "body") from error
    if not isinstance(payload, dict):
        raise invalid("Request body must be a JSON object", "body")
    if _is_too_deep(payload):
        raise invalid(f"Request body is nested deeper than {MAX_DEPTH}", "body")
    return payload


def _loads(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        # orjson refuses numbers beyond a double's range and half surrogate pairs, which are JSON
        # nevertheless: what becomes of them is for the models to say.
        text = body.decode("utf-8")
        return json.loads(text, parse_constant=_refuse, parse_int=_float_if_long)


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def _float_if_long(digits: str) -> int | float:
    return int(digits) if len(digits) <= _EXACT_DIGITS else float(digits)


def _as_written(number: str) -> orjson.Fragment:
    return orjson.Fragment(number.encode())


def _is_too_deep(payload: dict[str, Any]) -> bool:
    level: list[Any] = [payload]
    for _ in range(MAX_DEPTH + 1):
        level = [
            child
            for item in level
            for child in (item.values() if isinstance(item, dict) else item)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True
