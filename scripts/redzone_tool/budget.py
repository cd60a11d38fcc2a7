# SPDX-License-Identifier: GPL-2.0-only
"""
A fuzzing budget shared over many lost guards: short runs first, longer ones where they pay.

Every guard gets a first short run. From then on the next runs go to where the chance of a fault
is highest for what it costs: targets whose guards have faulted when fuzzed, guards whose loss
opened more code than that of others, guards that little was spent on. A guard's runs double in
length and go on from what its earlier ones kept.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

FIRST_S, LONGEST_S = 0.6, 20.0
PRIOR_RUNS = 4          # with one hit among them: what a target without any run is taken for


@dataclass
class Arm:
    """One lost guard of one target."""

    target: str
    guard: str
    few: int = 0            # inputs that violate it: the fewer, the less was seen of its loss
    runs: int = 0
    opened: bool = False    # its last run reached more code than the median of its target
    closed: bool = False    # it faulted, or cannot be run

    @property
    def seconds(self) -> float:
        """How long its next run is."""
        return min(FIRST_S * 2 ** self.runs, LONGEST_S)


@dataclass
class Budget:
    """Who is fuzzed next; says nothing of time, which its user has."""

    arms: list[Arm]
    _hits: dict[str, int] = field(default_factory=dict)
    _runs: dict[str, int] = field(default_factory=dict)
    _edges: dict[tuple[str, int], list[int]] = field(default_factory=dict)

    def wave(self, count: int) -> list[Arm]:
        """The next runs, best first; untried guards come before any second run."""
        waiting = [arm for arm in self.arms if not arm.closed]
        waiting.sort(key=lambda arm: (arm.runs > 0, -self.value(arm), arm.few))
        return waiting[:count]

    def value(self, arm: Arm) -> float:
        """Chance of a fault a second, as far as runs so far tell."""
        chance = (self._hits.get(arm.target, 0) + 1) / (
            self._runs.get(arm.target, 0) + PRIOR_RUNS)
        return chance * (2 if arm.opened else 1) / arm.seconds

    def ended(self, arm: Arm, hit: bool, edges: int) -> None:
        """What a run came to."""
        seen = self._edges.setdefault((arm.target, arm.runs), [])
        arm.opened = bool(seen) and edges > statistics.median(seen)
        seen.append(edges)
        arm.runs += 1
        arm.closed |= hit
        self._runs[arm.target] = self._runs.get(arm.target, 0) + 1
        self._hits[arm.target] = self._hits.get(arm.target, 0) + hit

    def untried(self, target: str) -> int:
        return sum(arm.target == target and not arm.runs for arm in self.arms)


def of(candidates: Sequence[tuple[str, str, int]]) -> Budget:
    """Target, guard and number of violating inputs of each."""
    return Budget([Arm(*each) for each in candidates])
