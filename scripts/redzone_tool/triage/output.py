# SPDX-License-Identifier: GPL-2.0-only
"""What triage found, as lines for people and as JSON (docs/triage.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from redzone_tool.triage.collect import Skipped
from redzone_tool.triage.record import CLEAN, SCHEMA, Entry


def as_json(entries: Sequence[Entry], skipped: Sequence[Skipped]) -> dict[str, Any]:
    """The whole result."""
    return {"schema": SCHEMA, "inputs": [e.as_dict() for e in entries],
            "skipped": [{"file": s.name, "reason": s.reason} for s in skipped]}


def lines(entries: Sequence[Entry]) -> Iterator[str]:
    """One line an input."""
    for entry in entries:
        yield f"{entry.name}: {what(entry)}"


def what(entry: Entry) -> str:
    """What an input does, in one phrase."""
    where = f"{entry.target or 'no target'}"
    if entry.target_from == "tried" and entry.target:
        where += " (of all tried)"
    if entry.state == CLEAN:
        return f"{where}: {entry.note or 'clean'}"
    report, judged = entry.report, entry.severity
    assert report is not None and judged is not None
    seen = ", ".join(f"{name} {s.faults}/{s.plays}" for name, s in entry.seen.items() if s.faults)
    parts = [f"{where}: {judged.level}: {report.summary}"]
    if entry.address:
        parts.append(entry.address)
    if entry.needs:
        parts.append("needs " + " or ".join("+".join(names) for names in entry.needs))
    parts.append(f"seen by {seen}")
    if entry.same_as:
        parts.append(f"same bytes as {entry.same_as}")
    if entry.note:
        parts.append(entry.note)
    return "; ".join(parts)
