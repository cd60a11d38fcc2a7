# SPDX-License-Identifier: GPL-2.0-only
"""Comparing two sets of trials: exact Mann-Whitney with ties, A12 with interval, Holm."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from redzone_tool.stats import LEVEL

EXACT_STEPS = 400_000_000       # of the table behind the exact distribution; above: normal


@dataclass(frozen=True)
class Effect:
    """
    A12: the probability that a trial of A takes longer than one of B, ties counting half.

    0.5 is no difference; 0.56, 0.64 and 0.71 are usually called small, medium and large.
    """

    value: float
    low: float
    high: float
    weak: bool = False      # the rarer order is too rare for the interval

    @property
    def size(self) -> str:
        """How large the difference is called."""
        distance = abs(self.value - 0.5)
        for limit, word in ((0.21, "large"), (0.14, "medium"), (0.06, "small")):
            if distance >= limit - 1e-9:
                return word
        return "negligible"


def midranks(values: Sequence[float]) -> list[int]:
    """Twice the rank of each value, so that tied ranks stay whole; inf ties with inf."""
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for position in range(start, end + 1):
            ranks[order[position]] = start + end + 2
        start = end + 1
    return ranks


def mann_whitney(a: Sequence[float], b: Sequence[float]) -> float:
    """
    Two-sided p; exact given the ties (scipy's exact method assumes that there are none).

    The distribution of A's rank sum over all ways to choose A's ranks, counted by dynamic
    programming. Beyond some hundred trials a side: scipy's normal approximation.
    """
    n, whole = len(a), len(a) + len(b)
    if not a or not b:
        raise ValueError("both sides need a trial")
    ranks = midranks([*a, *b])
    total, observed = sum(ranks), sum(ranks[:n])
    if len(set(ranks)) == 1:
        return 1.0
    if whole * n * total > EXACT_STEPS:
        from scipy import stats as sps
        return float(sps.mannwhitneyu(ranks[:n], ranks[n:], method="asymptotic").pvalue)
    import numpy as np
    table = np.zeros((n + 1, total + 1))
    table[0, 0] = 1.0
    for position, rank in enumerate(ranks, 1):
        # Probabilities instead of counts: each step divides, so nothing overflows.
        most = min(position, n)
        table[1:most + 1, rank:] += table[:most, :total + 1 - rank].copy()
        table *= 0.5
    ways = table[n] / table[n].sum()
    middle = n * total / whole      # the distribution's mean
    far = np.abs(np.arange(total + 1) - middle) >= abs(observed - middle) - 1e-9
    return float(min(1.0, ways[far].sum()))


def a12(a: Sequence[float], b: Sequence[float], level: float = LEVEL) -> Effect:
    """
    Vargha and Delaney's effect size with Newcombe's score-like interval (his method 5),
    which stays an interval where one side is longer every time.
    """
    m, n = len(a), len(b)
    if not m or not n:
        raise ValueError("both sides need a trial")
    ranks = midranks([*a, *b])
    value = (sum(ranks[:m]) / 2 - m * (m + 1) / 2) / (m * n)
    from scipy import special
    quantile = float(special.ndtri(1 - (1 - level) / 2))
    return Effect(value, _newcombe(value, m, n, quantile, -1),
                  _newcombe(value, m, n, quantile, 1),
                  min(value, 1 - value) * m * n < max(m, n))


def _newcombe(value: float, m: int, n: int, quantile: float, side: int) -> float:
    """The end of the interval on one side: where the value is `quantile` errors away."""
    extra = (m + n) / 2 - 1
    near, far = value, 1.0 if side > 0 else 0.0
    for _ in range(60):
        theta = (near + far) / 2
        spread = theta * (1 - theta) * (
            1 + extra * (1 - theta) / (2 - theta) + extra * theta / (1 + theta)) / (m * n)
        if abs(theta - value) < quantile * math.sqrt(max(spread, 0.0)):
            near = theta
        else:
            far = theta
    return (near + far) / 2


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's adjusted p values, in the order given."""
    if not p_values:
        return []
    from statsmodels.stats.multitest import multipletests
    return [float(p) for p in multipletests(list(p_values), method="holm")[1]]
