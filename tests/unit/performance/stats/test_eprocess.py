"""The evidence about a rate: valid however often one looks, and consistent with its bounds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad  # type: ignore[import-untyped, unused-ignore]
from scipy.special import betainc, betaln  # type: ignore[import-untyped, unused-ignore]

from pytest_cutover.performance.stats.eprocess import (
    RateTest,
    fewest_to_pass,
    ranks,
    rate_bounds,
    samples_needed,
)

P99 = RateTest(0.01, (1, 50))
P95 = RateTest(0.05, (1, 10))
P50 = RateTest(0.5, (1, 1))
ERRORS = RateTest(0.001, (0.5, 500))
TESTS = [P99, P95, P50, ERRORS]
PASS, FAIL = math.log(20), math.log(500)


def chance_of_ever(
    test: RateTest, rate: float, horizon: int, *, below: bool, level: float
) -> float:
    """Enumerate all paths of counts up to the horizon; absorb where E reaches the level."""
    alive = np.array([1.0])
    crossed = 0.0
    for n in range(1, horizon + 1):
        alive = np.append(alive * (1 - rate), 0.0) + np.append(0.0, alive * rate)
        s = np.arange(n + 1)
        log_e = test.log_e_below(s, n) if below else test.log_e_above(s, n)
        hit = log_e >= level
        crossed += float(alive[hit].sum())
        alive[hit] = 0.0
    return crossed


@pytest.mark.parametrize("test", [P50, P95, RateTest(0.2, (1, 1)), P99], ids=str)
@pytest.mark.parametrize("factor", [1.0, 1.05, 1.5])
def test_a_rate_at_or_above_the_limit_passes_with_a_chance_of_alpha_at_most(
    test: RateTest, factor: float
) -> None:
    rate = test.limit * factor
    assert chance_of_ever(test, rate, 300, below=True, level=PASS) <= 0.05


@pytest.mark.parametrize("test", [P50, P95, RateTest(0.2, (1, 1)), P99], ids=str)
@pytest.mark.parametrize("factor", [1.0, 0.9, 0.5])
def test_a_rate_at_or_below_the_limit_fails_with_a_chance_of_alpha_over_m_at_most(
    test: RateTest, factor: float
) -> None:
    rate = test.limit * factor
    assert chance_of_ever(test, rate, 300, below=False, level=FAIL) <= 0.05 / 25


@given(test=st.sampled_from(TESTS), n=st.integers(0, 60), rate=st.floats(0, 1))
def test_the_evidence_is_a_supermartingale_under_any_rate_of_its_null(
    test: RateTest, n: int, rate: float
) -> None:
    """One more request cannot raise the expected evidence, whatever was seen before."""
    for s in {0, n // 50, n // 2, n}:
        high = test.limit + rate * (1 - test.limit)
        low = test.limit * rate
        for p, e in ((high, test.log_e_below), (low, test.log_e_above)):
            now, clean, slow = (
                float(np.exp(e(*at))) for at in ((s, n), (s, n + 1), (s + 1, n + 1))
            )
            assert p * slow + (1 - p) * clean <= now * (1 + 1e-9)


@given(test=st.sampled_from(TESTS), n=st.integers(1, 3000), share=st.floats(0, 0.2))
def test_both_directions_together_are_the_uncut_mixture(
    test: RateTest, n: int, share: float
) -> None:
    s = int(share * n)
    a, b = test.prior
    mass = float(betainc(a, b, test.limit))
    both = np.logaddexp(
        math.log(mass) + test.log_e_below(s, n), math.log1p(-mass) + test.log_e_above(s, n)
    )
    uncut = betaln(a + s, b + n - s) - betaln(a, b)
    uncut -= s * math.log(test.limit) + (n - s) * math.log1p(-test.limit)
    assert float(both) == pytest.approx(float(uncut), abs=1e-8)


def test_the_evidence_is_the_average_likelihood_over_the_rates_below_the_limit() -> None:
    s, n, p = 1, 40, 0.2
    numerator, _ = quad(lambda q: q**s * (1 - q) ** (n - s), 0, p)
    expected = numerator / p / (p**s * (1 - p) ** (n - s))
    assert float(np.exp(RateTest(p, (1, 1)).log_e_below(s, n))) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("test", "expected"), [(P99, 432), (P95, 85), (P50, 7), (ERRORS, 3678)], ids=str
)
def test_a_clean_run_passes_after_the_documented_number_of_samples(
    test: RateTest, expected: int
) -> None:
    assert fewest_to_pass(test, 0, PASS) == expected


@given(test=st.sampled_from([P99, P95, P50]), s=st.integers(0, 30))
def test_the_boundaries_are_where_the_evidence_crosses(test: RateTest, s: int) -> None:
    n = fewest_to_pass(test, s, PASS)
    assert test.log_e_below(s, n) >= PASS > test.log_e_below(s, n - 1)


@given(test=st.sampled_from(TESTS), n=st.integers(1, 2000), s=st.integers(0, 50))
def test_an_exceedance_never_helps_a_pass_and_never_hinders_a_fail(
    test: RateTest, n: int, s: int
) -> None:
    s = min(s, n - 1)
    assert test.log_e_below(s + 1, n) <= test.log_e_below(s, n)
    assert test.log_e_above(s + 1, n) >= test.log_e_above(s, n)


def test_samples_needed_counts_from_here_at_the_observed_rate() -> None:
    levels = {"log_pass": PASS, "log_fail": FAIL}
    assert samples_needed(P99, 0, 100, **levels) == 332
    assert samples_needed(P99, 0, 500, **levels) == 0
    assert samples_needed(P99, 10, 1000, **levels) is None
    assert samples_needed(P99, 0, 0, discount=2.0, **levels) == 864
    at_twice = samples_needed(P99, 4, 200, **levels)
    assert at_twice is not None
    assert P99.log_e_above(0.02 * (200 + at_twice), 200 + at_twice) >= FAIL


@given(n=st.integers(1, 5000), share=st.floats(0, 0.1))
def test_the_bounds_exclude_the_limit_exactly_when_the_evidence_decides(
    n: int, share: float
) -> None:
    s = int(n * share)
    lower, upper = rate_bounds(s, n, P99.prior, log_upper=PASS, log_lower=FAIL)
    assert 0 <= lower <= s / n <= upper <= 1
    if s / n < P99.limit:
        assert (upper < P99.limit) == bool(P99.log_e_below(s, n) >= PASS)
    else:
        assert (lower > P99.limit) == bool(P99.log_e_above(s, n) >= FAIL)


@given(n=st.integers(1, 3000))
def test_ranks_are_the_counts_at_which_so_many_samples_decide(n: int) -> None:
    passing, failing = ranks(P99, n, log_pass=PASS, log_fail=FAIL)
    assert (passing < 0) == (n < 432)
    if passing >= 0:
        assert P99.log_e_below(passing, n) >= PASS
    assert P99.log_e_below(passing + 1, n) < PASS
    if failing <= n:
        assert P99.log_e_above(failing, n) >= FAIL
    if failing > 1:
        assert P99.log_e_above(failing - 1, n) < FAIL


@pytest.mark.parametrize("limit", [0, 1, -0.1, math.nan])
def test_a_limit_that_is_no_rate_is_refused(limit: float) -> None:
    with pytest.raises(ValueError, match=r"expected a number in \(0, 1\)"):
        RateTest(limit, (1, 1))


def test_a_prior_that_is_no_prior_is_refused() -> None:
    with pytest.raises(ValueError, match="prior of a rate"):
        RateTest(0.5, (0, 1))
