# SPDX-License-Identifier: GPL-2.0-only
"""
What guards and canaries cost an engine, and whether it can see them.

The same engine, seeds, RNG seed and number of executions three ways: a solid build (without), a
guard build whose canaries count nothing (no-op), and one that counts into a shared file and keeps
first inputs, as trials do (with). Speed is executions per CPU-second, runs side by side in turn.

Coverage is the engine's own. With and no-op are one binary: where the engine repeats itself, they
cover and keep the same. A solid build is another program with some edges less, so that it is
compared by the share of its counted edges. Addresses are not randomised while this runs, since
libFuzzer's table of compared values depends on them; AFL++ goes by the clock and never repeats.
"""

from __future__ import annotations

import ctypes
import re
import shutil
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redzone_tool import build, canaries, paths, seeds, trials
from redzone_tool.catalogue import Target
from redzone_tool.engines import Trial
from redzone_tool.engines.base import tail
from redzone_tool.errors import ENVIRONMENT, ToolError

WITHOUT, NOOP, WITH = WAYS = ("without", "no-op", "with")
COUNT_NOTHING = "none"          # of REDZONE_CANARIES
ADDR_NO_RANDOMIZE = 0x0040000   # personality(2)
EXECUTIONS, RUNS = 20_000, 3
LONGEST_S = 120.0

Say = Callable[[str], None]


@dataclass(frozen=True)
class Ran:
    """One run."""

    executions: int
    cpu_s: float
    edges: int
    corpus: int
    counted: int = 0        # edges that the engine could cover; 0: it does not say

    @property
    def speed(self) -> float:
        return self.executions / self.cpu_s


@dataclass
class Disturbance:
    """One target and engine; runs of the three ways in turn."""

    target: str
    engine: str
    sanitizer: str
    runs: dict[str, list[Ran]] = field(default_factory=lambda: {way: [] for way in WAYS})

    def speed(self, way: str) -> float:
        """Executions per CPU-second, the median run."""
        return statistics.median(r.speed for r in self.runs[way])

    def ratio(self, way: str) -> float:
        """Beside the solid build: the median over pairs of runs."""
        return statistics.median(a.speed / b.speed
                                 for a, b in zip(self.runs[way], self.runs[WITHOUT]))

    def covered(self, way: str) -> float | None:
        """Share of the counted edges, the median run."""
        if not all(r.counted for r in self.runs[way]):
            return None
        return statistics.median(r.edges / r.counted for r in self.runs[way])

    @property
    def equal(self) -> int:
        """Runs in which counting changed neither what was covered nor what was kept."""
        return sum((a.edges, a.corpus) == (b.edges, b.corpus)
                   for a, b in zip(self.runs[WITH], self.runs[NOOP]))

    def as_dict(self) -> dict[str, Any]:
        return {"target": self.target, "engine": self.engine, "sanitizer": self.sanitizer,
                "runs": len(self.runs[WITH]), "equal": self.equal,
                "executions": min(r.executions for r in self.runs[WITH]),
                "execs_per_s": {way: round(self.speed(way), 1) for way in WAYS},
                "ratio": {way: round(self.ratio(way), 4) for way in WAYS},
                "covered": {way: self.covered(way) for way in WAYS},
                "edges": {way: [r.edges for r in self.runs[way]] for way in WAYS},
                "corpus": {way: [r.corpus for r in self.runs[way]] for way in WAYS}}


def measure(targets: Sequence[Target], engines: Sequence[str], sanitizer: str, say: Say,
            executions: int = EXECUTIONS, repeats: int = RUNS) -> Iterator[Disturbance]:
    """Every target in every engine."""
    seeds.ensure()
    for engine in engines:
        for guards in (False, True):
            build.ensure(build.flavour(engine, sanitizer, guards))
    ctypes.CDLL(None).personality(ADDR_NO_RANDOMIZE)    # of all that is started from now on
    for target in targets:
        for engine in engines:
            row = Disturbance(target.name, engine, sanitizer)
            for number in range(repeats):
                for way in WAYS:
                    row.runs[way].append(_run(target, engine, sanitizer, way, executions,
                                              number + 1))
            say(f"{target.name} {engine}-{sanitizer}: with {row.ratio(WITH):.3f}, no-op "
                f"{row.ratio(NOOP):.3f} of without; coverage equal in {row.equal} of {repeats} "
                "runs")
            yield row


def _run(target: Target, engine: str, sanitizer: str, way: str, executions: int,
         seed: int) -> Ran:
    folder = paths.out() / "bench" / "disturbance"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    ended = trials.run_engine(Trial(
        target=target.name, engine=engine, sanitizer=sanitizer, out_dir=folder / "run",
        guards=way != WITHOUT, runs=executions, seconds=LONGEST_S, seed=seed,
        seeds=(paths.seed_dir(target.name, "valid"),), env=_environment(way, folder), cpu=0,
        dictionary=target.dictionary_path, max_len=target.max_len))
    log = tail(ended.log, 1 << 20) if ended is not None else ""
    shutil.rmtree(folder, ignore_errors=True)
    if ended is None or not ended.execs or not ended.cpu_s:
        why = ended.message if ended is not None else "it did not end"
        raise ToolError(f"{target.name} {engine}-{sanitizer} {way}: nothing executed"
                        + (f": {why}" if why else ""), ENVIRONMENT)
    counted = re.search(r"\((\d+) inline 8-bit counters\)", log)
    return Ran(ended.execs, ended.cpu_s, ended.edges, ended.corpus,
               int(counted[1]) if counted else 0)


def _environment(way: str, folder: Path) -> dict[str, str]:
    if way == WITHOUT:
        return {}
    if way == NOOP:
        return {"REDZONE_CANARIES": COUNT_NOTHING}
    shared = folder / "canaries"
    canaries.inputs_dir(shared).mkdir()
    return {"REDZONE_CANARIES": str(shared)}


def table(rows: Sequence[Disturbance]) -> tuple[str, Sequence[str], list[Sequence[str]]]:
    """For a terminal."""
    lines: list[Sequence[str]] = []
    for row in rows:
        shares = [row.covered(way) for way in WAYS]
        lines.append([row.target, f"{row.engine}-{row.sanitizer}",
                      *(f"{row.speed(way):,.0f}" for way in WAYS),
                      f"{100 * row.ratio(NOOP):.1f} %", f"{100 * row.ratio(WITH):.1f} %",
                      *("–" if s is None else f"{100 * s:.1f} %" for s in shares),
                      f"{row.equal} of {len(row.runs[WITH])}"])
    return ("Canaries: executions per CPU-second, beside without; edges covered; runs in which "
            "counting changed nothing", (
                "target", "engine", *WAYS, "no-op", "with", *(f"edges {way}" for way in WAYS),
                "equal"), lines)
