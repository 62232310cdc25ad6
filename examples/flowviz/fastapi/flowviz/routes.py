"""The five endpoints.

Plain routes rather than path operations: the handlers read the request themselves and return
finished responses, because bodies must be read and numbers printed as Express does (see `body` and
`records`). Nothing is left for FastAPI to inject or to serialize, and its machinery for that is
half of the time that a small request takes.
"""

from typing import Any
from urllib.parse import quote, unquote_to_bytes

import asyncpg  # type: ignore[import-untyped]
from fastapi import HTTPException, Request
from starlette.routing import BaseRoute, Route

from flowviz import records
from flowviz.body import exact_metadata, read_model
from flowviz.errors import invalid
from flowviz.responses import JsonResponse
from flowviz.schemas import Login, LotCreate, QCDecisionCreate
from flowviz.tokens import ACCESS_SECONDS

_NO_STORE = (b"cache-control", b"no-store")

# `last_login` is written by the nightly audit job from the access log, not here: a login stays a
# read, which is what lets it be served from a replica.
_FIND_USER = f"SELECT {records.USER_COLUMNS} FROM users WHERE lower(email) = lower($1)"

# The operator is looked up again, because a token may outlive its user.
_INSERT_LOT = f"""
  INSERT INTO lots (lot_code, lot_type, production_run_id, weight_kg, temperature_c, metadata,
                    operator_id)
  VALUES ($1, $2, $3, $4::float8, $5::float8, $6, (SELECT id FROM users WHERE id = $7))
  RETURNING {records.LOT_COLUMNS}"""

# Gates live in the line controller, so qc_gate_id is not checked; lot_id is, by its foreign key.
_INSERT_DECISION = f"""
  INSERT INTO qc_decisions (lot_id, qc_gate_id, decision, notes, temperature_c, digital_signature,
                            operator_id)
  VALUES ($1, $2, $3, $4, $5, $6, (SELECT id FROM users WHERE id = $7))
  RETURNING {records.DECISION_COLUMNS}"""

_RELATED_COLUMNS = ", ".join(f"lots.{name.strip()}" for name in records.LOT_COLUMNS.split(","))
# One round trip: the lot itself and its neighbours of one generation, told apart by `relation`.
_TRACE = f"""
  WITH central AS (SELECT * FROM lots WHERE lot_code = $1)
  SELECT 'central' AS relation, {_RELATED_COLUMNS} FROM central AS lots
  UNION ALL
  SELECT 'parent', {_RELATED_COLUMNS} FROM central
    JOIN lot_genealogy AS link ON link.child_id = central.id
    JOIN lots ON lots.id = link.parent_id
  UNION ALL
  SELECT 'child', {_RELATED_COLUMNS} FROM central
    JOIN lot_genealogy AS link ON link.parent_id = central.id
    JOIN lots ON lots.id = link.child_id"""


async def health(request: Request) -> JsonResponse:
    """Answers without the database: a slow query must not take us out of the load balancer."""
    return JsonResponse({"status": "ok", "timestamp": records.now()})


async def login(request: Request) -> JsonResponse:
    """Who has this email, and a token for them."""
    model, _ = await read_model(request, Login)
    row = await request.app.state.pool.fetchrow(_FIND_USER, model.email)
    if row is None:
        raise HTTPException(401, "Unknown user", {"WWW-Authenticate": 'Bearer realm="flowviz"'})
    token = request.app.state.tokens.issue(row["id"])
    cookie = (
        f"flowviz_session={token}; Max-Age={ACCESS_SECONDS}; Path=/; HttpOnly; SameSite=Lax"
    ).encode()
    content = {"user": records.user(row), "token": token}
    return JsonResponse(content, 200, [_NO_STORE, (b"set-cookie", cookie)])


async def create_lot(request: Request) -> JsonResponse:
    """Record a lot."""
    model, body = await read_model(request, LotCreate)
    try:
        row = await request.app.state.pool.fetchrow(
            _INSERT_LOT,
            model.lot_code,
            model.lot_type,
            model.production_run_id,
            model.weight_kg,
            model.temperature_c,
            exact_metadata(body) if model.metadata else "{}",
            request.app.state.tokens.operator(request.headers.get("authorization")),
        )
    except asyncpg.UniqueViolationError as error:
        raise HTTPException(409, "lot_code already exists") from error
    except asyncpg.DataError as error:
        raise invalid("is out of the range that can be stored", "body", "metadata") from error
    # What encodeURIComponent leaves alone, beside what quote() does.
    location = "/api/traceability/" + quote(model.lot_code, safe="!~*'()")
    return JsonResponse(records.lot(row), 201, [(b"location", location.encode())])


async def create_qc_decision(request: Request) -> JsonResponse:
    """Record a decision of quality control."""
    model, _ = await read_model(request, QCDecisionCreate)
    try:
        row = await request.app.state.pool.fetchrow(
            _INSERT_DECISION,
            model.lot_id,
            model.qc_gate_id,
            model.decision,
            model.notes,
            model.temperature_c,
            model.digital_signature,
            request.app.state.tokens.operator(request.headers.get("authorization")),
        )
    except asyncpg.ForeignKeyViolationError as error:
        raise HTTPException(404, "Lot not found") from error
    return JsonResponse(records.decision(row), 201)


async def traceability(request: Request) -> JsonResponse:
    """A lot with its direct parents and children."""
    lot_code = _decoded(request.path_params["lot_code"])
    rows = await request.app.state.pool.fetch(_TRACE, lot_code)
    related: dict[str, list[dict[str, Any]]] = {"central": [], "parent": [], "child": []}
    for row in rows:
        related[row["relation"]].append(records.lot(row))
    if not related["central"]:
        raise HTTPException(404, "Lot not found")
    return JsonResponse(
        {
            "central": related["central"][0],
            "parents": related["parent"],
            "children": related["child"],
        }
    )


def _decoded(segment: str) -> str:
    """A path segment percent-decoded as strictly as JavaScript's `decodeURIComponent`."""
    for escape in segment.split("%")[1:]:
        if len(escape) < 2 or not all(digit in "0123456789abcdefABCDEF" for digit in escape[:2]):
            raise invalid("is not percent-encoded UTF-8", "path", "lot_code")
    try:
        text = unquote_to_bytes(segment).decode("utf-8")
    except UnicodeDecodeError as error:
        raise invalid("is not percent-encoded UTF-8", "path", "lot_code") from error
    if "\x00" in text:
        raise invalid("holds a character that is not allowed", "path", "lot_code")
    return text


ROUTES: list[BaseRoute] = [
    Route("/api/health", health, methods=["GET"]),  # Starlette answers HEAD too, as Express does
    Route("/api/login", login, methods=["POST"]),
    Route("/api/lots", create_lot, methods=["POST"]),
    Route("/api/qc-decisions", create_qc_decision, methods=["POST"]),
    Route("/api/traceability/{lot_code}", traceability, methods=["GET"]),
]
