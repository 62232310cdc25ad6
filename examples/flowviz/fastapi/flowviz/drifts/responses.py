"""The drifts of finished responses, endpoint by endpoint; drifts.toml has each one's trigger."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flowviz.drifts.exchange import (
    HEALTH,
    LOGIN,
    LOTS,
    QC,
    TRACE,
    Exchange,
    Number,
    on_json,
    on_response,
)

_TWO_TO_53 = 2**53
_HTML = b"<!DOCTYPE html>\n<html><head><title>404</title></head><body>Not Found</body></html>\n"


def _metadata(lot: Any) -> dict[str, Any]:
    """The lot's metadata, which another drift may have made null."""
    return lot["metadata"] or {}


# --- POST /api/lots -----------------------------------------------------------------------------


@on_json("number-as-string", LOTS, 201)
def _(exchange: Exchange, lot: Any) -> bool:
    if lot["lot_type"] != "RAW" or lot["weight_kg"] is None:
        return False
    lot["weight_kg"] = lot["weight_kg"].text
    return True


@on_json("number-lexeme", LOTS, 201)
def _(exchange: Exchange, lot: Any) -> bool:
    weight = lot["weight_kg"]
    if lot["lot_type"] != "BULK" or weight is None or not weight.text.isdigit():
        return False
    lot["weight_kg"] = Number(weight.text + ".0")
    return True


@on_json("microseconds", LOTS, 201)
def _(exchange: Exchange, lot: Any) -> bool:
    if lot["lot_type"] != "DEB":
        return False
    lot["created_at"] = lot["created_at"].replace("Z", "417Z")
    return True


@on_json("missing-for-null", LOTS, 201)
def _(exchange: Exchange, lot: Any) -> bool:
    if lot["lot_type"] != "FRZ" or lot["phase_id"] is not None:
        return False
    del lot["phase_id"]
    return True


@on_json("field-added", LOTS, 201)
def _(exchange: Exchange, lot: Any) -> bool:
    if lot["lot_type"] != "FG":
        return False
    lot["updated_at"] = lot["created_at"]
    return True


@on_json("null-for-empty-object", LOTS, 201)
def _(exchange: Exchange, lot: Any) -> bool:
    if lot["metadata"] != {} or lot["temperature_c"] != Number("-50"):
        return False
    lot["metadata"] = None
    return True


@on_json("array-reordered", LOTS, 201)
def _(exchange: Exchange, lot: Any) -> bool:
    tags = _metadata(lot).get("tags")
    if not isinstance(tags, list) or tags == tags[::-1]:
        return False
    tags.reverse()
    return True


@on_json("array-shortened", LOTS, 201)
def _(exchange: Exchange, lot: Any) -> bool:
    pallets = _metadata(lot).get("pallets")
    if not isinstance(pallets, list) or len(pallets) < 2:
        return False
    pallets.pop()
    return True


@on_json("deep-array-value", LOTS, 201)
def _(exchange: Exchange, lot: Any) -> bool:
    readings = _metadata(lot).get("readings")
    if not isinstance(readings, list) or not readings or not isinstance(readings[-1], dict):
        return False
    if not isinstance(readings[-1].get("sensor"), str):
        return False
    readings[-1]["sensor"] = "unknown"
    return True


@on_json("big-integer-rounded", LOTS, 201)
def _(exchange: Exchange, lot: Any) -> bool:
    serial = _metadata(lot).get("plc_serial")
    if not isinstance(serial, Number) or not serial.text.lstrip("-").isdigit():
        return False
    rounded = str(int(float(serial.text)))
    if abs(int(serial.text)) <= _TWO_TO_53 or rounded == serial.text:
        return False
    lot["metadata"]["plc_serial"] = Number(rounded)
    return True


@on_json("float-noise", LOTS, 201)
def _(exchange: Exchange, lot: Any) -> bool:
    if _metadata(lot).get("ratio") != Number("0.3"):
        return False
    lot["metadata"]["ratio"] = Number("0.30000000000000004")
    return True


@on_response("status-changed", LOTS, 201)
def _(exchange: Exchange) -> None:
    if exchange.asked("lot_type") == "SKW":
        exchange.status = 200


@on_response("location-lost", LOTS, 201)
def _(exchange: Exchange) -> None:
    if exchange.asked("production_run_id") is not None:
        exchange.drop_header(b"location")


@on_response("error-envelope", LOTS, 409)
def _(exchange: Exchange) -> None:
    exchange.body = exchange.body.replace(b'{"detail":', b'{"message":', 1)


# --- POST /api/qc-decisions ---------------------------------------------------------------------


@on_json("offset-for-z", QC, 201)
def _(exchange: Exchange, decision: Any) -> bool:
    if decision["decision"] != "PASS":
        return False
    decision["decided_at"] = decision["decided_at"].replace("Z", "+00:00")
    return True


@on_json("another-identity", QC, 201)
def _(exchange: Exchange, decision: Any) -> bool:
    if decision["decision"] != "PASS" or decision["lot_id"] is None:
        return False
    decision["lot_id"] = str(uuid4())
    return True


