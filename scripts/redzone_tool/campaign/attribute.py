# SPDX-License-Identifier: GPL-2.0-only
"""
Which bugs does an input need to fault? Replays with subsets of the bugs it triggers, each alone
in a fresh process, smallest first: the minimal crashing sets, up to three bugs together.

A bug that masks another is told apart from it: with the first off, the second has its own set.
"""

from __future__ import annotations

import hashlib
import itertools
import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redzone_tool import build, canaries, catalogue, replay, trials
from redzone_tool.catalogue import Target
from redzone_tool.errors import ToolError

LARGEST = 3
MAX_REPLAYS = 120
TIMEOUT_S = 4.0
REMEMBERED = 4096       # answers kept while the tool runs

CARRY_OVER, CLEAN, SETS, MORE = "carry-over", "clean", "sets", "more"


@dataclass(frozen=True)
class Seen:
    """One replay: how it faulted, if it did, and which bugs' conditions held."""

    fault: str = ""                         # kind and function, empty when clean
    triggered: frozenset[str] = frozenset()


@dataclass
class Attribution:
    """
    What an input was found to need. `how` says what the sets mean:

    sets: each set faults, none of its subsets does; clean: it faults in the port as it is;
    carry-over: alone it does not fault even with all bugs; more: it needs more than three bugs,
    or more replays than are spent on one input.
    """

    how: str
    sets: list[tuple[str, ...]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)         # one a set
    replays: int = 0

    def as_dict(self) -> dict[str, Any]:
        return {"how": self.how, "sets": [list(s) for s in self.sets], "faults": self.faults,
                "replays": self.replays}


_answers: dict[tuple[str, int, str, str], Attribution] = {}
_lock = threading.Lock()

Play = Callable[[frozenset[str]], Seen]


def minimal_sets(play: Play, every: Sequence[str]) -> Attribution:
    """
    The minimal crashing sets of one input; `play` replays it with some bugs switched on.

    Candidates are the bugs triggered in any replay so far: a bug that is on stops the count at
    its first trigger and may open the way to another, so the list grows with the sets.
    """
    base = play(frozenset())
    if base.fault:
        return Attribution(CLEAN, [()], [base.fault], 1)
    whole = play(frozenset(every))
    if not whole.fault:
        return Attribution(CARRY_OVER, replays=2)
    result = Attribution(SETS, replays=2)
    known = set(base.triggered | whole.triggered)
    tried: set[frozenset[str]] = set()
    while (chosen := _next(known, tried, result.sets)) is not None:
        if result.replays >= MAX_REPLAYS:
            break
        tried.add(chosen)
        result.replays += 1
        seen = play(chosen)
        known |= seen.triggered
        if seen.fault:
            result.sets.append(tuple(sorted(chosen)))
            result.faults.append(seen.fault)
    if not result.sets:
        result.how = MORE
    return result


def _next(known: set[str], tried: set[frozenset[str]],
          sets: Sequence[tuple[str, ...]]) -> frozenset[str] | None:
    """The smallest set of candidates not tried yet that holds no crashing set."""
    for size in range(1, LARGEST + 1):
        for combination in itertools.combinations(sorted(known), size):
            chosen = frozenset(combination)
            if chosen not in tried and not any(chosen.issuperset(s) for s in sets):
                return chosen
    return None


def attribute(target: Target, sanitizer: str, data: bytes, work: Path) -> Attribution:
    """
    Attribute one input of a target in one sanitizer's build. An input that comes again, from a
    trial begun anew or another engine, has its answer already.
    """
    flavour = replay.flavour_for(sanitizer, True)
    exe = trials.replay_binary(target, flavour)
    key = (str(exe), exe.stat().st_mtime_ns, target.name, hashlib.sha256(data).hexdigest())
    with _lock:
        known = _answers.get(key)
    if known is None:
        known = _attribute(target, sanitizer, flavour, exe, data, work)
        with _lock:
            if len(_answers) >= REMEMBERED:
                _answers.pop(next(iter(_answers)))
            _answers[key] = known
    return known


def _attribute(target: Target, sanitizer: str, flavour: str, exe: Path, data: bytes,
               work: Path) -> Attribution:
    own = {b.id: b for b in catalogue.bugs(target.name)}
    index = {int(e["index"]): str(e["id"]) for e in trials.table(target, sanitizer)["bugs"]
             if e["id"] in own}
    work.mkdir(parents=True, exist_ok=True)
    file, shared = work / "input", work / "canaries"
    file.write_bytes(data)

    def play(bugs: frozenset[str]) -> Seen:
        shared.unlink(missing_ok=True)
        env = {name: value for bug in sorted(bugs) for name, value in own[bug].env.items()
               if len(bugs) == 1}
        if bugs:
            env["REDZONE_BUGS"] = ",".join(sorted(bugs))
        env["REDZONE_CANARIES"] = str(shared)
        done = replay.run_one(target.name, file, flavour, env, TIMEOUT_S, exe)
        counters = canaries.read(shared)
        held = {name for at, name in index.items() if counters and at < len(counters.bugs)
                and counters.bugs[at].violated}
        fault = done.report
        return Seen(f"{fault.kind} in {fault.function}" if fault else "", frozenset(held))

    try:
        build.check_space(work)
        return minimal_sets(play, sorted(own))
    except ToolError as err:
        raise ToolError(f"attribution of an input of {target.name}: {err}", err.code) from None
    finally:
        shutil.rmtree(work, ignore_errors=True)
