# SPDX-License-Identifier: GPL-2.0-only
"""
Guards and bugs as populations: joined over targets, compared between families, counted over
executions. A guard that several targets drive is one guard of the whole.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from redzone_tool import outcomes, stats

POINTS = 40             # of a growth curve
_SUMS = ("reached", "violated", "executions", "fuzzed_executions", "replays")


def joined(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row a guard: the union of what its targets showed."""
    table: dict[str, dict[str, Any]] = {}
    for row in rows:
        known = table.get(row["id"])
        evidence = [{**e, "target": row["target"]} for e in row["evidence"]]
        if known is None:
            table[row["id"]] = {**row, "targets": [row["target"]], "evidence": evidence}
            continue
        known["targets"] = [*known["targets"], row["target"]]
        for name in _SUMS:
            known[name] += row[name]
        known["truncated"] |= row["truncated"]
        for suffix in ("", "_strict"):
            known["outcomes" + suffix] = _union(known["outcomes" + suffix],
                                                row["outcomes" + suffix])
            known["outcome" + suffix] = known["outcomes" + suffix][0]
            known["memory_safety" + suffix] = (
                known["outcome" + suffix] in outcomes.MEMORY_SAFETY)
        known["evidence"] = sorted([*known["evidence"], *evidence],
                                   key=lambda e: outcomes.RANK[e["outcome"]])
        if not known["first_input"]:
            known |= {"target": row["target"], "first_input": row["first_input"]}
    return list(table.values())


def _union(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """Classes of both, worst first; `no effect` and `undetermined` only where there is no other."""
    ordered = sorted({*one, *other}, key=outcomes.RANK.__getitem__)
    return [name for name in ordered if name in outcomes.OBSERVABLE] or ordered[:1]


def catalogue_share(flags: Iterable[bool]) -> dict[str, Any]:
    """The share of historical bugs that are of a memory-safety class; chosen, not drawn."""
    known = list(flags)
    interval = stats.clopper_pearson(sum(known), len(known))
    return {"k": sum(known), "n": len(known), "low": interval.low, "high": interval.high,
            "value": sum(known) / len(known) if known else None, "method": "Clopper-Pearson"}


def agreement(shares: Sequence[Mapping[str, Any]]) -> float | None:
    """
    p of the hypothesis that all families have one share: Fisher's exact test of two, chi square
    of more. None when there is nothing to compare.
    """
    used = [s for s in shares if s["n"]]
    table = [[s["k"], s["n"] - s["k"]] for s in used]
    if len(used) < 2 or not any(row[0] for row in table) or not any(row[1] for row in table):
        return None
    from scipy import stats as sps
    if len(used) == 2:
        return float(sps.fisher_exact(table)[1])
    return float(sps.chi2_contingency(table)[1])


def growth(trials: Sequence[tuple[Sequence[int], Sequence[int], int]],
           ) -> list[dict[str, float]]:
    """
    Guards reached and violated over executions: mean, least and most over the trials, each given
    by the executions of the firsts and how many it had. No further than every trial went.
    """
    end = min((total for _, _, total in trials), default=0)
    if end < 1:
        return []
    ordered = [(sorted(reached), sorted(violated)) for reached, violated, _ in trials]
    places = sorted({min(end, max(1, round(end ** (n / (POINTS - 1))))) for n in range(POINTS)})
    rows = []
    for place in places:
        row: dict[str, float] = {"executions": place}
        for at, name in enumerate(("reached", "violated")):
            counts = [bisect.bisect_right(pair[at], place) for pair in ordered]
            row |= {name: sum(counts) / len(counts), f"{name}_least": min(counts),
                    f"{name}_most": max(counts)}
        rows.append(row)
    return rows
