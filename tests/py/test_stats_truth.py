# SPDX-License-Identifier: GPL-2.0-only
"""
Every interval against simulated truth: 10, 20 and 30 trials, hit probabilities from 0.1 to
0.99, hazards that fall, stay and rise. What is exact covers at least 95 % less the error of the
simulation; what is approximate covers 93 % or is marked weak.
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy import special

from redzone_tool import discovery, ranks, stats, survival
from redzone_tool.survival import Sample

TRIALS = (10, 20, 30)
HITS = (0.1, 0.3, 0.5, 0.7, 0.9, 0.99)
SHAPES = (0.5, 1.0, 2.0)        # Weibull: a falling, constant and rising hazard
RUNS, DRAWS = 1000, 500
ERROR = 3 * math.sqrt(0.05 * 0.95 / RUNS)
EXACT, APPROXIMATE = 0.95 - ERROR, 0.93
CELLS = list(product(TRIALS, HITS, SHAPES))


@lru_cache(maxsize=None)
def simulated(n: int, hit: float, shape: float) -> tuple[Any, Any, float]:
    """Times cut at a budget of 1, whether the event came, and the scale of the times."""
    rng = np.random.default_rng([n, round(100 * hit), round(10 * shape)])
    scale = (-math.log(1 - hit)) ** (-1 / shape)
    times = scale * rng.weibull(shape, (RUNS, n))
    return np.minimum(times, 1.0), times <= 1.0, scale


def true_mean(shape: float, scale: float) -> float:
    """Mean of min(T, 1): the integral of the survival function."""
    at = (np.arange(200_000) + 0.5) / 200_000
    return float(np.exp(-(at / scale) ** shape).mean())


def binomial(n: int, hit: float) -> Any:
    return special.bdtr(np.arange(n + 1), n, hit) - np.append(
        0.0, special.bdtr(np.arange(n), n, hit))


@pytest.mark.parametrize("n", TRIALS)
def test_clopper_pearson(n: int) -> None:
    """The number of hits has only n + 1 values: the coverage is summed, not simulated."""
    table = [stats.clopper_pearson(k, n) for k in range(n + 1)]
    for hit in (*HITS, 0.01, 0.95):
        covers = np.array([i.low <= hit <= i.high for i in table])
        assert (binomial(n, hit) * covers).sum() >= 0.95, hit


@pytest.mark.parametrize("n", TRIALS)
def test_nothing_found(n: int) -> None:
    """With the limit itself as truth, nothing is found in 5 % of the campaigns."""
    assert (1 - stats.share_limit(n)) ** n == pytest.approx(0.05)
    assert binomial(n, stats.share_limit(n))[0] == pytest.approx(0.05)


def test_median() -> None:
    """Censored at the budget, whether or not the true median lies beyond it."""
    for n, hit, shape in CELLS:
        times, events, scale = simulated(n, hit, shape)
        truth = scale * math.log(2) ** (1 / shape)
        rank = stats.median_rank(n)
        order = np.sort(times, axis=1)
        last = np.sort(np.where(events, times, np.inf), axis=1)
        covers = (order[:, rank - 1] <= truth) & (truth <= last[:, n - rank])
        assert covers.mean() >= EXACT, (n, hit, shape)
        got = stats.median(list(np.where(events[0], times[0], np.inf)), watched=[1.0] * n)
        assert (got.low, got.high) == (order[0, rank - 1], last[0, n - rank])


def test_a_median_beyond_the_budget_is_not_beyond_everything() -> None:
    """Nine of ten censored: the lower limit is when the watching ended, not infinity."""
    values = [3.0] + [math.inf] * 9
    assert stats.median(values, watched=[5.0] * 10).low == 5.0
    mixed = stats.median([1, 2, 3, 4, 5, math.inf] + [9.0] * 4, watched=[5.5] * 6 + [10] * 4)
    assert (mixed.low, mixed.high) == (2, 9.0)


@pytest.mark.parametrize("n", TRIALS)
def test_kaplan_meier_bands(n: int) -> None:
    """
    All trials are watched for as long: the band at the budget depends on the hits alone, and
    its coverage is a sum. Bands that cover almost always are weak bands.
    """
    bands = []
    for k in range(n + 1):
        sample = Sample(tuple([(i + 1) / (n + 1) for i in range(k)] + [1.0] * (n - k)),
                        (True,) * k + (False,) * (n - k))
        bands.append(survival.at(survival.curve(sample), 1.0, n))
    for hit in (*HITS, 0.2, 0.4, 0.6, 0.8, 0.95):
        chance = binomial(n, hit)
        covers = np.array([b.low - 1e-12 <= 1 - hit <= b.high + 1e-12 for b in bands])
        weak = np.array([b.weak for b in bands])
        coverage = (chance * covers).sum()
        assert coverage >= APPROXIMATE, (n, hit)
        assert coverage <= 0.99 or (chance * weak).sum() >= 0.75, (n, hit, coverage)


def test_restricted_mean() -> None:
    for n, hit, shape in CELLS:
        times, _, scale = simulated(n, hit, shape)
        low, high = survival.mean_limits(times, 1.0, draws=DRAWS)
        truth = true_mean(shape, scale)
        assert ((low <= truth) & (truth <= high)).mean() >= EXACT, (n, hit, shape)


def test_rate_under_any_hazard() -> None:
    """The rate is hits per watched time of such trials, whatever the hazard."""
    for n, hit, shape in CELLS:
        times, events, scale = simulated(n, hit, shape)
        truth = hit / true_mean(shape, scale)
        low, high = survival.rate_limits(times, events, 1.0, draws=DRAWS)
        hits, spent = events.sum(axis=1), times.sum(axis=1)
        poisson = [_poisson(int(k)) for k in range(n + 1)]
        low = np.minimum(low, np.array([p.low for p in poisson])[hits] / spent)
        high = np.maximum(high, np.array([p.high for p in poisson])[hits] / spent)
        # Without a hit the limit is one-sided: 95 % of it, not 97.5 %.
        high = np.where(hits == 0, stats.ZERO_EVENTS_LIMIT / spent, high)
        assert ((low <= truth) & (truth <= high)).mean() >= EXACT, (n, hit, shape)


@lru_cache(maxsize=None)
def _poisson(events: int) -> stats.Rate:
    return stats.poisson_rate(events, 1.0)


def _poisson_coverage(n: int, hit: float, shape: float) -> float:
    times, events, scale = simulated(n, hit, shape)
    truth = hit / true_mean(shape, scale)
    table = [_poisson(k) for k in range(n + 1)]
    hits, spent = events.sum(axis=1), times.sum(axis=1)
    low = np.array([p.low for p in table])[hits] / spent
    high = np.array([p.high for p in table])[hits] / spent
    return float(((low <= truth) & (truth <= high)).mean())


def test_poisson_alone_needs_the_constant_hazard() -> None:
    """Right under it; under a falling one it promises too much, and the check says so."""
    for n, hit in product(TRIALS, HITS):
        assert _poisson_coverage(n, hit, 1.0) >= APPROXIMATE, (n, hit)
    assert _poisson_coverage(30, 0.9, 0.5) < 0.9
    for shape, trend in ((0.5, "falling"), (2.0, "rising")):
        times, events, _ = simulated(30, 0.9, shape)
        seen = [survival.shape(Sample(tuple(t), tuple(map(bool, e))))
                for t, e in zip(times[:200], events[:200])]
        warned = [s for s in seen if not s.constant]
        assert len(warned) >= 0.8 * len(seen)
        assert all(s.trend == trend for s in warned)


def test_the_check_of_the_shape_is_quiet_under_a_constant_hazard() -> None:
    for n, hit in ((10, 0.9), (20, 0.5), (30, 0.99)):
        times, events, _ = simulated(n, hit, 1.0)
        warned = sum(not survival.shape(Sample(tuple(t), tuple(map(bool, e)))).constant
                     for t, e in zip(times[:600], events[:600]))
        assert warned / 600 <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 600), (n, hit)


@pytest.mark.parametrize("n", TRIALS)
@pytest.mark.parametrize("truth", [0.5, 0.7, 0.9, 0.99])
def test_a12_interval(n: int, truth: float) -> None:
    """B's hazard is truth / (1 - truth) times A's: P(A > B) = truth."""
    rng = np.random.default_rng([n, round(100 * truth)])
    runs = 1000
    a = rng.exponential(truth / (1 - truth), (runs, n))
    b = rng.exponential(1.0, (runs, n))
    value = (a[:, :, None] > b[:, None, :]).sum(axis=(1, 2))
    table = {int(v): _interval(int(v), n) for v in np.unique(value)}
    covered = [table[int(v)].low <= truth <= table[int(v)].high for v in value]
    weak = [table[int(v)].weak for v in value]
    assert np.mean(covered) >= APPROXIMATE or np.mean(weak) >= 0.75
    assert truth > 0.9 or np.mean(covered) >= APPROXIMATE
    got = ranks.a12(list(a[0]), list(b[0]))
    assert got.value == pytest.approx(value[0] / n ** 2)
    assert (got.low, got.high) == pytest.approx((table[int(value[0])].low,
                                                 table[int(value[0])].high))


def _interval(wins: int, n: int) -> ranks.Effect:
    """The interval of two samples of n in which A is larger in `wins` pairs."""
    whole, rest = divmod(wins, n)
    a = [n + 1.0] * whole + ([rest + 0.5] if whole < n else []) + [0.0] * (n - whole - 1)
    return ranks.a12(a, [float(i + 1) for i in range(n)])


@pytest.mark.parametrize("budget", [math.inf, 1.0, 0.3])
def test_mann_whitney_keeps_its_level(budget: float) -> None:
    """Equal distributions, with none, some and many ties at the budget."""
    rng = np.random.default_rng(int(10 * min(budget, 2)))
    runs = 400
    both = np.where((t := rng.exponential(size=(runs, 20))) > budget, np.inf, t)
    small = sum(ranks.mann_whitney(list(row[:10]), list(row[10:])) <= 0.05 for row in both)
    assert small / runs <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / runs)


def test_good_turing_is_right_on_average() -> None:
    """Bugs of known rarity: the mean estimate is the mean number of bugs new to a next trial."""
    rng = np.random.default_rng(4)
    hit = np.array([0.9, 0.5, 0.3, 0.2, 0.1, 0.05, 0.05, 0.02])
    for n in (10, 30):
        found = rng.random((600, n, len(hit))) < hit
        estimates = [discovery.estimate([{str(b) for b in np.flatnonzero(trial)}
                                         for trial in campaign]).expected_new
                     for campaign in found]
        # f1 / n is exactly unbiased for the n-th trial as seen by the n-1 others
        truth = float((hit * (1 - hit) ** (n - 1)).sum())
        assert np.mean(estimates) == pytest.approx(truth, abs=4 * np.std(estimates) / 600 ** 0.5)
