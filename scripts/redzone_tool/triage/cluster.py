# SPDX-License-Identifier: GPL-2.0-only
"""
Which inputs fault for one cause: three rules over stack traces, and what inputs need.

A rule sees the reports of one sanitizer at a time. Groups of different sanitizers are joined
through inputs that both of them see. What an input was found to need overrules its stack.
"""

from __future__ import annotations

import difflib
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from redzone_tool import outcomes
from redzone_tool.sanreport import Report
from redzone_tool.triage.record import PREFERENCE, Entry, normalised

# Similarity of stacks: frames weigh less the deeper they lie (RATE) and the further a pair of
# equal frames is shifted (SHIFT); stacks further apart than DISTANCE are never in one group.
# The coefficients are ReBucket's, as CASR has them.
RATE, SHIFT, DISTANCE = 0.04, 0.13, 0.3

# ClusterFuzz: frames of a state, frames that two states must share, likeness of their lines.
STATE_FRAMES, SAME_FRAMES, LIKENESS = 3, 2, 0.8


@dataclass(frozen=True)
class Trace:
    """What a rule sees of a report."""

    kind: str
    access: str
    size: int
    security: bool
    stack: tuple[str, ...]


def trace(report: Report) -> Trace:
    """The comparable part of a report."""
    stack = tuple(normalised(report.frames)) or (report.function or f"{report.file}:{report.line}",)
    return Trace(report.kind, report.access, report.size,
                 outcomes.of_report(report) in outcomes.MEMORY_SAFETY, stack)


Labels = list[int]      # the group of each item


def exact(traces: Sequence[Trace]) -> Labels:
    """One group for each kind, access and normalised stack."""
    return _number((t.kind, t.access, t.stack) for t in traces)


def similarity(one: Sequence[str], two: Sequence[str]) -> float:
    """0 to 1: the best common subsequence of two stacks, each pair weighted by its place."""
    row = [0.0] * (len(two) + 1)
    for i, name in enumerate(one):
        before = row
        row = [0.0]
        for j, other in enumerate(two):
            gain = math.exp(-RATE * min(i, j) - SHIFT * abs(i - j)) if name == other else 0.0
            row.append(max(row[j], before[j + 1], before[j] + gain))
    most = sum(math.exp(-RATE * i) for i in range(min(len(one), len(two))))
    return row[-1] / most if most else 0.0


def similar(traces: Sequence[Trace]) -> Labels:
    """Complete-linkage groups of stacks that are alike, as CASR makes them."""
    stacks = sorted({t.stack for t in traces})
    if len(stacks) < 2:
        return [1] * len(traces)
    from scipy.cluster.hierarchy import fcluster, linkage
    distances = [1.0 - similarity(stacks[i], stacks[j])
                 for i in range(len(stacks)) for j in range(i + 1, len(stacks))]
    groups = fcluster(linkage(distances, "complete"), DISTANCE, "distance")
    of = {stack: int(group) for stack, group in zip(stacks, groups)}
    return [of[t.stack] for t in traces]


def clusterfuzz(traces: Sequence[Trace]) -> Labels:
    """ClusterFuzz's rule: one type and security, and states (top frames) that are alike."""
    distinct = sorted({_state(t) for t in traces})
    parent = list(range(len(distinct)))

    def root(at: int) -> int:
        while parent[at] != at:
            at = parent[at]
        return at

    for i, one in enumerate(distinct):
        for j in range(i):
            if one[:4] == distinct[j][:4] and _alike(one[4], distinct[j][4]):
                parent[root(i)] = root(j)
    of = {state: root(i) for i, state in enumerate(distinct)}
    return [of[_state(t)] for t in traces]


_State = tuple[str, str, int, bool, tuple[str, ...]]


def _state(item: Trace) -> _State:
    return item.kind, item.access, item.size, item.security, item.stack[:STATE_FRAMES]


