# SPDX-License-Identifier: GPL-2.0-only
"""Intervals against published values and, by simulation, against known truth."""

from __future__ import annotations

import math

import numpy as np
import pytest

from redzone_tool import stats


@pytest.mark.parametrize("k,n,low,high", [
    (0, 10, 0.0, 0.3085),           # the 1 - (0.025)^(1/10) case
    (10, 10, 0.6915, 1.0),
    (5, 10, 0.1871, 0.8129),
    (1, 20, 0.0013, 0.2487),
    (15, 50, 0.1786, 0.4461),
])
def test_clopper_pearson_tables(k: int, n: int, low: float, high: float) -> None:
    got = stats.clopper_pearson(k, n)
    assert got.low == pytest.approx(low, abs=5e-5)
    assert got.high == pytest.approx(high, abs=5e-5)


def test_clopper_pearson_without_trials_knows_nothing() -> None:
    assert stats.clopper_pearson(0, 0) == stats.Interval(0.0, 1.0)


@pytest.mark.parametrize("k,n", [(-1, 5), (6, 5), (0, -1)])
def test_clopper_pearson_refuses_nonsense(k: int, n: int) -> None:
    with pytest.raises(ValueError):
        stats.clopper_pearson(k, n)


@pytest.mark.parametrize("p", [0.03, 0.3, 0.5])
def test_clopper_pearson_covers(p: float) -> None:
    rng = np.random.default_rng(7)
    draws = rng.binomial(40, p, size=1500)
    table = {int(k): stats.clopper_pearson(int(k), 40) for k in set(draws)}
    hits = sum(table[int(k)].low <= p <= table[int(k)].high for k in draws)
    # exact intervals cover at least 95 %; 3 standard errors of simulation noise
    assert hits / 1500 >= 0.95 - 3 * math.sqrt(0.05 * 0.95 / 1500)


def test_cluster_bootstrap_is_wider_when_functions_agree_within() -> None:
    flags, names = [], []
    for function in range(20):
        flags += [function % 2 == 0] * 10
        names += [f"f{function}"] * 10
    got = stats.share(flags, names)
    assert got.k == 100 and got.n == 200
    assert got.method.startswith("cluster")
    exact = stats.clopper_pearson(100, 200)
    assert got.high - got.low > 2 * exact.width


def test_cluster_bootstrap_covers_where_binomial_does_not() -> None:
    """Clusters of 10 that share one fate: truth 0.5, 30 functions."""
    rng = np.random.default_rng(11)
    runs, wide, narrow = 200, 0, 0
    for _ in range(runs):
        fates = rng.random(30) < 0.5
        flags = [bool(f) for f in fates for _ in range(10)]
        names = [f"f{i}" for i in range(30) for _ in range(10)]
        got = stats.share(flags, names, resamples=600)
        wide += got.low <= 0.5 <= got.high
        exact = stats.clopper_pearson(sum(flags), len(flags))
        narrow += exact.low <= 0.5 <= exact.high
    assert wide / runs >= 0.88
    assert narrow / runs < 0.75


def test_share_of_one_outcome_keeps_an_interval() -> None:
    got = stats.share([False] * 8, [f"f{i % 2}" for i in range(8)])
    assert (got.low, got.method) == (0.0, "Clopper-Pearson")
    assert got.high == pytest.approx(0.3694, abs=1e-3)


def test_share_of_nothing() -> None:
    got = stats.share([], [])
    assert got.value is None and (got.low, got.high) == (0.0, 1.0)


@pytest.mark.parametrize("n,rank,coverage", [
    (6, 1, 0.96875), (10, 2, 0.978515625), (20, 6, 0.9586105), (30, 10, 0.9572261)])
def test_median_ranks(n: int, rank: int, coverage: float) -> None:
    got = stats.median(list(range(1, n + 1)))
    assert (got.low, got.high) == (rank, n + 1 - rank)
    assert got.coverage == pytest.approx(coverage, abs=1e-6)


def test_median_of_few_trials_claims_nothing() -> None:
    got = stats.median([3.0, 1.0, 2.0])
    assert got.value == 2.0 and (got.low, got.high) == (0.0, math.inf)


def test_median_keeps_censored_trials() -> None:
    got = stats.median([1, 2, 3, 4, math.inf, math.inf, math.inf])
    assert got.value == 4 and got.censored == 3 and got.high == math.inf
    assert math.isinf(stats.median([1, math.inf, math.inf]).value)
    assert math.isinf(stats.median([math.inf, math.inf]).value)


def test_median_covers() -> None:
    rng = np.random.default_rng(3)
    truth = math.log(2)
    hits = 0
    for _ in range(1000):
        got = stats.median(list(rng.exponential(size=15)))
        hits += got.low <= truth <= got.high
    assert hits / 1000 >= 0.95 - 3 * math.sqrt(0.05 * 0.95 / 1000)


def test_zero_events_give_a_limit_not_a_rate() -> None:
    got = stats.poisson_rate(0, 2.0)
    assert got.value is None
    assert got.high * 2.0 == pytest.approx(2.9957, abs=1e-4)


@pytest.mark.parametrize("events,low,high", [
    (1, 0.0253, 5.5716), (5, 1.6235, 11.6683), (10, 4.7954, 18.3904)])
def test_poisson_tables(events: int, low: float, high: float) -> None:
    got = stats.poisson_rate(events, 1.0)
    assert got.low == pytest.approx(low, abs=1e-4)
    assert got.high == pytest.approx(high, abs=1e-4)


def test_poisson_covers() -> None:
    rng = np.random.default_rng(5)
    draws = rng.poisson(2.5 * 1.7, size=1500)
    table = {int(k): stats.poisson_rate(int(k), 1.7) for k in set(draws)}
    hits = sum(table[int(k)].low <= 2.5 <= table[int(k)].high for k in draws)
    assert hits / 1500 >= 0.95 - 3 * math.sqrt(0.05 * 0.95 / 1500)


def test_no_exposure_no_claim() -> None:
    assert stats.poisson_rate(0, 0.0).high == math.inf
