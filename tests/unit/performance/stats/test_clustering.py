"""How many slow requests count as one."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_cutover.performance.stats.clustering import Stalls, TailClusters, dispersion


def fed(counts: list[int], endpoint: str = "a") -> TailClusters:
    clusters = TailClusters()
    for slow in counts:
        clusters.add(endpoint, slow)
    return clusters


def test_without_slow_requests_every_request_counts() -> None:
    assert fed([0] * 500).discount() == 1.0


def test_lone_slow_requests_count_one_each() -> None:
    clusters = fed(([0] * 99 + [1]) * 20)
    assert clusters.discount() == 1.0
    assert (clusters.requests, clusters.clusters, clusters.largest) == (20, 20, 1)


def test_bursts_of_four_count_about_one_each() -> None:
    clusters = fed(([0] * 198 + [2, 2]) * 20)
    assert clusters.discount() == pytest.approx(4, abs=0.3)
    assert (clusters.requests, clusters.clusters, clusters.largest) == (80, 20, 4)


def test_few_clusters_are_discounted_with_more_caution_than_many() -> None:
    few, many = fed(([0] * 198 + [2, 2]) * 2), fed(([0] * 198 + [2, 2]) * 100)
    assert few.cautious_discount() > many.cautious_discount() > many.discount()
    assert fed(([0] * 99 + [1]) * 20).cautious_discount() == 1.0


def test_a_run_that_begins_within_a_burst_takes_it_for_one() -> None:
    assert fed([2, 2]).discount() > 3


@settings(max_examples=15)
@given(seed=st.integers(0, 1000), rate=st.floats(0.001, 0.05))
def test_independent_slow_requests_are_discounted_little(seed: int, rate: float) -> None:
    chance = random.Random(seed)
    counts = [(chance.random() < rate) + (chance.random() < rate) for _ in range(10_000)]
    assert fed(counts).discount() < 1.6


@given(counts=st.lists(st.integers(0, 2), min_size=1, max_size=60))
def test_the_discount_is_one_or_more_and_the_largest_cluster_or_less(counts: list[int]) -> None:
    clusters = fed(counts)
    assert 1.0 <= clusters.discount() <= max(1, clusters.largest)


@given(counts=st.lists(st.integers(0, 2), max_size=60))
def test_jumping_over_clean_blocks_is_the_same_as_counting_them(counts: list[int]) -> None:
    jumped = TailClusters()
    clean = 0
    for slow in counts:
        if slow:
            if clean:
                jumped.add("a", 0, blocks=clean)
            jumped.add("a", slow)
            clean = 0
        else:
            clean += 1
    if clean:
        jumped.add("a", 0, blocks=clean)
    assert fed(counts).discount() == jumped.discount()


def test_endpoints_do_not_join_each_others_clusters() -> None:
    clusters = TailClusters()
    for endpoint in ("a", "b", "c", "d"):
        for _ in range(50):
            clusters.add(endpoint, 0)
        clusters.add(endpoint, 1)
    assert clusters.clusters == 4


def test_a_probe_sees_how_long_stalls_last() -> None:
    timeline = [(i / 100, 200 <= i < 300 or i == 700) for i in range(1000)]
    stalls = Stalls.seen(timeline, gap_s=0.03)
    assert stalls.requests == (100, 1)
    assert stalls.durations_s == pytest.approx((0.99, 0.0))
    assert stalls.watched_s == pytest.approx(9.99)
    assert stalls.discount(requests_per_s=10) == pytest.approx(1 + 10 * 0.99 * 100 / 101)


def test_a_probe_that_saw_nothing_discounts_nothing() -> None:
    assert Stalls.seen([(0.0, False), (1.0, False)], gap_s=1).discount(100) == 1.0
    assert Stalls().discount(100) == 1.0


def test_slow_requests_under_load_count_by_the_size_of_their_bursts() -> None:
    times = [i / 1000 for i in range(60_000)]
    chance = random.Random(3)
    spread = [chance.random() < 0.01 for _ in times]
    bursty = [int(t * 1000) % 2000 < 20 for t in times]
    assert dispersion(times, spread, window_s=0.1) == pytest.approx(1.0, abs=0.2)
    assert dispersion(times, bursty, window_s=0.1) == pytest.approx(20, abs=2)
    assert dispersion([], [], window_s=1) == 1.0
