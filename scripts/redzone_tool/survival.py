# SPDX-License-Identifier: GPL-2.0-only
"""
Times to an event in trials of which some ended without it (censored).

Product-limit estimate and log-rank test are statsmodels'. The intervals of the restricted mean
and of the rate hold for any distribution of times: random Dirichlet weights over the trials and
one more trial at the worst possible value (Gaffke's bound). docs/measuring.md has the
definitions and what simulation says of each.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from redzone_tool import stats
from redzone_tool.stats import LEVEL, Interval

DRAWS = 4000
SHAPE_EVENTS = 3        # fewer say nothing of the shape of a hazard
WEAK = 5                # trials with and without the event below which a band is marked


@dataclass(frozen=True)
class Sample:
    """One time a trial: of its event, or until which it was watched without one."""

    times: tuple[float, ...]
    events: tuple[bool, ...]

    def __post_init__(self) -> None:
        if len(self.times) != len(self.events):
            raise ValueError("one event flag for each time")
        if any(not 0 <= t < math.inf for t in self.times):
            raise ValueError("times are finite and not negative")

    @classmethod
    def of(cls, values: Sequence[float], watched: Sequence[float]) -> Sample:
        """Values are inf where the event did not happen within the watched time."""
        seen = [v <= w for v, w in zip(values, watched, strict=True)]
        return cls(tuple(v if s else w for v, w, s in zip(values, watched, seen)), tuple(seen))

    def until(self, horizon: float) -> Sample:
        """The same trials watched until `horizon` only."""
        return Sample(tuple(min(t, horizon) for t in self.times),
                      tuple(e and t <= horizon for t, e in zip(self.times, self.events)))

    @property
    def hits(self) -> int:
        return sum(self.events)

    @property
    def horizon(self) -> float:
        """How long every trial without the event was watched; the longest time without such."""
        open_ = [t for t, e in zip(self.times, self.events) if not e]
        return min(open_) if open_ else max(self.times, default=0.0)

    @property
    def values(self) -> list[float]:
        """The times with inf for what was censored, as stats.median() takes them."""
        return [t if e else math.inf for t, e in zip(self.times, self.events)]


@dataclass(frozen=True)
class Step:
    """The curve from one event time to the next; `weak` bands rest on few trials."""

    time: float
    at_risk: int
    events: int             # at this time
    survival: float
    low: float
    high: float
    weak: bool


@dataclass(frozen=True)
class Estimate:
    """A value with its interval; None when there is nothing to estimate from."""

    value: float | None
    low: float
    high: float
    n: int
    method: str


@dataclass(frozen=True)
class Shape:
    """Whether a constant rate describes the trials: `p` is None when too few say so."""

    p: float | None
    trend: str              # rising, falling or unknown

    @property
    def constant(self) -> bool:
        """Not refuted, which with few trials says little."""
        return self.p is None or self.p >= 1 - LEVEL


def curve(sample: Sample, level: float = LEVEL) -> list[Step]:
    """
    Kaplan-Meier with pointwise log-log bands, Student's quantile instead of the normal one.

    Where the estimate is 0 or 1 the transform does not exist and the band is Clopper-Pearson's.
    """
    n = len(sample.times)
    if not sample.hits:
        return []
    from scipy import special
    from statsmodels.duration.survfunc import SurvfuncRight
    fit = SurvfuncRight(list(sample.times), [int(e) for e in sample.events])
    quantile = float(special.stdtrit(max(n - 1, 1), 1 - (1 - level) / 2))
    steps = []
    seen = 0
    for at, risk, events, survival, error in zip(
            fit.surv_times, fit.n_risk, fit.n_events, fit.surv_prob, fit.surv_prob_se):
        if not events:
            continue
        seen += int(events)
        survival = float(survival)
        if survival <= 1e-12:
            band = Interval(0.0, 1 - stats.clopper_pearson(seen, n, level).low)
            survival = 0.0
        else:
            spread = quantile * float(error) / abs(survival * math.log(survival))
            band = Interval(survival ** math.exp(spread), survival ** math.exp(-spread))
        steps.append(Step(float(at), int(risk), int(events), survival, band.low, band.high,
                          seen < WEAK or int(risk) - int(events) < WEAK))
    return steps


def at(steps: Sequence[Step], time: float, n: int, level: float = LEVEL) -> Step:
    """The curve at one time; before the first event it is 1."""
    passed = [s for s in steps if s.time <= time]
    if passed:
        return passed[-1]
    return Step(0.0, n, 0, 1.0, 1 - stats.clopper_pearson(0, n, level).high, 1.0, True)


def restricted_mean(sample: Sample, horizon: float | None = None,
                    level: float = LEVEL) -> Estimate:
    """
    Mean time to the event, counted no further than `horizon` (default: how long every trial
    was watched). The area under the curve; without earlier censoring the plain mean.
    """
    method = "distribution-free (Dirichlet weights)"
    if not sample.times:
        return Estimate(None, 0.0, math.inf, 0, method)
    end = sample.horizon if horizon is None else horizon
    if end > sample.horizon and not all(sample.events):
        raise ValueError("a trial was not watched for so long")
    cut = [min(t, end) for t in sample.times]
    low, high = mean_limits([cut], end, level)
    return Estimate(sum(cut) / len(cut), float(low[0]), float(high[0]), len(cut), method)


def mean_limits(times: Any, horizon: float, level: float = LEVEL, draws: int = DRAWS) -> Any:
    """Limits of the mean of values in [0, horizon]; one row of `times` a sample."""
    import numpy as np
    weights = _weights(len(times[0]), draws)
    means = np.asarray(times) @ weights[:, :-1].T
    tail = (1 - level) / 2
    return (np.quantile(means, tail, axis=1),
            np.quantile(means + weights[:, -1] * horizon, 1 - tail, axis=1))


def rate(sample: Sample, budget: float | None = None, level: float = LEVEL) -> Estimate:
    """
    Events per unit of watched time over trials that end at their event or the budget.

    The wider of two: exact Poisson limits, right for a constant hazard, and limits that hold
    for any. Without an event only an upper limit is stated.
    """
    n, exposure = len(sample.times), sum(sample.times)
    poisson = stats.poisson_rate(sample.hits, exposure, level)
    if not sample.hits or exposure == 0:
        return Estimate(None, 0.0, poisson.high, n, "upper limit")
    lows, highs = rate_limits([sample.times], [sample.events],
                              budget or max(sample.times), level)
    low, high = float(lows[0]), float(highs[0])
    method = "exact Poisson"
    if low < poisson.low or high > poisson.high:
        method = "wider of exact Poisson and distribution-free"
    return Estimate(sample.hits / exposure, min(low, poisson.low), max(high, poisson.high), n,
                    method)


def rate_limits(times: Any, events: Any, budget: float, level: float = LEVEL,
                draws: int = DRAWS) -> Any:
    """Limits of events per watched time for any hazard; one row of both a sample."""
    import numpy as np
    weights = _weights(len(times[0]), draws)
    hits = np.asarray(events, dtype=float) @ weights[:, :-1].T
    spent = np.asarray(times) @ weights[:, :-1].T
    extra = weights[:, -1]
    tail = (1 - level) / 2
    return (np.quantile(hits / (spent + extra * budget), tail, axis=1),
            np.quantile((hits + extra) / np.maximum(spent, 1e-300), 1 - tail, axis=1))


def shape(sample: Sample) -> Shape:
    """
    Check of the exponential shape: under a constant hazard the share of all watched time that
    had passed at each event is uniform. Laplace's trend test of these shares.
    """
    order = sorted(zip(sample.times, sample.events))
    total = sum(sample.times)
    passed, last, shares = 0.0, 0.0, []
    for position, (time, event) in enumerate(order):
        passed += (time - last) * (len(order) - position)
        last = time
        if event:
            shares.append(passed / total if total else 0.5)
    if all(sample.events) and shares:
        shares.pop()        # the last event ends the watching: its share is 1 by construction
    if len(shares) < SHAPE_EVENTS:
        return Shape(None, "unknown")
    from scipy import special
    score = (sum(shares) - len(shares) / 2) / math.sqrt(len(shares) / 12)
    p = 2 * float(special.ndtr(-abs(score)))
    return Shape(p, "falling" if score < 0 else "rising")


def log_rank(a: Sample, b: Sample) -> float:
    """Two-sided p of the log-rank test; 1 when neither has an event."""
    if not (a.hits or b.hits) or not a.times or not b.times:
        return 1.0
    from statsmodels.duration.survfunc import survdiff
    import numpy as np
    groups = [0] * len(a.times) + [1] * len(b.times)
    try:
        _, p = survdiff(np.array(a.times + b.times), np.array(a.events + b.events, dtype=int),
                        np.array(groups))
    except np.linalg.LinAlgError:
        return 1.0      # all at one time: nothing varies
    return float(p)


def summary(sample: Sample) -> dict[str, Any]:
    """Median, restricted mean, rate and curve of one set of times; beyond the budget is None."""
    median = stats.median(sample.values, watched=sample.times)
    mean = restricted_mean(sample)
    rates = rate(sample, sample.horizon)
    form = shape(sample)
    return {
        "median": {"value": finite(median.value), "low": finite(median.low),
                   "high": finite(median.high), "n": median.n, "censored": median.censored,
                   "coverage": median.coverage if median.high > median.low else None},
        "restricted_mean": {"value": mean.value, "low": mean.low, "high": finite(mean.high),
                            "horizon": sample.horizon},
        "rate": {"value": rates.value, "low": rates.low, "high": finite(rates.high),
                 "method": rates.method, "constant": form.constant, "shape_p": form.p,
                 "trend": form.trend},
        "watched": max(sample.times, default=0.0),
        "curve": [{"time": s.time, "survival": s.survival, "low": s.low, "high": s.high,
                   "at_risk": s.at_risk, "weak": s.weak} for s in curve(sample)]}


def finite(value: float) -> float | None:
    """JSON has no infinity: an event beyond the budget is null."""
    return value if math.isfinite(value) else None


@lru_cache(maxsize=64)
def _weights(n: int, draws: int) -> Any:
    """Dirichlet weights of n trials and one more; the same in every call."""
    import numpy as np
    return np.random.default_rng(n).dirichlet(np.ones(n + 1), draws)
