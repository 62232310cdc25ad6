"""The matrix: operation × status × constraint, at each boundary, just inside it and just outside.

A row is one request and the status that Express answers. `test_matrix.py` holds the rows against
`contract/openapi.yaml`; each becomes a test in the file of its operation. The text of a row is the
id of its test and, for a refusal, its scenario, which accepted differences are scoped to.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import httpx

    from pytest_cutover import Backend

HEALTH = "GET /api/health"
LOGIN = "POST /api/login"
LOTS = "POST /api/lots"
DECISIONS = "POST /api/qc-decisions"
TRACE = "GET /api/traceability/{lot_code}"

JSON = {"Content-Type": "application/json"}
UUID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
# No lot and no gate has it, in any environment.
UNKNOWN_UUID = "00000000-0000-4000-8000-000000000000"
ABOVE_2_53 = 9007199254740993
LONG_ENOUGH = "too warm at the core"


@dataclass(frozen=True)
class NewCode:
    """A lot code that no run has used before: `before`, then what makes it new.

    With `length`, of exactly that many characters.
    """

    before: str = ""
    length: int | None = None

    def make(self, backend: Backend) -> str:
        """A new code each time."""
        rest = None if self.length is None else self.length - len(self.before)
        return self.before + backend.unique("LOT", length=rest)


@dataclass(frozen=True)
class Lexeme:
    """A JSON number written as here: Python would write 5e2 as 500.0, and 1e400 not at all."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One request: `body` is sent to `operation`, and Express answers `status`."""

    operation: str
    status: int
    text: str
    body: dict[str, Any]
    field: str

    @property
    def value(self) -> Any:
        """What the row tries in its field; `...` where the field is left out."""
        return self.body.get(self.field, ...)

    @property
    def id(self) -> str:
        """The id of the row's test."""
        return re.sub(r"[^\w.+-]+", "-", self.text).strip("-")

    def send(self, backend: Backend) -> httpx.Response:
        """Make the request."""
        method, path = self.operation.split(" ")
        return backend.request(method, path, content=written(self.body, backend), headers=JSON)


def written(body: dict[str, Any], backend: Backend) -> bytes:
    """The body as JSON, its codes made and its lexemes as they are."""

    def resolve(value: Any) -> Any:
        if isinstance(value, NewCode):
            return value.make(backend)
        return f"\0{value.text}\0" if isinstance(value, Lexeme) else value

    text = json.dumps({name: resolve(value) for name, value in body.items()}, ensure_ascii=False)
    return re.sub(r'"\\u0000(.*?)\\u0000"', r"\1", text).encode()


def cases(*rows: Row) -> list[Any]:
    """The rows as parameters of a test."""
    return [pytest.param(row, id=row.id) for row in rows]


def refusals(*rows: Row) -> list[Any]:
    """The same for negative tests, each with its scenario."""
    return [
        pytest.param(row, id=row.id, marks=pytest.mark.negative(row.operation, scenario=row.text))
        for row in rows
    ]


def _row(operation: str, status: int, text: str, field: str, value: Any, rest: Any = None) -> Row:
    body = {**(rest or {}), field: value}
    if value is ...:
        del body[field]
    return Row(operation=operation, status=status, text=text, body=body, field=field)


# -- POST /api/login ----------------------------------------------------------------------------


def _user(text: str, email: str) -> Row:
    return _row(LOGIN, 200, text, "email", email)


def _stranger(text: str, email: str) -> Row:
    return _row(LOGIN, 401, f"unknown user: {text}", "email", email)


def _no_email(text: str, value: Any) -> Row:
    return _row(LOGIN, 400, f"invalid email: {text}", "email", value)


_DOMAIN_OF_189 = ".".join("d" * 62 for _ in range(3))
_LOCAL_OF_64 = "l" * 64

