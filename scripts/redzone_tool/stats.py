# SPDX-License-Identifier: GPL-2.0-only
"""Intervals for shares, medians and rates; docs/measuring.md defines each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

# numpy and scipy are imported where they are used: every command imports this module.

LEVEL = 0.95
BOOTSTRAPS = 4000

# -ln(0.05): what zero events in one unit of exposure still allow at 95 %.
ZERO_EVENTS_LIMIT = -math.log(1 - LEVEL)


@dataclass(frozen=True)
class Interval:
    low: float
    high: float

    @property
    def width(self) -> float:
        return self.high - self.low


@dataclass(frozen=True)
class Share:
    """k of n with the wider of its two intervals; `method` names which it is."""

    k: int
    n: int
    low: float
    high: float
    method: str

    @property
    def value(self) -> float | None:
        return self.k / self.n if self.n else None


@dataclass(frozen=True)
class Median:
    """
    A median over trials of which some were censored (math.inf).

    `low` and `high` are order statistics that enclose the true median with
    probability `coverage`; fewer than six trials cannot reach 95 %, and then
    `low` is -inf (or 0 for times) and `high` is inf: nothing is claimed.
    """

    value: float
    low: float
    high: float
    coverage: float
    n: int
    censored: int


@dataclass(frozen=True)
class Rate:
    """Events per unit of exposure with exact Poisson limits."""

    events: int
    exposure: float
    value: float | None
    low: float
    high: float


def clopper_pearson(k: int, n: int, level: float = LEVEL) -> Interval:
    """Exact two-sided binomial interval; [0, 1] when there is no trial."""
    if n < 0 or not 0 <= k <= max(n, 0):
        raise ValueError(f"not a count out of trials: {k} of {n}")
    if n == 0:
        return Interval(0.0, 1.0)
    from scipy import special
    tail = (1 - level) / 2
    low = 0.0 if k == 0 else float(special.betaincinv(k, n - k + 1, tail))
    high = 1.0 if k == n else float(special.betaincinv(k + 1, n - k, 1 - tail))
    return Interval(low, high)


def share_limit(n: int, level: float = LEVEL) -> float:
    """The largest share that no hit in n trials still allows; 1 without a trial."""
    return 1 - (1 - level) ** (1 / n) if n > 0 else 1.0


def cluster_bootstrap(counts: Sequence[tuple[int, int]], level: float = LEVEL,
                      resamples: int = BOOTSTRAPS, seed: int = 1) -> Interval:
    """
    Percentile interval of sum(k)/sum(n) when whole clusters are resampled.

    `counts` holds one (k, n) a cluster. Guards of one function share their fate,
    so that treating them as independent would promise too narrow an interval.
    """
    used = [(k, n) for k, n in counts if n > 0]
    if not used:
        return Interval(0.0, 1.0)
    import numpy as np
    table = np.array(used, dtype=float)
    rng = np.random.default_rng(seed)
    picks = rng.integers(0, len(table), size=(resamples, len(table)))
    sums = table[picks].sum(axis=1)
    ratios = sums[:, 0] / sums[:, 1]
    tail = (1 - level) / 2
    low, high = np.quantile(ratios, [tail, 1 - tail])
    return Interval(float(low), float(high))


def share(flags: Sequence[bool], clusters: Sequence[str], level: float = LEVEL,
          resamples: int = BOOTSTRAPS) -> Share:
    """Share of true flags; the wider of Clopper-Pearson and cluster bootstrap."""
    if len(flags) != len(clusters):
        raise ValueError("one cluster name for each flag")
    k, n = sum(flags), len(flags)
    exact = clopper_pearson(k, n, level)
    groups: dict[str, list[int]] = {}
    for flag, name in zip(flags, clusters):
        group = groups.setdefault(name, [0, 0])
        group[0] += flag
        group[1] += 1
    boot = cluster_bootstrap([(g[0], g[1]) for g in groups.values()], level, resamples)
    if boot.width > exact.width and n > 0:
        return Share(k, n, boot.low, boot.high, "cluster bootstrap over functions")
    return Share(k, n, exact.low, exact.high, "Clopper-Pearson")


def median_rank(n: int, level: float = LEVEL) -> int:
    """
    The largest d with P(X(d) <= median <= X(n+1-d)) >= level; 0 when n is too small.

    The number of values below the median is Binomial(n, 1/2).
    """
    from scipy import special
    best = 0
    for rank in range(1, (n + 1) // 2 + 1):
        if 1 - 2 * float(special.bdtr(rank - 1, n, 0.5)) < level:
            break
        best = rank
    return best


def median(values: Sequence[float], level: float = LEVEL,
           watched: Sequence[float] | None = None) -> Median:
    """
    Median with the exact order-statistic interval; censored values are inf.

    `watched` says how long each trial was watched. A censored one may have ended the moment
    after: the lower limit takes it at the time it was watched, the upper limit at infinity, so
    that the interval holds whatever the budgets were. Without `watched` a lower limit may be
    inf, which reads as "beyond the budget".
    """
    if not values:
        raise ValueError("a median needs a value")
    if watched is not None and len(watched) != len(values):
        raise ValueError("one watched time for each value")
    ordered = sorted(values)
    n = len(ordered)
    censored = sum(math.isinf(v) for v in ordered)
    middle = ordered[(n - 1) // 2], ordered[n // 2]
    value = middle[0] if middle[0] == middle[1] else (middle[0] + middle[1]) / 2
    rank = median_rank(n, level)
    if rank == 0:
        return Median(value, 0.0, math.inf, 1.0, n, censored)
    from scipy import special
    coverage = 1 - 2 * float(special.bdtr(rank - 1, n, 0.5))
    least = ordered if watched is None else sorted(
        min(v, w) for v, w in zip(values, watched))
    return Median(value, least[rank - 1], ordered[n - rank], coverage, n, censored)


def poisson_rate(events: int, exposure: float, level: float = LEVEL) -> Rate:
    """
    Events per unit of exposure. With no event the whole error goes to the upper
    side: the limit is 3.00 / exposure at 95 %, and no rate is stated.
    """
    if events < 0 or exposure < 0:
        raise ValueError("events and exposure cannot be negative")
    if exposure == 0:
        return Rate(events, exposure, None, 0.0, math.inf)
    if events == 0:
        return Rate(0, exposure, None, 0.0, -math.log(1 - level) / exposure)
    from scipy import special
    tail = (1 - level) / 2
    low = float(special.gammaincinv(events, tail))
    high = float(special.gammaincinv(events + 1, 1 - tail))
    return Rate(events, exposure, events / exposure, low / exposure, high / exposure)