def _alike(one: Sequence[str], two: Sequence[str]) -> bool:
    matcher = difflib.SequenceMatcher(None, one, two, autojunk=False)
    if one == two or sum(m.size for m in matcher.get_matching_blocks()) >= SAME_FRAMES:
        return True
    ratios = [difflib.SequenceMatcher(None, a, b, autojunk=False).ratio()
              for a, b in zip(one, two)]
    return bool(ratios) and sum(ratios) / len(ratios) > LIKENESS


RULES: dict[str, Callable[[Sequence[Trace]], Labels]] = {
    "exact": exact, "similar": similar, "clusterfuzz": clusterfuzz}
DEFAULT_RULE = "exact"     # the most precise one (docs/triage.md)


def by_stack(entries: Sequence[Entry], rule: str = DEFAULT_RULE) -> Labels:
    """Groups by one rule, joined across sanitizers; clean inputs are in group 0."""
    group: dict[tuple[str, int], int] = {}      # (sanitizer, entry) -> group of that sanitizer
    for sanitizer in PREFERENCE:
        seen = [(i, e.seen[sanitizer].report) for i, e in enumerate(entries)
                if sanitizer in e.seen and e.seen[sanitizer].report is not None]
        labels = RULES[rule]([trace(report) for _, report in seen if report is not None])
        group |= {(sanitizer, i): label for (i, _), label in zip(seen, labels)}
    own = {i: (e.spokesman, group[e.spokesman, i]) for i, e in enumerate(entries) if e.spokesman}
    for sanitizer in PREFERENCE[1:]:
        _join(sanitizer, group, own)
    numbers = _number(own.get(i, ("", 0)) for i in range(len(entries)))
    clean = {numbers[i] for i in range(len(entries)) if i not in own}
    return [0 if n in clean else n for n in numbers]


def _join(sanitizer: str, group: dict[tuple[str, int], int],
          own: dict[int, tuple[str, int]]) -> None:
    """
    Move groups that only this sanitizer sees into the group of a sanitizer before it, where
    most inputs that both see agree.
    """
    votes: dict[int, Counter[tuple[str, int]]] = defaultdict(Counter)
    before = PREFERENCE[:PREFERENCE.index(sanitizer)]
    for i, mine in own.items():
        label = group.get((sanitizer, i))
        if label is not None and mine[0] in before:
            votes[label][mine] += 1
    for i, mine in list(own.items()):
        if mine[0] == sanitizer and votes[mine[1]]:
            winner, count = votes[mine[1]].most_common(1)[0]
            if 2 * count > sum(votes[mine[1]].values()):
                own[i] = winner


def by_cause(entries: Sequence[Entry], rule: str = DEFAULT_RULE) -> Labels:
    """Groups by what inputs need; those that need nothing, by their stacks."""
    stacks = by_stack(entries, rule)
    keys: list[Hashable] = []
    for entry, label in zip(entries, stacks):
        keys.append(tuple(sorted(entry.needs[0])) if entry.needs else label)
    numbers = _number(keys)
    return [0 if not e.spokesman else n for e, n in zip(entries, numbers)]


def _number(keys: Iterable[Hashable]) -> Labels:
    """Numbers from 1 in order of first appearance."""
    known: dict[Hashable, int] = {}
    return [known.setdefault(key, len(known) + 1) for key in keys]


@dataclass(frozen=True)
class Score:
    """How well groups agree with labels, over pairs of items."""

    precision: float
    recall: float
    groups: int


def score(labels: Sequence[Hashable], groups: Sequence[int]) -> Score:
    """Pairs in one group that have one label, and pairs of one label that are in one group."""
    def pairs(counts: Iterable[int]) -> int:
        return sum(n * (n - 1) // 2 for n in counts)

    both = pairs(Counter(zip(labels, groups)).values())
    grouped, labelled = pairs(Counter(groups).values()), pairs(Counter(labels).values())
    return Score(both / grouped if grouped else 1.0, both / labelled if labelled else 1.0,
                 len(set(groups)))