LOGINS = (
    _user("test user", "test@flowviz.com"),
    _user("administrator", "admin@flowviz.com"),
    _user("manager", "manager@flowviz.com"),
    _user("auditor who never logged in", "auditor@flowviz.com"),
    _user("operator without a name", "operator@flowviz.com"),
    _user("viewer", "viewer@flowviz.com"),
    _user("upper case", "TEST@FLOWVIZ.COM"),
    _user("mixed case", "Test@FlowViz.com"),
)
STRANGERS = (
    _stranger("plain", "nobody@flowviz.com"),
    _stranger("subdomains", "nobody@mail.plant-3.flowviz.example"),
    _stranger("plus and dots", "first.last+lots@flowviz.com"),
    _stranger("every character allowed", "a!#$%&'*+/=?^_`{|}~-z@flowviz.com"),
    _stranger("two dots in the local part", "no..body@flowviz.com"),
    _stranger("digits only", "1@2.3"),
    _stranger("label of 63 characters", f"nobody@{'d' * 63}.example"),
    _stranger("254 characters", f"{_LOCAL_OF_64}@{_DOMAIN_OF_189[1:]}.c"),
    _stranger("253 characters", f"{_LOCAL_OF_64}@{_DOMAIN_OF_189[2:]}.c"),
    _stranger("percent, as in LIKE", "%@flowviz.com"),
    _stranger("quote, as in SQL", "o'brien@flowviz.com"),
)
INVALID_LOGINS = (
    _no_email("missing", ...),
    _no_email("null", None),
    _no_email("empty", ""),
    _no_email("no at sign", "test.flowviz.com"),
    _no_email("two at signs", "test@@flowviz.com"),
    _no_email("no local part", "@flowviz.com"),
    _no_email("no domain", "test@"),
    _no_email("domain without a dot", "test@localhost"),
    _no_email("domain ends with a dot", "test@flowviz.com."),
    _no_email("two dots in the domain", "test@flowviz..com"),
    _no_email("label starts with a hyphen", "test@-flowviz.com"),
    _no_email("label of 64 characters", f"nobody@{'d' * 64}.example"),
    _no_email("255 characters", f"{_LOCAL_OF_64}@{_DOMAIN_OF_189}.c"),
    _no_email("space before", " test@flowviz.com"),
    _no_email("space after", "test@flowviz.com "),
    _no_email("line break after", "test@flowviz.com\n"),
    _no_email("space within", "te st@flowviz.com"),
    _no_email("display name", "Test <test@flowviz.com>"),
    _no_email("quoted local part", '"te st"@flowviz.com'),
    _no_email("address literal", "test@[127.0.0.1]"),
    _no_email("unicode local part", "tëst@flowviz.com"),
    _no_email("unicode domain", "test@flöwviz.com"),
    _no_email("NUL", "test\0@flowviz.com"),
    _no_email("number", 42),
    _no_email("boolean", True),
    _no_email("array", ["test@flowviz.com"]),
    _no_email("object", {"address": "test@flowviz.com"}),
)

# -- POST /api/lots -----------------------------------------------------------------------------


def _lot(field: str, text: str, value: Any) -> Row:
    return _row(LOTS, 201, f"{field}: {text}", field, value, {"lot_code": NewCode()})


def _no_lot(field: str, text: str, value: Any) -> Row:
    return _row(LOTS, 400, f"invalid {field}: {text}", field, value, {"lot_code": NewCode()})


