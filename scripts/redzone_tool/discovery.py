# SPDX-License-Identifier: GPL-2.0-only
"""
Residual risk: how likely is it that more of the same finds something new?

Good-Turing over trials: a bug that exactly one of n trials found would have been new to that
trial, had it come last. Known bugs that were not found yet say how good such a prediction is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from redzone_tool import stats


@dataclass(frozen=True)
class Discovery:
    """What one more trial is expected to bring."""

    trials: int
    found: int              # different bugs so far
    singletons: int         # found by exactly one trial
    expected_new: float     # bugs new to the next trial
    probability: float      # that the next trial finds any new one
    low: float
    high: float


@dataclass(frozen=True)
class Score:
    """Predictions after some trials against what the next trial then found."""

    after: int
    predicted: float        # mean number of new bugs, over all orders of the trials
    actual: float


@dataclass(frozen=True)
class LeftOut:
    """One bug taken as unknown until it is found."""

    bug: str
    found_by: int           # trials
    predicted: float        # discovery probability over the other bugs, mean over orders
    waited: float           # mean trials until found, over orders; inf when never


def estimate(trials: Sequence[Iterable[str]]) -> Discovery:
    """Each trial is the set of bugs it found."""
    sets = [set(trial) for trial in trials]
    n = len(sets)
    counts = _counts(sets)
    once = {bug for bug, count in counts.items() if count == 1}
    lucky = sum(bool(trial & once) for trial in sets)
    if n == 0:
        return Discovery(0, 0, 0, math.inf, 1.0, 0.0, 1.0)
    interval = stats.clopper_pearson(lucky, n)
    return Discovery(n, len(counts), len(once), len(once) / n, lucky / n, interval.low,
                     interval.high if lucky else stats.share_limit(n))


def score(trials: Sequence[Iterable[str]]) -> list[Score]:
    """
    Good-Turing after 1, 2, … n-1 trials against the number of bugs the next trial adds, both
    averaged over every order of the trials.

    With k of N trials finding a bug, the chances that exactly one, or none, of a random m find
    it are hypergeometric; so is the chance that the (m+1)th is the first.
    """
    sets = [set(trial) for trial in trials]
    counts = list(_counts(sets).values())
    total = len(sets)
    rows = []
    for m in range(1, total):
        predicted = sum(_exactly(1, m, k, total) for k in counts) / m
        actual = sum(_exactly(0, m, k, total) * k / (total - m) for k in counts)
        rows.append(Score(m, predicted, actual))
    return rows


def leave_one_out(trials: Sequence[Iterable[str]], known: Iterable[str]) -> list[LeftOut]:
    """
    Each known bug in turn is the unknown one: what does Good-Turing over the others say of the
    next trial while this bug is still hidden? A useful estimate is higher where bugs are missing
    and sinks towards 0 where all are found.
    """
    sets = [set(trial) for trial in trials]
    total = len(sets)
    rows = []
    for bug in sorted(set(known)):
        counts = _counts([trial - {bug} for trial in sets])
        hits = sum(bug in trial for trial in sets)
        spans, weights = [], []
        for m in range(1, total):
            hidden = _exactly(0, m, hits, total)
            if hidden > 0:
                once = sum(_exactly(1, m, k, total) for k in counts.values())
                spans.append(once / m)
                weights.append(hidden)
        mean = (sum(s * w for s, w in zip(spans, weights)) / sum(weights)) if weights else 0.0
        waited = (total + 1) / (hits + 1) if hits else math.inf
        rows.append(LeftOut(bug, hits, mean, waited))
    return rows


def per_execution(counts: Iterable[int], executions: int) -> Discovery:
    """
    The same over single executions, from counters: `counts` holds for each bug or guard how
    many executions triggered it. Executions of a fuzzer depend on each other: an indication.
    """
    seen = [count for count in counts if count > 0]
    once = sum(count == 1 for count in seen)
    if executions <= 0:
        return Discovery(0, len(seen), once, math.inf, 1.0, 0.0, 1.0)
    rate = stats.poisson_rate(once, executions)
    return Discovery(executions, len(seen), once, once / executions, min(1.0, once / executions),
                     rate.low, min(1.0, rate.high))


def _counts(sets: Sequence[set[str]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for trial in sets:
        for bug in trial:
            counts[bug] = counts.get(bug, 0) + 1
    return counts


def _exactly(hits: int, drawn: int, k: int, total: int) -> float:
    """Chance that `hits` of `drawn` trials are among the k of `total` that found a bug."""
    if drawn - hits > total - k or hits > k:
        return 0.0
    return (math.comb(k, hits) * math.comb(total - k, drawn - hits)) / math.comb(total, drawn)