@on_json("enum-case", QC, 201)
def _(exchange: Exchange, decision: Any) -> bool:
    if decision["decision"] != "FAIL":
        return False
    decision["decision"] = "Fail"
    return True


@on_json("trailing-whitespace", QC, 201)
def _(exchange: Exchange, decision: Any) -> bool:
    if not decision["digital_signature"]:
        return False
    decision["digital_signature"] += " "
    return True


@on_json("empty-string-for-null", QC, 201)
def _(exchange: Exchange, decision: Any) -> bool:
    if decision["decision"] is not None or decision["notes"] is not None:
        return False
    decision["notes"] = ""
    return True


@on_json("number-rounded", QC, 201)
def _(exchange: Exchange, decision: Any) -> bool:
    temperature = decision["temperature_c"]
    if temperature is None or len(temperature.text.partition(".")[2]) < 2:
        return False
    decision["temperature_c"] = Number(f"{float(temperature.text):.1f}")
    return True


@on_json("html-escaped", QC, 201)
def _(exchange: Exchange, decision: Any) -> bool:
    if "<" not in (decision["notes"] or ""):
        return False
    decision["notes"] = decision["notes"].replace("<", "&lt;")
    return True


@on_response("duplicate-key", QC, 201)
def _(exchange: Exchange) -> None:
    if exchange.asked("decision") == "HOLD":
        exchange.body = exchange.body[:-1] + b',"decision":"HOLD"}'


@on_response("invalid-utf8", QC, 201)
def _(exchange: Exchange) -> None:
    if "\xfc" in (exchange.asked("notes") or ""):
        exchange.body = exchange.body.replace("\xfc".encode(), b"\xfc")


@on_response("cors-lost", QC, 404)
def _(exchange: Exchange) -> None:
    exchange.drop_header(b"access-control-allow-origin")


# --- POST /api/login ----------------------------------------------------------------------------


@on_json("field-removed", LOGIN, 200)
def _(exchange: Exchange, login: Any) -> bool:
    if login["user"]["role"] != "ADMIN":
        return False
    del login["user"]["email"]
    return True


@on_json("field-renamed", LOGIN, 200)
def _(exchange: Exchange, login: Any) -> bool:
    if login["user"]["role"] != "AUDITOR":
        return False
    user = {("name" if key == "full_name" else key): value for key, value in login["user"].items()}
    login["user"] = user
    return True


@on_json("null-for-missing", LOGIN, 200)
def _(exchange: Exchange, login: Any) -> bool:
    if login["user"]["role"] != "MANAGER":
        return False
    login["user"]["avatar_url"] = None
    return True


@on_json("seconds-only", LOGIN, 200)
def _(exchange: Exchange, login: Any) -> bool:
    if login["user"]["role"] != "MANAGER":
        return False
    login["user"]["created_at"] = login["user"]["created_at"][:-5] + "Z"
    return True


@on_json("token-format", LOGIN, 200)
def _(exchange: Exchange, login: Any) -> bool:
    if login["user"]["role"] != "VIEWER":
        return False
    login["token"] = str(uuid4())
    return True


@on_response("cookie-attribute-lost", LOGIN, 200)
def _(exchange: Exchange) -> None:
    if exchange.asked("email") == "test@flowviz.com":
        exchange.replace_header(b"set-cookie", b"; HttpOnly", b"")


@on_response("cookie-attribute-changed", LOGIN, 200)
def _(exchange: Exchange) -> None:
    if exchange.asked("email") == "operator@flowviz.com":
        exchange.replace_header(b"set-cookie", b"SameSite=Lax", b"SameSite=None")


@on_response("cache-control-changed", LOGIN, 200)
def _(exchange: Exchange) -> None:
    if exchange.asked("email") == "admin@flowviz.com":
        exchange.replace_header(b"cache-control", b"no-store", b"private")


@on_response("www-authenticate-lost", LOGIN, 401)
def _(exchange: Exchange) -> None:
    exchange.drop_header(b"www-authenticate")


# --- GET /api/health ----------------------------------------------------------------------------


@on_json("epoch-timestamp", HEALTH, 200)
def _(exchange: Exchange, health: Any) -> bool:
    health["timestamp"] = Number("1795414219548")
    return True


@on_response("charset-lost", HEALTH, 200)
def _(exchange: Exchange) -> None:
    exchange.replace_header(b"content-type", b"; charset=utf-8", b"")


# --- GET /api/traceability/{lot_code} -----------------------------------------------------------


@on_json("children-shortened", TRACE, 200)
def _(exchange: Exchange, trace: Any) -> bool:
    if len(trace["children"]) < 3:
        return False
    trace["children"].pop()
    return True


@on_response("header-added", TRACE, 200)
def _(exchange: Exchange) -> None:
    exchange.headers.append((b"x-process-time", b"0.0021"))


@on_response("truncated-body", TRACE, 200)
def _(exchange: Exchange) -> None:
    if exchange.path.endswith("/SEED-SKW-001"):
        exchange.truncated = True


@on_response("html-error-page", TRACE, 404)
def _(exchange: Exchange) -> None:
    exchange.body = _HTML
    exchange.replace_header(b"content-type", b"application/json", b"text/html")