# A code of one character cannot be new in every run: `test_one_character_is_enough` has it.
CREATED_LOTS = (
    _lot("lot_code", "alone", NewCode()),
    _lot("lot_code", "99 characters", NewCode(length=99)),
    _lot("lot_code", "100 characters", NewCode(length=100)),
    _lot("lot_code", "100 characters of four bytes", NewCode("🐟" * 80, length=100)),
    _lot("lot_code", "unicode", NewCode("Öko-有機-e\u0301-")),
    _lot("lot_code", "must be encoded in a path", NewCode("A/B C?#%25&+é;=@:$,")),
    _lot("lot_code", "what encodeURIComponent leaves alone", NewCode("A-_.!~*'()")),
    _lot("lot_code", "spaces before", NewCode("  ")),
    _lot("lot_code", "markup and quotes", NewCode("<b>\"'\\</b>`{|}^[]")),
    *(_lot("lot_type", kind, kind) for kind in ("RAW", "DEB", "BULK", "MIX", "SKW", "FRZ", "FG")),
    _lot("lot_type", "null", None),
    _lot("production_run_id", "lower case", UUID),
    _lot("production_run_id", "upper case", UUID.upper()),
    _lot("production_run_id", "nil", "00000000-0000-0000-0000-000000000000"),
    _lot("production_run_id", "version 7", "01890a5d-ac96-774b-bcce-b302099a8057"),
    _lot("production_run_id", "null", None),
    _lot("weight_kg", "at 0", 0),
    _lot("weight_kg", "minus 0", Lexeme("-0.0")),
    _lot("weight_kg", "just above 0", 0.01),
    _lot("weight_kg", "just below 10000", 9999.99),
    _lot("weight_kg", "at 10000", 10000),
    _lot("weight_kg", "at 10000 with a fraction", Lexeme("10000.00")),
    _lot("weight_kg", "with an exponent", Lexeme("5e2")),
    _lot("weight_kg", "one decimal", 12.5),
    _lot("weight_kg", "two decimals", 1234.56),
    _lot("weight_kg", "a zero too many", Lexeme("12.3400000")),
    _lot("weight_kg", "binary fraction, rounded", 8.29),
    _lot("weight_kg", "null", None),
    _lot("temperature_c", "at -50", -50),
    _lot("temperature_c", "just above -50", -49.9),
    _lot("temperature_c", "zero", 0),
    _lot("temperature_c", "one decimal", -18.5),
    _lot("temperature_c", "just below 100", 99.9),
    _lot("temperature_c", "at 100", 100),
    _lot("temperature_c", "null", None),
    _lot("metadata", "empty", {}),
    _lot("metadata", "null", None),
    _lot("metadata", "every kind", {"s": "x", "i": 1, "f": 1.5, "t": True, "n": None, "a": []}),
    _lot("metadata", "tags in order", {"tags": ["fresh", "organic", "msc", "fresh"]}),
    _lot("metadata", "pallets", {"pallets": ["P-1", "P-2", "P-3"]}),
    _lot(
        "metadata",
        "nested readings",
        {"readings": [{"sensor": "core", "c": -18.5}, {"sensor": "surface", "c": -19.25}]},
    ),
    _lot("metadata", "arrays in arrays", {"grid": [[1, 2], [], [[3, [4]]]]}),
    _lot("metadata", "just below 2^53", {"plc_serial": 9007199254740991}),
    _lot("metadata", "above 2^53", {"plc_serial": ABOVE_2_53}),
    _lot("metadata", "above 2^64", {"plc_serial": -36893488147419103233}),
    _lot("metadata", "small fraction", {"ratio": 0.3, "tiny": 0.000001, "tinier": 1e-7}),
    _lot("metadata", "unicode", {"label": "Öko – 有機 🐟", "ключ": "e\u0301"}),
    _lot("metadata", "escapes", {"text": 'a "b"\\c\n\t\u0001/\u2028', "": "empty key"}),
    _lot("metadata", "markup", {"note": "<script>alert('&amp;')</script>"}),
    _lot("metadata", "looks like a timestamp", {"packed": "2026-02-03T04:05:06.000007+02:00"}),
    _lot("metadata", "key order", {"zeta": 1, "alpha": 2, "beta": 3}),
    _lot("metadata", "__proto__", {"__proto__": {"polluted": True}, "constructor": 1}),
)
INVALID_LOTS = (
    _no_lot("lot_code", "missing", ...),
    _no_lot("lot_code", "null", None),
    _no_lot("lot_code", "empty", ""),
    _no_lot("lot_code", "101 characters", "x" * 101),
    _no_lot("lot_code", "101 characters of four bytes", "🐟" * 101),
    _no_lot("lot_code", "number", 4711),
    _no_lot("lot_code", "array", ["LOT"]),
    _no_lot("lot_code", "NUL", "LOT\0"),
    _no_lot("lot_type", "unknown", "COOKED"),
    _no_lot("lot_type", "lower case", "raw"),
    _no_lot("lot_type", "empty", ""),
    _no_lot("lot_type", "space after", "RAW "),
    _no_lot("lot_type", "number", 1),
    _no_lot("production_run_id", "no hyphens", UUID.replace("-", "")),
    _no_lot("production_run_id", "in braces", f"{{{UUID}}}"),
    _no_lot("production_run_id", "urn", f"urn:uuid:{UUID}"),
    _no_lot("production_run_id", "one digit short", UUID[:-1]),
    _no_lot("production_run_id", "one digit more", f"{UUID}0"),
    _no_lot("production_run_id", "not hexadecimal", f"g{UUID[1:]}"),
    _no_lot("production_run_id", "line break after", f"{UUID}\n"),
    _no_lot("production_run_id", "empty", ""),
    _no_lot("production_run_id", "number", 1),
    _no_lot("weight_kg", "just below 0", -0.01),
    _no_lot("weight_kg", "just above 10000", 10000.01),
    _no_lot("weight_kg", "three decimals", 12.345),
    _no_lot("weight_kg", "three decimals, small", 0.001),
    _no_lot("weight_kg", "above 2^53", ABOVE_2_53),
    _no_lot("weight_kg", "beyond a double", Lexeme("1e400")),
    _no_lot("weight_kg", "a number as text", "12.5"),
    _no_lot("weight_kg", "text", "heavy"),
    _no_lot("weight_kg", "empty text", ""),
    _no_lot("weight_kg", "boolean", True),
    _no_lot("weight_kg", "array", [12.5]),
    _no_lot("temperature_c", "just below -50", -50.1),
    _no_lot("temperature_c", "just above 100", 100.1),
    _no_lot("temperature_c", "two decimals", 4.25),
    _no_lot("temperature_c", "beyond a double", Lexeme("-1e400")),
    _no_lot("temperature_c", "a number as text", "4.5"),
    _no_lot("temperature_c", "boolean", False),
    _no_lot("metadata", "array", [{"supplier": "Nordsee"}]),
    _no_lot("metadata", "text", "{}"),
    _no_lot("metadata", "number", 0),
    _no_lot("metadata", "boolean", False),
    _no_lot("metadata", "NUL in a value", {"text": "a\0b"}),
    _no_lot("metadata", "NUL in a key", {"a\0b": 1}),
)

