# SPDX-License-Identifier: GPL-2.0-only
"""Two campaigns: which bugs and guards got faster or slower, with tests and correction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from redzone_tool import ranks, stats, survival
from redzone_tool.campaign import data
from redzone_tool.campaign import spec as specs
from redzone_tool.campaign.data import DETECT, FEW, Series
from redzone_tool.campaign.store import Store
from redzone_tool.errors import ToolError

SCHEMA = 1
FASTER, SLOWER, SAME, UNDECIDED = "faster", "slower", "no difference shown", "too few trials"
AXES = ("engine", "sanitizer")      # what may differ between two campaigns and still be paired


@dataclass(frozen=True)
class Pair:
    """One bug or guard in both campaigns; `verdict` says what B is, seen from A."""

    target: str
    engine: str
    sanitizer: str
    mode: str
    subject: str
    trials_a: int
    trials_b: int
    hits_a: int
    hits_b: int
    median_a: float | None
    median_b: float | None
    p: float                # Mann-Whitney, exact given the ties
    p_log_rank: float
    adjusted: float         # Holm over all pairs
    a12: float              # chance that B takes longer
    a12_low: float
    a12_high: float
    weak: bool
    horizon: float          # how long all trials of both were watched
    verdict: str


def compare(a: Store, b: Store, what: str = DETECT, unit: str = "executions",
            level: float = stats.LEVEL) -> dict[str, Any]:
    """Every bug and guard that both campaigns looked for."""
    left, right = _by_key(a), _by_key(b)
    ignored: tuple[str, ...] = ()
    common = sorted(set(left) & set(right))
    if not common:
        left, right, ignored = _loosened(left, right)
        common = sorted(set(left) & set(right))
    if not common:
        raise ToolError(f"{a.path.parent.name} and {b.path.parent.name} have no bug or guard in "
                        "common that both looked for")
    pairs = _judge([(left[key], right[key]) for key in common], what, unit, level)
    return {
        "schema": SCHEMA, "a": a.path.parent.name, "b": b.path.parent.name, "event": what,
        "unit": unit, "level": level, "ignored": list(ignored),
        "pairs": [asdict(pair) for pair in pairs],
        "faster": sum(p.verdict == FASTER for p in pairs),
        "slower": sum(p.verdict == SLOWER for p in pairs),
        "only_a": [" ".join(k) for k in sorted(set(left) - set(right))],
        "only_b": [" ".join(k) for k in sorted(set(right) - set(left))],
        "notes": _notes(pairs, ignored)}


def _by_key(store: Store) -> dict[tuple[str, ...], Series]:
    return {one.key: one for one in data.series(store.rows())
            if one.mode in (specs.BUGS, specs.GUARDS, specs.ALL)}


def _loosened(left: dict[tuple[str, ...], Series], right: dict[tuple[str, ...], Series],
              ) -> tuple[dict[tuple[str, ...], Series], dict[tuple[str, ...], Series],
                         tuple[str, ...]]:
    """Two engines or two sanitizers: paired when each campaign has only one of them."""
    ignored = tuple(axis for axis in AXES
                    if len({getattr(s, axis) for s in left.values()}) == 1
                    and len({getattr(s, axis) for s in right.values()}) == 1
                    and {getattr(s, axis) for s in left.values()}
                    != {getattr(s, axis) for s in right.values()})

    def loose(one: Series) -> tuple[str, ...]:
        return tuple(getattr(one, name) for name in (
            "target", "engine", "sanitizer", "mode", "subject") if name not in ignored)

    return ({loose(s): s for s in left.values()}, {loose(s): s for s in right.values()}, ignored)


def _judge(pairs: Sequence[tuple[Series, Series]], what: str, unit: str,
           level: float) -> list[Pair]:
    rows = []
    for one, other in pairs:
        a, b = one.sample(what, unit), other.sample(what, unit)
        horizon = min(s.horizon for s in (a, b) if not all(s.events)) if not (
            all(a.events) and all(b.events)) else max(a.horizon, b.horizon)
        a, b = a.until(horizon), b.until(horizon)
        effect = ranks.a12(b.values, a.values)
        rows.append((one, other, a, b, horizon, ranks.mann_whitney(a.values, b.values), effect))
    adjusted = ranks.holm([row[5] for row in rows])
    made = []
    for (one, other, a, b, horizon, p, effect), corrected in zip(rows, adjusted):
        verdict = SAME
        if corrected <= 1 - level:
            verdict = SLOWER if effect.value > 0.5 else FASTER
        elif min(len(a.times), len(b.times)) < FEW:
            verdict = UNDECIDED
        made.append(Pair(
            *_place(one, other), len(a.times), len(b.times), a.hits, b.hits, _median(a),
            _median(b), p, survival.log_rank(a, b), corrected, effect.value, effect.low,
            effect.high, effect.weak, horizon, verdict))
    return made


def _place(one: Series, other: Series) -> tuple[str, str, str, str, str]:
    def both(name: str) -> str:
        x, y = getattr(one, name), getattr(other, name)
        return str(x) if x == y else f"{x} → {y}"
    return one.target, both("engine"), both("sanitizer"), one.mode, one.subject


def _median(sample: survival.Sample) -> float | None:
    value = stats.median(sample.values, watched=sample.times).value
    return value if value < float("inf") else None


def _notes(pairs: Sequence[Pair], ignored: Sequence[str]) -> list[str]:
    notes = []
    if ignored:
        notes.append(f"the campaigns differ in their {' and '.join(ignored)}: paired without")
    least = min(min(p.trials_a, p.trials_b) for p in pairs)
    if least < FEW:
        notes.append(f"only {least} trials on a side: at least {FEW} make a comparison")
    cut = sum(p.hits_a == p.hits_b == 0 for p in pairs)
    if cut:
        notes.append(f"{cut} of {len(pairs)} were found by neither within the time both "
                     "were watched")
    return notes
