# SPDX-License-Identifier: GPL-2.0-only
"""What inputs do to the guards of a target: reached, violated, and what their loss leads to."""

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redzone_tool import catalogue, replay
from redzone_tool.catalogue import Guard, Target

FLAVOUR = "native-guards"


@dataclass
class Row:
    """One guard and how many inputs reached and violated it."""

    guard: Guard
    reached: int
    violated: int
    outcome: str | None = None      # None: not asked for
    outcomes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"id": self.guard.id, "file": self.guard.file, "line": self.guard.line,
                "function": self.guard.function, "condition": self.guard.condition,
                "bug": self.guard.bug, "reached": self.reached, "violated": self.violated,
                "outcome": self.outcome, "outcomes": list(self.outcomes)}


def rows(target: Target, files: Sequence[Path], ablate: bool = False) -> list[Row]:
    """The guard table of a target over some inputs."""
    reached: Counter[int] = Counter()
    violated: Counter[int] = Counter()
    if files:
        for result in replay.run(target.name, files, FLAVOUR):
            reached.update(result.reached)
            violated.update(result.violated)
    table = [Row(g, reached[g.index], violated[g.index])
             for g in catalogue.guards_of(target, FLAVOUR)]
    if ablate and files:
        _ablate(target, files, table)
    return table


def _ablate(target: Target, files: Sequence[Path], table: Sequence[Row]) -> None:
    """Lose each guard in turn, as `measure` does, with the kernel's skb layout."""
    from redzone_tool import ablation
    known = {row.guard.id: ablation.GuardOutcome(row.guard) for row in table}
    with tempfile.TemporaryDirectory(prefix="redzone-guards-") as folder:
        manifest = Path(folder) / "manifest"
        ablation.write_manifest(manifest, files)
        jobs = ablation.jobs(target.name, manifest, Path(folder), modes=(ablation.KERNEL,))
        ablation.merge(known, [ablation.run(job) for job in jobs])
    for row in table:
        row.outcome = known[row.guard.id].outcome()
        row.outcomes = tuple(known[row.guard.id].outcomes())
