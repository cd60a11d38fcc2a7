# SPDX-License-Identifier: GPL-2.0-only
"""What triage found, as lines for people and as JSON (docs/triage.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from redzone_tool.triage.causes import Cause
from redzone_tool.triage.collect import Skipped
from redzone_tool.triage.record import CLEAN, SCHEMA, Entry

SHOWN_INPUTS = 5


def as_json(entries: Sequence[Entry], skipped: Sequence[Skipped],
            causes: Sequence[Cause], rule: str) -> dict[str, Any]:
    """The whole result."""
    return {"schema": SCHEMA, "rule": rule, "inputs": [e.as_dict() for e in entries],
            "clusters": [c.as_dict() for c in causes],
            "skipped": [{"file": s.name, "reason": s.reason} for s in skipped]}


def lines(entries: Sequence[Entry], causes: Sequence[Cause],
          every: bool = False) -> Iterator[str]:
    """A paragraph a cause, then the inputs that do not fault."""
    for cause in causes:
        yield from _cause(cause, every)
    clean = [e for e in entries if e.state == CLEAN]
    for entry in clean:
        yield f"{entry.name}: {what(entry)}"
    faulting = len(entries) - len(clean)
    news = sum(not c.known for c in causes)
    yield (f"{len(entries)} inputs: {faulting} fault for {len(causes)} causes "
           f"({news} new), {len(clean)} clean")


def _cause(cause: Cause, every: bool) -> Iterator[str]:
    judged, worst = cause.severity, cause.worst
    name = cause.id if cause.known else f"new, {cause.id}"
    yield f"{cause.number}. {judged.level} ({judged.score:g}) {cause.title} [{name}]"
    yield f"   {worst.target}: {what(worst)}"
    yield f"   because {'; '.join(judged.reasons)}"
    if cause.resembles:
        yield f"   reported alike: {', '.join(cause.resembles)}"
    shown = cause.entries if every else cause.entries[:SHOWN_INPUTS]
    for entry in sorted(shown, key=lambda e: (e.size, e.name)):
        yield f"   {entry.size:6d} bytes  {entry.name}"
    if len(shown) < len(cause.entries):
        yield f"   and {len(cause.entries) - len(shown)} more (--all); smallest: " \
              f"{cause.smallest.name}"


def what(entry: Entry) -> str:
    """What an input does, in one phrase."""
    if entry.state == CLEAN:
        return f"{entry.note or 'clean'}" if entry.target else entry.note or "no target"
    report = entry.report
    assert report is not None
    seen = ", ".join(f"{name} {s.faults}/{s.plays}" for name, s in entry.seen.items() if s.faults)
    parts = [report.summary]
    if entry.address:
        parts.append(entry.address)
    if entry.needs:
        parts.append("needs " + " or ".join("+".join(names) for names in entry.needs))
    parts.append(f"seen by {seen}")
    if entry.target_from == "tried":
        parts.append("all targets tried")
    if entry.note:
        parts.append(entry.note)
    return "; ".join(parts)
