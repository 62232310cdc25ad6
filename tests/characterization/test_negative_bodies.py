"""Bodies that cannot be read, for every operation that takes one."""

import json

import pytest

from .matrix import DECISIONS, JSON, LOGIN, LOTS

VALID = {
    LOGIN: {"email": "test@flowviz.com"},
    LOTS: {"lot_code": "SEED-RAW-001"},
    DECISIONS: {"decision": "PASS"},
}

UNREADABLE = {
    "cut short": b'{"email": "test@flowviz.com"',
    "single quotes": b"{'email': 'test@flowviz.com'}",
    "comma at the end": b'{"email": "test@flowviz.com",}',
    "key without quotes": b'{email: "test@flowviz.com"}',
    "comment": b'{"email": "test@flowviz.com"} // test',
    "two documents": b'{"email": "test@flowviz.com"}{}',
    "NaN": b'{"weight_kg": NaN}',
    "Infinity": b'{"weight_kg": -Infinity}',
    "hexadecimal number": b'{"weight_kg": 0x10}',
    "leading zero": b'{"weight_kg": 010}',
    "bare plus": b'{"weight_kg": +1}',
    "line break in a string": b'{"notes": "a\nb"}',
    "half an escape": b'{"notes": "\\u12"}',
    "byte order mark": b'\xef\xbb\xbf{"email": "test@flowviz.com"}',
    "Latin-1": '{"notes": "geprüft"}'.encode("latin-1"),
    "UTF-16": '{"email": "test@flowviz.com"}'.encode("utf-16-le"),
    "empty": b"",
    "spaces": b"  \n",
    "null": b"null",
    "array": b'[{"email": "test@flowviz.com"}]',
    "text": b'"test@flowviz.com"',
    "number": b"42",
    "true": b"true",
    "form": b"email=test%40flowviz.com",
}

CONTENT_TYPES = {
    "none": None,
    "form": "application/x-www-form-urlencoded",
    "plain text": "text/plain",
    "multipart": "multipart/form-data; boundary=x",
    "text/json": "text/json",
    "ends like JSON": "application/notjson",
    "empty": "",
    "two at once": "application/json, text/plain",
}

OTHER_JSON_TYPES = {
    "charset": "application/json; charset=utf-8",
    "another charset, ignored": "application/json; charset=iso-8859-1",
    "upper case": "Application/JSON",
    "with suffix": "application/vnd.flowviz.lot+json",
    "spaces": "application/json ; charset=utf-8",
}


def every_body_operation(scenarios, prefix):
    """A parameter for each operation with each scenario, and its marker."""
    return [
        pytest.param(
            operation,
            value,
            id=f"{operation.rsplit('/', 1)[1]}-{name.replace(' ', '-').replace('/', '-')}",
            marks=pytest.mark.negative(operation, scenario=f"{prefix}: {name}"),
        )
        for operation in VALID
        for name, value in scenarios.items()
    ]


def post(backend, operation, content, headers):
    return backend.post(operation.removeprefix("POST "), content=content, headers=headers)


@pytest.mark.parametrize(
    ("operation", "content"), every_body_operation(UNREADABLE, "unreadable body")
)
def test_unreadable_body(backend, operation, content):
    assert post(backend, operation, content, JSON).status_code in (400, 422)


@pytest.mark.parametrize(
    ("operation", "content_type"), every_body_operation(CONTENT_TYPES, "wrong content type")
)
def test_wrong_content_type(backend, operation, content_type):
    headers = {} if content_type is None else {"Content-Type": content_type}
    response = post(backend, operation, json.dumps(VALID[operation]), headers)

    assert response.status_code in (400, 422)


@pytest.mark.characterization(LOGIN)
@pytest.mark.parametrize(
    "content_type", OTHER_JSON_TYPES.values(), ids=[n.replace(" ", "-") for n in OTHER_JSON_TYPES]
)
def test_json_by_another_name(backend, content_type):
    body = json.dumps(VALID[LOGIN])

    assert post(backend, LOGIN, body, {"Content-Type": content_type}).status_code == 200


@pytest.mark.parametrize(
    ("operation", "encoding"),
    every_body_operation({"gzip": "gzip", "brotli": "br"}, "unknown content encoding"),
)
def test_content_encoding(backend, operation, encoding):
    headers = {**JSON, "Content-Encoding": encoding}

    assert post(backend, operation, json.dumps(VALID[operation]), headers).is_client_error


@pytest.mark.negative(LOTS, scenario="unreadable body: 101 levels")
def test_too_deep(backend):
    body = '{"metadata":' * 101 + "{}" + "}" * 101

    assert post(backend, LOTS, body, JSON).status_code in (400, 422)


@pytest.mark.parametrize(
    ("operation", "size"), every_body_operation({"102401 bytes": 102401}, "body too large")
)
def test_too_large(backend, operation, size):
    body = json.dumps(VALID[operation]).encode().ljust(size)

    assert post(backend, operation, body, JSON).status_code == 413


@pytest.mark.characterization(LOGIN)
def test_as_large_as_may_be(backend):
    body = json.dumps(VALID[LOGIN]).encode().ljust(102400)

    assert post(backend, LOGIN, body, JSON).status_code == 200
