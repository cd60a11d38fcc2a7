# SPDX-License-Identifier: GPL-2.0-only
"""Crashes whose cause is known: inputs that fault with one bug of the catalogue brought back."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from redzone_tool import catalogue
from redzone_tool.catalogue import Bug
from redzone_tool.triage import play
from redzone_tool.triage.collect import Collector
from redzone_tool.triage.record import Entry

MUTANTS = 3
AT_MOST = 4
# A hang is one after 0.3 s here: each of them is played many times.
PLAN = play.Plan(replays=1, cpu_limit=0.3)
PLAN_AS_MADE = play.Plan(replays=1, cpu_limit=0.3, attribute=False)


@dataclass(frozen=True)
class Labelled:
    """Entries as played with their bug, and their labels."""

    entries: list[Entry]
    labels: list[str]
    files: list[Path]


def mutants(data: bytes, seed: str) -> Iterator[bytes]:
    """Small changes that often leave the cause as it is."""
    rng = random.Random(seed)
    for _ in range(MUTANTS):
        changed = bytearray(data)
        for _ in range(rng.choice((1, 1, 2, 4))):
            changed[rng.randrange(len(changed))] = rng.randrange(256)
        if rng.random() < 0.25:
            changed += bytes(rng.randrange(256) for _ in range(rng.randrange(1, 24)))
        yield bytes(changed)


def inputs(bug: Bug) -> Iterator[bytes]:
    """The proof input, its variants that fault, and mutants of these."""
    data = bug.input.read_bytes()
    yield data
    if "timeout" in {e.kind for e in bug.expected.values()}:
        return      # each costs seconds
    yield from [v.of(data) for v in bug.variants if v.expect == "bug"][:1]
    yield from mutants(data, bug.id)


def make(folder: Path) -> Labelled:
    """Write candidates below a folder, play them with their bug, and keep what faults."""
    folder.mkdir(parents=True)
    label_of: dict[str, str] = {}
    for bug in catalogue.bugs():
        if not any(e.is_report for e in bug.expected.values()):
            continue
        for number, data in enumerate(inputs(bug)):
            file = folder / f"{bug.target}-{bug.id}-{number}"
            file.write_bytes(data)
            label_of[str(file)] = bug.id
    by_label: dict[str, list[Path]] = {}
    for name, label in label_of.items():
        by_label.setdefault(label, []).append(Path(name))
    sources = []
    for label, files in by_label.items():
        for source in Collector(env={"REDZONE_BUGS": label}).collect(files):
            sources.append(source)
    played = play.play(sources, PLAN_AS_MADE, folder / "work")
    kept: Counter[str] = Counter()
    made = Labelled([], [], [])
    for source, entry in zip(sources, played):
        label = label_of[str(source.path)]
        if entry.report is not None and not entry.same_as and kept[label] < AT_MOST:
            kept[label] += 1
            made.entries.append(entry)
            made.labels.append(label)
            made.files.append(source.path)
    return made
