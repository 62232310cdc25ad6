"""What does not exist is no good news: labels, buckets, and a part of the data."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_cutover.config.monitoring import Queries
from pytest_cutover.monitoring.providers.completeness import errors_of, p99_of, uncounted_of
from pytest_cutover.monitoring.providers.prometheus import Prometheus
from pytest_cutover.monitoring.providers.provider import Absence, P99Reading, Reading
from tests.harness.stub_server import Answer
from tests.unit.monitoring.small_prometheus import SmallPrometheus, refusing, serving

REQUESTS = 'sum(http_requests_total{side="candidate"})'
ERRORS = 'sum(http_requests_total{side="candidate",status=~"5.."})'
P99 = (
    Queries()
    .p99_ms.replace("{side}", "candidate")
    .replace("{endpoint}", "GET /x")
    .replace("{range}", "60s")
)


@pytest.fixture
def small() -> SmallPrometheus:
    return SmallPrometheus()


@pytest.fixture
def prometheus(small: SmallPrometheus) -> Iterator[Prometheus]:
    with serving(small) as client:
        yield client


def errors(prometheus: Prometheus, query: str = ERRORS) -> Reading:
    return errors_of(prometheus, query, REQUESTS)


@pytest.mark.parametrize("ending", ["", " or vector(0)", " or on() vector(0)"])
def test_no_error_yet_is_zero_where_statuses_are_told(
    small: SmallPrometheus, prometheus: Prometheus, ending: str
) -> None:
    small.requests({"status": "200"})
    small.requests({"status": "404"})

    assert errors(prometheus, ERRORS + ending) == Reading(value=0.0)


def test_errors_are_counted(small: SmallPrometheus, prometheus: Prometheus) -> None:
    small.requests({"status": "200"})
    small.requests({"status": "503"}, 7)

    assert errors(prometheus).value == 7


@pytest.mark.parametrize("ending", ["", " or vector(0)"])
@pytest.mark.parametrize("label", ["code", "http_response_status_code"])
def test_a_label_of_another_name_cannot_tell_and_is_named(
    small: SmallPrometheus, prometheus: Prometheus, label: str, ending: str
) -> None:
    small.requests({label: "200"})
    small.requests({label: "500"})
    reading = errors(prometheus, ERRORS + ending)

    assert reading.absence is Absence.LABEL
    assert "2 series" in reading.message
    assert "have no label status, so that their errors cannot be seen" in reading.message
    assert f"their labels are {label}, side: name the right one" in reading.message


def test_an_instance_that_counts_under_another_label_hides_its_errors_from_the_sum(
    small: SmallPrometheus, prometheus: Prometheus
) -> None:
    small.requests({"status": "200"})
    small.requests({"status": "500"}, 1)
    small.requests({"code": "500"}, 40)

    assert errors(prometheus).absence is Absence.LABEL


@pytest.mark.parametrize(
    ("value", "query", "known"),
    [
        ("2xx", ERRORS, True),
        ("OK", ERRORS, False),
        ("success", ERRORS, False),
        ("2xx", ERRORS.replace("5..", r"5\\d\\d"), False),
        ("200", ERRORS.replace("5..", "502|503"), True),
        ("ok", ERRORS.replace("5..", "failure|timeout"), True),
        ("200", ERRORS.replace('=~"5.."', '!~"[1-4].."'), True),
    ],
)
def test_a_label_whose_values_are_of_another_kind_cannot_tell(
    small: SmallPrometheus, prometheus: Prometheus, value: str, query: str, known: bool
) -> None:
    small.requests({"status": value})
    reading = errors(prometheus, query)

    assert (reading.value == 0) is known
    assert known or f"where status is {value}" in reading.message


def test_a_zero_that_is_made_of_the_requests_is_no_better(
    small: SmallPrometheus, prometheus: Prometheus
) -> None:
    small.requests({"code": "500"})

    assert errors(prometheus, f"{ERRORS} or 0 * {REQUESTS}").absence is Absence.LABEL


def test_a_counter_of_errors_that_does_not_exist_cannot_tell(
    small: SmallPrometheus, prometheus: Prometheus
) -> None:
    query = 'sum(http_errors_total{side="candidate"}) or vector(0)'
    small.requests({"status": "200"})
    assert "has no series" in errors(prometheus, query).message

    small.series.append(({"__name__": "http_errors_total", "side": "candidate", "job": "a"}, 0.0))
    assert errors(prometheus, query).value == 0
    assert errors(prometheus, query.replace("}", ',job="a"}')).value == 0
    assert errors(prometheus, query.replace("}", ',job="b"}')).absence is Absence.LABEL


def test_a_quantile_within_the_buckets_is_what_it_says(
    small: SmallPrometheus, prometheus: Prometheus
) -> None:
    small.buckets(le_0_1=980, le_0_25=995, le_inf=1000)

    assert p99_of(prometheus, P99) == P99Reading(100.0)


@pytest.mark.parametrize("inside", [0, 989])
def test_a_quantile_at_the_end_of_the_last_bucket_is_only_known_to_be_above(
    small: SmallPrometheus, prometheus: Prometheus, inside: int
) -> None:
    small.buckets(le_0_1=0, le_0_25=inside, le_inf=1000)
    small.p99_ms = 250

    assert p99_of(prometheus, P99) == P99Reading(250.0, beyond=True)


def test_a_summary_has_no_buckets_and_is_named(
    small: SmallPrometheus, prometheus: Prometheus
) -> None:
    name = {"__name__": "http_request_duration_seconds", "side": "candidate"}
    small.series.append(({**name, "quantile": "0.99"}, 0.1))

    assert "http_request_duration_seconds is a summary" in p99_of(prometheus, P99).message


def test_buckets_of_other_labels_are_named(small: SmallPrometheus, prometheus: Prometheus) -> None:
    name = {"__name__": "http_request_duration_seconds_bucket", "side": "candidate"}
    small.series.append(({**name, "route": "/x", "le": "+Inf"}, 1.0))

    said = p99_of(prometheus, P99).message
    assert "the labels of http_request_duration_seconds_bucket are le, route, side" in said


@pytest.mark.parametrize(
    "more", [{"warnings": ["store 10.0.0.7: connection refused"]}, {"isPartial": True}]
)
def test_a_part_of_the_data_is_no_data(
    small: SmallPrometheus, prometheus: Prometheus, more: dict[str, object]
) -> None:
    small.requests({"status": "200"})
    small.more = more

    reading = prometheus.value(REQUESTS)
    assert (reading.value, reading.absence) == (None, Absence.PARTIAL)
    assert "the answer may lack data: " in reading.message


def test_a_hint_about_a_query_is_no_lack_of_data(
    small: SmallPrometheus, prometheus: Prometheus
) -> None:
    small.requests({"status": "200"})
    small.more = {"warnings": ["PromQL info: metric might not be a counter"], "infos": ["more"]}

    assert prometheus.value(REQUESTS).value == 100


@pytest.mark.parametrize("status", [403, 405, 501])
def test_a_proxy_that_lets_only_get_through_is_asked_by_get(
    small: SmallPrometheus, prometheus: Prometheus, status: int
) -> None:
    small.requests({"status": "200"})
    small.before = refusing(status)

    assert prometheus.value(REQUESTS).value == 100
    assert errors(prometheus).value == 0
    assert {one.split()[0] for one in small.asked} == {"GET"}


def test_credentials_that_are_refused_are_said_as_such(
    small: SmallPrometheus, prometheus: Prometheus
) -> None:
    small.before = lambda _seen: Answer(401, "who are you")
    reading = prometheus.value(REQUESTS)

    assert reading.absence is Absence.REFUSED
    assert "answered 401: it wants credentials" in reading.message
    assert "[checklist.monitoring] headers" in reading.message


@pytest.mark.parametrize(
    ("query", "value", "told"),
    [
        (P99, 0.048, False),
        (P99.replace("1000 * ", ""), 0.048, True),
        (P99.replace("1000 * ", "").replace("_seconds", "_ms"), 0.048, False),
        (P99.replace("1000 * ", "") + " / 0.001", 4.8, False),
        (P99.replace("1000 * ", ""), 48, False),
    ],
)
def test_seconds_that_nobody_made_milliseconds_of_pass_no_limit(
    small: SmallPrometheus, prometheus: Prometheus, query: str, value: float, told: bool
) -> None:
    small.buckets(le_0_1=980, le_0_25=995, le_inf=1000)
    small.series += [
        ({**labels, "__name__": "http_request_duration_ms_bucket"}, count)
        for labels, count in small.series
    ]
    small.p99_ms = value
    found = p99_of(prometheus, query)

    assert (found.value is None) is told
    assert ("counts seconds" in found.message) is told


@pytest.mark.parametrize(
    ("edges", "value", "told"),
    [
        (("0.05", "0.25", "1"), 0.9, True),
        (("0.1", "0.3", "1.2", "5"), 0.9, True),
        (("1", "5", "10", "100", "500"), 4.8, False),
        (("0.5", "1", "5", "25"), 4.8, False),
    ],
)
def test_buckets_that_lie_as_seconds_do_are_no_milliseconds(
    small: SmallPrometheus, prometheus: Prometheus, edges: tuple[str, ...], value: float, told: bool
) -> None:
    small.buckets(**{f"le_{edge.replace('.', '_')}": 1000.0 for edge in (*edges, "inf")})
    small.series = [({**one, "__name__": "latency_bucket"}, count) for one, count in small.series]
    small.p99_ms = value
    query = P99.replace("1000 * ", "").replace("http_request_duration_seconds", "latency")
    found = p99_of(prometheus, query)

    assert ("as seconds do" in found.message) is told
    assert (found.value is None) is told


SUM, COUNT = (f'sum(rate(x_{name}{{side="candidate"}}[60s]))' for name in ("sum", "count"))


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (f"1000 * {SUM} / {COUNT}", True),
        ('avg(x_ms{side="candidate"})', True),
        ('avg_over_time(x_ms{side="candidate"}[60s])', True),
        ('avg(x_p99_ms{side="candidate"})', False),
        ('avg(x_ms{side="candidate",quantile="0.99"})', False),
        ('max(x_ms{side="candidate"})', False),
    ],
)
def test_an_average_is_no_p99(
    small: SmallPrometheus, prometheus: Prometheus, query: str, told: bool
) -> None:
    for name in ("x_sum", "x_count", "x_ms", "x_p99_ms"):
        labels = {"__name__": name, "side": "candidate", "quantile": "0.99"}
        small.series.append((labels, 80.0))
    found = p99_of(prometheus, query)

    assert ("an average, which is no P99" in found.message) is told


@pytest.mark.parametrize(
    ("matcher", "count"),
    [
        ('status="500"', 7),
        ('status=~"500|502"', 7),
        ('status=~"5.."', 0),
        ('status=~"5xx"', 10),
        ('status!="200"', 0),
        ('status=~"50[0-9]"', 0),
    ],
)
def test_a_status_that_errors_leaves_out_is_counted_apart(
    small: SmallPrometheus, prometheus: Prometheus, matcher: str, count: float
) -> None:
    for status, number in (("200", 100), ("500", 3), ("503", 7), ("404", 5)):
        small.requests({"status": status}, number)
    query = f'sum(http_requests_total{{side="candidate",{matcher}}})'

    assert uncounted_of(prometheus, query, REQUESTS)[0] == count


@pytest.mark.parametrize(
    ("label", "fine", "wrong", "matcher", "count"),
    [
        ("grpc_code", "OK", "Internal", 'grpc_code=~"INTERNAL|UNAVAILABLE"', 7),
        ("grpc_code", "OK", "Internal", 'grpc_code="Unavailable"', 7),
        ("grpc_code", "OK", "Internal", 'grpc_code=~"Internal|Unavailable"', 0),
        ("grpc_code", "OK", "NotFound", 'grpc_code=~"Internal|Unavailable"', 0),
        ("outcome", "SUCCESS", "SERVER_ERROR", 'outcome="server_error"', 7),
        ("outcome", "SUCCESS", "CLIENT_ERROR", 'outcome="SERVER_ERROR"', 0),
        ("class", "2xx", "5xx", 'class="5XX"', 7),
        ("status", "200", "500", 'status=~"4.."', 7),
        ("status", "200", "404", 'status=~"5.."', 0),
        ("route", "/a", "/internal", 'route="/a",status=~"5.."', 0),
    ],
)
def test_an_error_in_other_words_is_counted_apart(
    small: SmallPrometheus,
    prometheus: Prometheus,
    label: str,
    fine: str,
    wrong: str,
    matcher: str,
    count: float,
) -> None:
    small.requests({label: fine})
    small.requests({label: wrong}, 7)
    query = f'sum(http_requests_total{{side="candidate",{matcher}}})'

    assert uncounted_of(prometheus, query, REQUESTS)[0] == count


TRUTHS = {
    # How an error and a success are told, by the label, its values and the matcher for errors.
    "statuses": ("status", "200", "503", 'status=~"5.."'),
    "classes": ("status_class", "2xx", "5xx", 'status_class="5xx"'),
    "capital classes": ("class", "2XX", "5XX", 'class="5XX"'),
    "otel": ("http_response_status_code", "200", "500", 'http_response_status_code=~"5.."'),
    "words": ("outcome", "success", "error", 'outcome="error"'),
    "micrometer": ("outcome", "SUCCESS", "SERVER_ERROR", 'outcome="SERVER_ERROR"'),
    "grpc": ("grpc_code", "OK", "Internal", 'grpc_code=~"Internal|Unavailable"'),
    "grpc numbers": ("grpc_status", "0", "13", 'grpc_status=~"2|13|14"'),
    "truth": ("error", "false", "true", 'error="true"'),
    "capital truth": ("error", "False", "True", 'error="True"'),
}


@pytest.mark.parametrize("truth", TRUTHS)
def test_no_error_yet_is_zero_in_every_way_of_telling_them(
    small: SmallPrometheus, prometheus: Prometheus, truth: str
) -> None:
    label, fine, wrong, matcher = TRUTHS[truth]
    query = f'sum(http_requests_total{{side="candidate",{matcher}}})'
    small.requests({label: fine})
    assert errors(prometheus, query) == Reading(value=0.0)

    small.requests({label: wrong}, 3)
    assert errors(prometheus, query).value == 3


@given(
    st.sampled_from(sorted(TRUTHS)),
    st.sampled_from(sorted(TRUTHS)),
    st.sampled_from(["", 'job="api",', 'job="other",', 'job=~"a.*",namespace="shop",']),
    st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_errors_that_are_there_are_counted_or_cannot_be_told(
    truth: str, asked: str, more: str, baseline: bool
) -> None:
    """Whatever is asked of whatever there is: it is the truth, or nothing, and never fewer."""
    label, fine, wrong, _ = TRUTHS[truth]
    matcher = TRUTHS[asked][3]
    small = SmallPrometheus()
    known = {"job": "api", "namespace": "shop"}
    small.requests({label: fine, **known})
    small.requests({label: wrong, **known}, 7)
    if baseline:
        small.requests({label: fine, **known, "side": "baseline"})
    with serving(small) as client:
        found = errors(client, f'sum(http_requests_total{{{more}side="candidate",{matcher}}})')

    assert found.value in (None, 7.0)


@pytest.mark.parametrize(
    ("matcher", "said"),
    [
        ('job="apii",status=~"5.."', "where job is api"),
        ('job="api",status="error"', "where status is 200"),
        ('job="api",route="/b",status=~"5.."', "where route is /a"),
    ],
)
def test_a_typing_error_in_any_label_is_no_lack_of_errors(
    small: SmallPrometheus, prometheus: Prometheus, matcher: str, said: str
) -> None:
    small.requests({"job": "api", "route": "/a", "status": "200"})
    reading = errors(prometheus, f'sum(http_requests_total{{side="candidate",{matcher}}})')

    assert reading.absence is Absence.LABEL
    assert said in reading.message


def test_labels_that_never_come_together_are_no_lack_of_errors(
    small: SmallPrometheus, prometheus: Prometheus
) -> None:
    small.requests({"job": "api", "route": "/a", "status": "200"})
    small.requests({"job": "web", "route": "/b", "status": "200"})
    query = 'sum(http_requests_total{side="candidate",job="web",route="/a",status=~"5.."})'

    assert "none has all of these labels at once" in errors(prometheus, query).message


@pytest.mark.parametrize("query", [P99.replace("0.99", "0.95"), P99.replace("0.99", "0.5")])
def test_another_quantile_is_no_p99(
    small: SmallPrometheus, prometheus: Prometheus, query: str
) -> None:
    small.buckets(le_0_1=980, le_0_25=995, le_inf=1000)

    assert "which is no P99" in p99_of(prometheus, query).message


@pytest.mark.parametrize(("quantile", "value"), [("0.99", 80.0), ("0.999", 80.0), ("0.9", None)])
def test_a_summary_is_asked_for_its_own_p99(
    small: SmallPrometheus, prometheus: Prometheus, quantile: str, value: float | None
) -> None:
    name = {"__name__": "http_request_ms", "side": "candidate", "quantile": quantile}
    small.series.append((name, 80.0))
    query = f'max(http_request_ms{{side="candidate",quantile="{quantile}"}})'

    assert p99_of(prometheus, query).value == value


@pytest.mark.parametrize(
    ("value", "value_ms", "unknown"),
    [(float("nan"), None, ""), (float("inf"), None, "infinite"), (-1.0, None, "no request takes")],
)
def test_what_is_no_latency_is_none(
    small: SmallPrometheus,
    prometheus: Prometheus,
    value: float,
    value_ms: float | None,
    unknown: str,
) -> None:
    small.buckets(le_0_1=980, le_0_25=995, le_inf=1000)
    small.p99_ms = value
    found = p99_of(prometheus, P99)

    assert found.value == value_ms
    assert unknown in found.message


def test_a_list_of_series_that_was_cut_where_we_asked_is_no_part(
    small: SmallPrometheus, prometheus: Prometheus
) -> None:
    small.requests({"code": "200"})
    small.more = {"warnings": ["results truncated due to limit"]}

    assert not isinstance(prometheus.series("http_requests_total"), Reading)
    assert prometheus.value(REQUESTS).absence is Absence.PARTIAL