# -- POST /api/qc-decisions ---------------------------------------------------------------------


def _decision(field: str, text: str, value: Any, **rest: Any) -> Row:
    return _row(DECISIONS, 201, f"{field}: {text}", field, value, rest)


def _no_decision(field: str, text: str, value: Any, **rest: Any) -> Row:
    return _row(DECISIONS, 400, f"invalid {field}: {text}", field, value, rest)


CREATED_DECISIONS = (
    _decision("decision", "missing", ...),
    _decision("decision", "null", None),
    _decision("decision", "PASS", "PASS"),
    _decision("decision", "HOLD", "HOLD", notes="waiting for the laboratory"),
    _decision("decision", "FAIL", "FAIL", notes=LONG_ENOUGH),
    _decision("lot_id", "null", None),
    _decision("qc_gate_id", "lower case", UUID),
    _decision("qc_gate_id", "upper case", UUID.upper()),
    _decision("qc_gate_id", "null", None),
    _decision("notes", "null", None),
    _decision("notes", "empty, for nothing", ""),
    _decision("notes", "one character, for PASS", "x", decision="PASS"),
    _decision("notes", "10 characters, for HOLD", "x" * 10, decision="HOLD"),
    _decision("notes", "10 characters, for FAIL", "x" * 10, decision="FAIL"),
    _decision("notes", "11 characters, for HOLD", "x" * 11, decision="HOLD"),
    _decision("notes", "11 characters, for FAIL", "x" * 11, decision="FAIL"),
    _decision("notes", "10 characters of four bytes, for HOLD", "🐟" * 10, decision="HOLD"),
    _decision("notes", "10 spaces, for HOLD", " " * 10, decision="HOLD"),
    _decision("notes", "umlauts", "geprüft und gekühlt", decision="PASS"),
    _decision("notes", "markup", "core < -18 °C & rind > -20 °C", decision="PASS"),
    _decision("notes", "several lines", "first\r\nsecond\n\tthird", decision="PASS"),
    _decision("notes", "1000 characters", "note " * 200, decision="PASS"),
    _decision("temperature_c", "at -50", -50),
    _decision("temperature_c", "just above -50", -49.999),
    _decision("temperature_c", "zero", 0),
    _decision("temperature_c", "two decimals", 4.25),
    _decision("temperature_c", "many decimals", 3.141592653589793),
    _decision("temperature_c", "very small", 0.000001),
    _decision("temperature_c", "just below 100", 99.999),
    _decision("temperature_c", "at 100", 100),
    _decision("temperature_c", "null", None),
    _decision("digital_signature", "plain", "sig-4711"),
    _decision("digital_signature", "empty", ""),
    _decision("digital_signature", "null", None),
)
UNKNOWN_LOTS = (
    _row(DECISIONS, 404, "unknown lot: no such id", "lot_id", UNKNOWN_UUID),
    _row(
        DECISIONS, 404, "unknown lot: with a decision", "lot_id", UNKNOWN_UUID, {"decision": "PASS"}
    ),
    _row(
        DECISIONS, 404, "unknown lot: upper case", "lot_id", "ABCDEF00-0000-4000-8000-000000000000"
    ),
)
INVALID_DECISIONS = (
    _no_decision("decision", "unknown", "MAYBE"),
    _no_decision("decision", "lower case", "pass"),
    _no_decision("decision", "empty", ""),
    _no_decision("decision", "number", 1),
    _no_decision("decision", "boolean", True),
    _no_decision("lot_id", "not a UUID", "LOT-1"),
    _no_decision("lot_id", "no hyphens", UUID.replace("-", "")),
    _no_decision("lot_id", "empty", ""),
    _no_decision("lot_id", "number", 1),
    _no_decision("qc_gate_id", "not a UUID", "gate-1"),
    _no_decision("qc_gate_id", "in braces", f"{{{UUID}}}"),
    _no_decision("qc_gate_id", "empty", ""),
    _no_decision("qc_gate_id", "number", 1),
    _no_decision("notes", "missing for HOLD", ..., decision="HOLD"),
    _no_decision("notes", "missing for FAIL", ..., decision="FAIL"),
    _no_decision("notes", "null for HOLD", None, decision="HOLD"),
    _no_decision("notes", "null for FAIL", None, decision="FAIL"),
    _no_decision("notes", "empty for HOLD", "", decision="HOLD"),
    _no_decision("notes", "empty for FAIL", "", decision="FAIL"),
    _no_decision("notes", "9 characters for HOLD", "x" * 9, decision="HOLD"),
    _no_decision("notes", "9 characters for FAIL", "x" * 9, decision="FAIL"),
    _no_decision("notes", "9 characters of four bytes for FAIL", "🐟" * 9, decision="FAIL"),
    _no_decision("notes", "number", 4711),
    _no_decision("notes", "array", ["too warm at the core"]),
    _no_decision("notes", "NUL", "a\0b"),
    _no_decision("temperature_c", "just below -50", -50.001),
    _no_decision("temperature_c", "just above 100", 100.001),
    _no_decision("temperature_c", "beyond a double", Lexeme("1e400")),
    _no_decision("temperature_c", "a number as text", "4.5"),
    _no_decision("temperature_c", "boolean", True),
    _no_decision("digital_signature", "number", 4711),
    _no_decision("digital_signature", "object", {"key": "sig"}),
    _no_decision("digital_signature", "NUL", "sig\0"),
)

