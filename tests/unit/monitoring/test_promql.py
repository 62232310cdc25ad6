"""Selectors are found in queries as teams write them."""

from __future__ import annotations

import pytest

from pytest_cutover.monitoring.providers.promql import (
    Matcher,
    Quantile,
    changes_taken,
    quantile_of,
    rewritten,
    selectors,
    without_zero,
)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('sum(a{b="c",d=~"5.."})', ['a{b="c",d=~"5.."}']),
        ('sum(a{b="}"} offset 5m) / sum(c)', ['a{b="}"}', "c"]),
        ("sum by (x) (rate(a[5m])) * on (y) group_left (z) job:b:rate", ["a", "job:b:rate"]),
        ('{"http.a","b.c"!~"2.."}', ['{__name__="http.a","b.c"!~"2.."}']),
        ("time() - max(timestamp(a{b='x'}))", ["a{b='x'}"]),
        ("vector(1) > bool 0", []),
    ],
)
def test_selectors_are_found(query: str, found: list[str]) -> None:
    assert [str(one) for one in selectors(query)] == found


@pytest.mark.parametrize(
    ("query", "plain"),
    [
        ("sum(a) or vector(0)", "sum(a)"),
        ("(sum(a) OR on() vector(0.0)) / 2", "(sum(a)) / 2"),
        ("sum(a) or (vector(0))", "sum(a)"),
        ("sum(a) or vector(1)", "sum(a) or vector(1)"),
    ],
)
def test_a_zero_in_place_of_nothing_is_left_out(query: str, plain: str) -> None:
    assert without_zero(query) == plain


def test_a_quantile_gives_its_share_and_its_buckets() -> None:
    buckets = 'sum by (le) (rate(a_bucket{b="(,"}[60s]))'
    assert quantile_of(f"1000 * histogram_quantile(0.99, {buckets})") == Quantile(0.99, buckets)
    assert quantile_of("max(a)") is None


def test_every_selector_of_a_query_takes_another_matcher() -> None:
    more = Matcher("le", "=", '"1"')
    assert (
        rewritten("a / b{c='d'}", lambda one: one.with_matchers([*one.matchers, more]))
        == 'a{le="1"} / b{c=\'d\',le="1"}'
    )


@pytest.mark.parametrize(
    ("query", "function"),
    [
        ("sum(http_requests_total)", ""),
        ("sum(rate(http_requests_total[1m]))", "rate"),
        ("sum(increase (x[5m])) or vector(0)", "increase"),
        ('sum(rate_total{rate="rate("})', ""),
    ],
)
def test_a_rate_is_told_from_a_counter(query: str, function: str) -> None:
    assert changes_taken(query) == function
