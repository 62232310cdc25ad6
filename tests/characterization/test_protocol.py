"""HTTP around the five endpoints: methods, HEAD, CORS, caching, slashes, what is not there."""

import pytest

from .matrix import HEALTH, TRACE

PAGE = {"Origin": "https://app.flowviz.example"}
ELSEWHERE = {"Origin": "https://evil.example"}

NOT_OFFERED = (
    "POST /api/health",
    "DELETE /api/health",
    "GET /api/login",
    "GET /api/lots",
    "HEAD /api/lots",
    "DELETE /api/lots",
    "PUT /api/qc-decisions",
    "PATCH /api/traceability/{lot_code}",
)
UNKNOWN_PATHS = {
    "/docs": "GET /{unknown}",
    "/openapi.json": "GET /{unknown}",
    "/favicon.ico": "GET /{unknown}",
    "/api": "GET /{unknown}",
    "/api/unknown": "GET /api/{unknown}",
    "/api/Health": "GET /api/{unknown}",
    "/api/traceability": "GET /api/{unknown}",
    "/api/health/more": "GET /api/health/{unknown}",
}


def ids(endpoint):
    return endpoint.replace(" /", "-").replace("/", "-").strip("-")


@pytest.mark.parametrize(
    "endpoint",
    [
        pytest.param(
            one, id=ids(one), marks=pytest.mark.negative(one, scenario="method not offered")
        )
        for one in NOT_OFFERED
    ],
)
def test_method_not_offered(backend, endpoint):
    method, path = endpoint.split(" ")
    response = backend.request(method, path.replace("{lot_code}", "SEED-RAW-001"))

    assert response.status_code in (404, 405)
    assert response.status_code == 404 or response.headers["Allow"]


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(
            path, id=path.strip("/"), marks=pytest.mark.negative(endpoint, scenario="unknown path")
        )
        for path, endpoint in UNKNOWN_PATHS.items()
    ],
)
def test_unknown_path(backend, path):
    assert backend.get(path).status_code == 404


@pytest.mark.negative("POST /api/{unknown}", scenario="unknown path")
def test_unknown_path_of_a_post(backend):
    assert backend.post("/api/unknown", json={}).status_code == 404


@pytest.mark.characterization("HEAD /api/health")
def test_head_of_health(backend):
    response = backend.head("/api/health")

    assert response.status_code == 200
    assert response.content == b""


@pytest.mark.characterization("HEAD /api/traceability/{lot_code}")
def test_head_of_a_lot(backend):
    assert backend.head("/api/traceability/SEED-NULL-001").status_code == 200


@pytest.mark.negative("HEAD /api/traceability/{lot_code}", scenario="unknown lot: HEAD")
def test_head_of_an_unknown_lot(backend):
    assert backend.head("/api/traceability/NO-SUCH-LOT").status_code == 404


class TestCors:
    """One front end may read what is answered, errors included."""

    @pytest.mark.characterization(
        "OPTIONS /api/health",
        "OPTIONS /api/login",
        "OPTIONS /api/lots",
        "OPTIONS /api/qc-decisions",
        "OPTIONS /api/traceability/{lot_code}",
        "OPTIONS /api/unknown",
    )
    @pytest.mark.parametrize(
        ("path", "method"),
        [
            pytest.param("/api/health", "GET", id="health"),
            pytest.param("/api/login", "POST", id="login"),
            pytest.param("/api/lots", "POST", id="lots"),
            pytest.param("/api/qc-decisions", "POST", id="qc-decisions"),
            pytest.param("/api/traceability/SEED-RAW-001", "GET", id="traceability"),
            pytest.param("/api/unknown", "GET", id="unknown-path"),
        ],
    )
    def test_preflight(self, backend, path, method):
        headers = {
            **PAGE,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "authorization, content-type",
        }
        response = backend.options(path, headers=headers)

        assert response.status_code == 204
        assert method in response.headers["Access-Control-Allow-Methods"]

    @pytest.mark.characterization("OPTIONS /api/lots")
    def test_preflight_for_a_method_that_is_not_offered(self, backend):
        headers = {**PAGE, "Access-Control-Request-Method": "DELETE"}

        assert backend.options("/api/lots", headers=headers).status_code == 204

    @pytest.mark.characterization("OPTIONS /api/lots")
    def test_preflight_from_elsewhere(self, backend):
        headers = {**ELSEWHERE, "Access-Control-Request-Method": "POST"}
        response = backend.options("/api/lots", headers=headers)

        assert response.headers["Access-Control-Allow-Origin"] != ELSEWHERE["Origin"]

    @pytest.mark.characterization("OPTIONS /api/lots")
    def test_options_without_a_preflight(self, backend):
        assert backend.options("/api/lots").status_code == 204

    @pytest.mark.characterization(HEALTH)
    @pytest.mark.parametrize("origin", [PAGE, ELSEWHERE], ids=["front-end", "elsewhere"])
    def test_a_success(self, backend, origin):
        response = backend.get("/api/health", headers=origin)

        assert response.headers["Access-Control-Allow-Origin"] == PAGE["Origin"]

    @pytest.mark.negative(TRACE, scenario="unknown lot: from the front end")
    def test_an_error(self, backend):
        response = backend.get("/api/traceability/NO-SUCH-LOT", headers=PAGE)

        assert response.headers["Access-Control-Allow-Origin"] == PAGE["Origin"]


class TestCaching:
    """Nothing is kept: no ETag, so nothing to compare with either."""

    @pytest.mark.characterization(TRACE)
    def test_if_none_match(self, backend):
        response = backend.get(
            "/api/traceability/SEED-NULL-001", headers={"If-None-Match": 'W/"1", *'}
        )

        assert response.status_code == 200
        assert "ETag" not in response.headers

    @pytest.mark.characterization(TRACE)
    def test_if_modified_since(self, backend):
        response = backend.get(
            "/api/traceability/SEED-NULL-001",
            headers={"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
        )

        assert response.status_code == 200


class TestNegotiation:
    """JSON is all there is, whatever is asked for."""

    @pytest.mark.characterization(HEALTH)
    @pytest.mark.parametrize(
        "accept",
        ["application/json", "text/html", "*/*;q=0", ""],
        ids=["json", "html", "no", "empty"],
    )
    def test_accept(self, backend, accept):
        response = backend.get("/api/health", headers={"Accept": accept})

        assert response.headers["Content-Type"] == "application/json; charset=utf-8"

    @pytest.mark.characterization(TRACE)
    @pytest.mark.parametrize("encoding", ["gzip, deflate, br", "identity"], ids=["any", "identity"])
    def test_is_not_compressed(self, backend, encoding):
        response = backend.get(
            "/api/traceability/SEED-MIX-001", headers={"Accept-Encoding": encoding}
        )

        assert "Content-Encoding" not in response.headers

    @pytest.mark.characterization(TRACE)
    def test_has_no_ranges(self, backend):
        response = backend.get("/api/traceability/SEED-NULL-001", headers={"Range": "bytes=0-9"})

        assert response.status_code == 200


@pytest.mark.characterization("POST /api/lots/")
def test_trailing_slash_of_a_lot(backend):
    response = backend.post("/api/lots/", json={"lot_code": backend.unique("LOT")})

    assert response.status_code == 201


@pytest.mark.characterization("POST /api/qc-decisions/")
def test_trailing_slash_of_a_decision(backend):
    assert backend.post("/api/qc-decisions/", json={}).status_code == 201