# -- GET /api/health and GET /api/traceability/{lot_code} ---------------------------------------


def _trace(status: int, text: str, lot_code: str) -> Row:
    return _row(TRACE, status, text, "lot_code", lot_code)


HEALTH_ROW = Row(operation=HEALTH, status=200, text="healthy", body={}, field="")
TRACED = (
    _trace(200, "parents and children", "SEED-MIX-001"),
    _trace(200, "one child", "SEED-RAW-001"),
    _trace(200, "a parent and a child", "SEED-DEB-001"),
    _trace(200, "in the middle of a chain", "SEED-SKW-001"),
    _trace(200, "one parent", "SEED-FG-001"),
    _trace(200, "no neighbours", "SEED-NULL-001"),
    _trace(200, "null weight", "SEED-FG-003"),
    _trace(200, "extreme values", "SEED-FRZ-001"),
    _trace(200, "largest values", "SEED-BULK-001"),
    _trace(200, "slash and space", "SEED/SLASH 001"),
    _trace(200, "unicode", "SEED-ÜNI-001"),
    _trace(200, "percent, question mark and hash", "SEED%25-001?#"),
)
UNTRACED = (
    _trace(404, "unknown lot: no such code", "NO-SUCH-LOT"),
    _trace(404, "unknown lot: lower case", "seed-raw-001"),
    _trace(404, "unknown lot: space after", "SEED-RAW-001 "),
    _trace(404, "unknown lot: prefix", "SEED-RAW"),
    _trace(404, "unknown lot: wildcard of LIKE", "SEED-RAW-00%"),
    _trace(404, "unknown lot: quote, as in SQL", "' OR '1'='1"),
    _trace(404, "unknown lot: 101 characters", "x" * 101),
    _trace(404, "unknown lot: unicode", "无此批次"),
    _trace(404, "unknown lot: plus is no space", "SEED/SLASH+001"),
)
# What a client library would never send: these codes stand in the path as they are.
UNREADABLE_PATHS = (
    _trace(400, "invalid lot_code: no digits after the percent sign", "%ZZ"),
    _trace(400, "invalid lot_code: percent sign at the end", "SEED%"),
    _trace(400, "invalid lot_code: one digit after the percent sign", "SEED%2"),
    _trace(400, "invalid lot_code: not UTF-8", "SEED-%DCNI-001"),
    _trace(400, "invalid lot_code: half a character", "SEED-%C3"),
    _trace(400, "invalid lot_code: overlong slash", "SEED%C0%AFSLASH"),
    _trace(400, "invalid lot_code: surrogate", "SEED-%ED%A0%80"),
    _trace(400, "invalid lot_code: NUL", "SEED%00"),
)
# Found by every run in `tests/characterization`, but not as rows: they take more than one request,
# or no JSON body.
ELSEWHERE = {
    (LOTS, 409): "test_negative_lots.py::test_taken_lot_code",
    (LOGIN, 413): "test_negative_bodies.py::test_too_large",
    (LOTS, 413): "test_negative_bodies.py::test_too_large",
    (DECISIONS, 413): "test_negative_bodies.py::test_too_large",
}


def rows() -> Iterator[Row]:
    """All of the matrix."""
    yield HEALTH_ROW
    yield from (*LOGINS, *STRANGERS, *INVALID_LOGINS)
    yield from (*CREATED_LOTS, *INVALID_LOTS)
    yield from (*CREATED_DECISIONS, *UNKNOWN_LOTS, *INVALID_DECISIONS)
    yield from (*TRACED, *UNTRACED, *UNREADABLE_PATHS)
