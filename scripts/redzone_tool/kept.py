# SPDX-License-Identifier: GPL-2.0-only
"""
The smallest input known to show what the loss of each guard leads to, kept from one measurement
to the next in out/kept/TARGET. Replays begin with them; no engine ever reads them.

A kept input proves nothing: what it shows is confirmed anew in every measurement.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from redzone_tool import ablation, outcomes, paths
from redzone_tool.ablation import Evidence, GuardOutcome, Job
from redzone_tool.session import Session

SCHEMA = 1
INDEX = "index.json"
CANDIDATES, REPLAYS = 48, 40
SMALL = 4               # bytes that are not worth a try


@dataclass(frozen=True)
class Kept:
    """One input in the folder."""

    guard: str
    skb: str
    outcome: str
    sanitizer: str
    file: str
    size: int

    @property
    def key(self) -> tuple[str, str]:
        return self.guard, self.skb


def folder(target: str) -> Path:
    """Where a target's inputs are."""
    return paths.out() / "kept" / target


def load(target: str) -> dict[tuple[str, str], Kept]:
    """What was kept, by guard and skb mode; a damaged index keeps nothing."""
    where = folder(target)
    try:
        table = json.loads((where / INDEX).read_text(encoding="utf-8"))
        known = [Kept(**row) for row in table["inputs"]] if table["schema"] == SCHEMA else []
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {k.key: k for k in known if (where / k.file).is_file() and k.outcome in outcomes.RANK}


def files(target: str) -> list[Path]:
    """The inputs, those of the worst outcomes first; what no index names goes."""
    known = sorted(load(target).values(), key=lambda k: (outcomes.RANK[k.outcome], k.guard))
    used = {k.file for k in known}
    for file in folder(target).glob("*.bin"):
        if file.name not in used:
            file.unlink()
    return list(dict.fromkeys(folder(target) / k.file for k in known))


def save(target: str, known: Mapping[str, GuardOutcome]) -> int:
    """Keep what this measurement showed where it is worse or smaller; how many there are."""
    table = load(target)
    for name, entry in known.items():
        for skb in ablation.MODES:
            shown = [e for e in entry.evidence if e.skb == skb]
            for evidence in shown:
                if evidence.outcome == entry.outcome(skb):
                    _take(target, table, name, evidence)
    _write(target, table)
    return len(table)


def _take(target: str, table: dict[tuple[str, str], Kept], guard: str, evidence: Evidence,
          ) -> bool:
    """Keep one input if it is better than what is there."""
    try:
        data = (paths.root() / evidence.input).read_bytes()
    except OSError:
        return False
    old = table.get((guard, evidence.skb))
    rank = outcomes.RANK[evidence.outcome]
    if old and (outcomes.RANK[old.outcome], old.size) <= (rank, len(data)):
        return False
    name = f"{hashlib.sha1(data).hexdigest()[:16]}.bin"
    folder(target).mkdir(parents=True, exist_ok=True)
    file = folder(target) / name
    if not file.exists():
        temporary = file.with_suffix(".new")
        temporary.write_bytes(data)
        os.replace(temporary, file)
    table[guard, evidence.skb] = Kept(guard, evidence.skb, evidence.outcome, evidence.sanitizer,
                                      name, len(data))
    return True


def _write(target: str, table: Mapping[tuple[str, str], Kept]) -> None:
    """The index, whole or not at all. A report of now may still name what it no longer does."""
    where = folder(target)
    if not table:
        return
    where.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"schema": SCHEMA, "inputs": [asdict(k) for _, k in sorted(table.items())]},
                      indent=1)
    temporary = where / f".{INDEX}.new"
    temporary.write_text(text + "\n", encoding="utf-8")
    os.replace(temporary, where / INDEX)


def shrink(session: Session, target: str, guards: Iterable[str], until: float,
           binary: str = "redzone-replay") -> int:
    """Make the inputs of these guards smaller, worst outcomes first; how many got smaller."""
    table = load(target)
    names = set(guards)
    todo = sorted((k for k in table.values() if k.guard in names and k.size > SMALL
                   and k.outcome in outcomes.FAULTS),
                  key=lambda k: (outcomes.RANK[k.outcome], -k.size))

    def work(kept: Kept) -> Evidence | None:
        where = session.work / target / "shrink" / hashlib.sha1(
            f"{kept.guard} {kept.skb}".encode()).hexdigest()[:12]
        return _smaller(session, target, kept, where, until, binary)

    changed = 0
    for kept, evidence in session.map(work, todo, until):
        if evidence is not None and _take(target, table, kept.guard, evidence):
            changed += 1
    _write(target, table)
    shutil.rmtree(session.work / target / "shrink", ignore_errors=True)
    return changed


def _smaller(session: Session, target: str, kept: Kept, where: Path, until: float,
             binary: str) -> Evidence | None:
    """
    Shorter candidates, a few a replay (which plays them in an order of its own and ends after
    some faults), shortest first; begun anew from each that shows the same outcome.
    """
    best: Evidence | None = None
    data = (folder(target) / kept.file).read_bytes()
    waiting = candidates(data)
    for number in range(REPLAYS):
        if not waiting or time.monotonic() > until or session.stop.is_set():
            break
        now, waiting = waiting[:ablation.MAX_FAULTS], waiting[ablation.MAX_FAULTS:]
        work = where / str(number)
        work.mkdir(parents=True)
        inputs = []
        for at, candidate in enumerate(now):
            inputs.append(work / str(at))
            inputs[-1].write_bytes(candidate)
        ablation.write_manifest(work / "manifest", inputs)
        result = ablation.run(Job(target, kept.sanitizer, kept.skb, work / "manifest",
                                  work / "out", (kept.guard,), binary=binary), session.stop,
                              max(until - time.monotonic(), 1.0))
        line = result.lines.get(kept.guard)
        shown = [e for e in line.evidence if e.outcome == kept.outcome] if line else []
        if shown:
            best = min(shown, key=lambda e: Path(e.input).stat().st_size)
            data = Path(best.input).read_bytes()
            waiting = candidates(data) if len(data) > SMALL else []
    return best


def candidates(data: bytes) -> list[bytes]:
    """Shorter versions, shortest first: the end cut off, then pieces cut out."""
    return sorted(dict.fromkeys(c for c in _cuts(data) if 0 < len(c) < len(data)),
                  key=len)[:CANDIDATES]


def _cuts(data: bytes) -> Iterator[bytes]:
    size = len(data)
    for part in (1 / 2, 3 / 4, 7 / 8):
        yield data[:int(size * part)]
    yield data[:-1]
    piece = size // 2
    while piece >= 1 and size // piece <= CANDIDATES // 2:
        for start in range(0, size - piece + 1, piece):
            yield data[:start] + data[start + piece:]
        piece //= 2
