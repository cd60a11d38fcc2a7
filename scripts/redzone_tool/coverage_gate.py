# SPDX-License-Identifier: GPL-2.0-only
"""The gate against silent loss of coverage: what the seeds reach, beside what they once reached.

seeds/coverage.json holds, for each target and each port file, how many of its lines the seeds
ran; `redzone coverage --renew` writes it and nothing else does.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redzone_tool import catalogue, coverage, paths, replay, seeds
from redzone_tool.coverage import Count
from redzone_tool.errors import ENVIRONMENT, ToolError

SCHEMA = 1
RENEW = "redzone coverage --renew"
# A loss is more than a point, and more than a line or two: in a file of fifty lines a line is two
# points.
MOST_POINTS = 1.0
MOST_LINES = 2


@dataclass(frozen=True)
class Reached:
    """Lines that seeds ran: of the port by a target's own, and of a port file by all of them."""

    targets: Mapping[str, Count]
    files: Mapping[str, Count]
    faults: tuple[Path, ...] = ()


def store() -> Path:
    """Where the numbers are kept."""
    return paths.root() / "seeds" / "coverage.json"


def measure(targets: Sequence[catalogue.Target],
            inputs: Mapping[str, Sequence[Path]] | None = None) -> Reached:
    """Play the seeds (or other inputs) of each target in the coverage flavour."""
    exe = replay.binary(coverage.FLAVOUR)
    by_target: dict[str, Count] = {}
    faults: list[Path] = []
    with tempfile.TemporaryDirectory(prefix="redzone-gate-") as folder:
        for target in targets:
            files = list(seeds.files(target.name) if inputs is None else inputs[target.name])
            faults += coverage.play(target.name, files, Path(folder, target.name))
            lines = coverage.line_counts(exe, Path(folder, target.name)) if files else {}
            by_target[target.name] = sum((lines[f] for f in target.port if f in lines),
                                         Count(0, 0))
        every = coverage.line_counts(exe, Path(folder))
    port = sorted({name for target in targets for name in target.port} & set(every))
    return Reached(by_target, {name: every[name] for name in port}, tuple(faults))


def write(reached: Reached, path: Path | None = None) -> None:
    """Keep the numbers, one line each, so that changes are read and merged easily."""
    if reached.faults:
        raise ToolError(f"{paths.shown(reached.faults[0])} faults in a build without bugs: "
                        "nothing was written")
    path = path or store()
    text = json.dumps({"schema": SCHEMA, "made_by": RENEW,
                       "targets": _rows(reached.targets), "files": _rows(reached.files)},
                      indent=1)
    text = text.replace("[\n   ", "[").replace(",\n   ", ", ").replace("\n  ]", "]")
    path.write_text(text + "\n", encoding="utf-8")


def read(path: Path | None = None) -> Reached:
    """The kept numbers."""
    path = path or store()
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
        if data["schema"] != SCHEMA:
            raise ValueError(f"schema {data['schema']}")
        return Reached(_counts(data["targets"]), _counts(data["files"]))
    except OSError as error:
        raise ToolError(f"cannot read {paths.shown(path)}: {error.strerror}; "
                        f"`{RENEW}` writes it", ENVIRONMENT) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ToolError(f"{paths.shown(path)} is damaged; `{RENEW}` writes it anew",
                        ENVIRONMENT) from None


def _rows(counts: Mapping[str, Count]) -> dict[str, list[int]]:
    return {name: [counts[name].covered, counts[name].count] for name in sorted(counts)}


def _counts(rows: Mapping[str, Sequence[int]]) -> dict[str, Count]:
    return {name: Count(int(count), int(covered)) for name, (covered, count) in rows.items()}


def problems(kept: Reached, now: Reached) -> list[str]:
    """What was lost, one line each; an empty list when nothing was."""
    found = [f"{paths.shown(path)} faults in a build without bugs" for path in now.faults]
    for what, old, new in (("seeds of", kept.targets, now.targets),
                           ("all seeds in", kept.files, now.files)):
        for name in sorted(set(old) & set(new)):
            before, after = old[name], new[name]
            # Against the old share of the code as it is now: a port may have grown or shrunk.
            missing = before.percent / 100 * after.count - after.covered
            if before.percent - after.percent > MOST_POINTS and missing > MOST_LINES:
                found.append(
                    f"{what} {name}: {after.percent:.1f} % of the lines, {before.percent:.1f} % "
                    f"before ({after.covered}/{after.count}, {before.covered}/{before.count}): "
                    f"bring the seeds back; if the loss is meant, `{RENEW}`")
    found += [f"target {name} has no kept coverage: run `{RENEW}` and commit "
              f"{store().relative_to(paths.root())}"
              for name in sorted(set(now.targets) - set(kept.targets))]
    found += [f"target {name} is gone: run `{RENEW}`"
              for name in sorted(set(kept.targets) - set(now.targets))]
    return found
