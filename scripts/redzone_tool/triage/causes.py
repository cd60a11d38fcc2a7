# SPDX-License-Identifier: GPL-2.0-only
"""Causes: groups of inputs, each with a name, its worst and its smallest input."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from redzone_tool import catalogue
from redzone_tool.sanreport import Report
from redzone_tool.triage import cluster
from redzone_tool.triage.record import Entry
from redzone_tool.triage.severity import Severity


@dataclass
class Cause:
    """Inputs that fault for one reason."""

    number: int
    id: str                     # of the catalogue, or proposed
    known: bool
    entries: list[Entry] = field(repr=False)
    worst: Entry = field(repr=False)
    smallest: Entry = field(repr=False)
    resembles: tuple[str, ...] = ()     # entries with the same report, for news

    @property
    def report(self) -> Report:
        """Of the worst input."""
        assert self.worst.report is not None
        return self.worst.report

    @property
    def severity(self) -> Severity:
        """Of the worst input."""
        assert self.worst.severity is not None
        return self.worst.severity

    @property
    def needs(self) -> tuple[str, ...]:
        """The bugs or lost guards; empty for news."""
        return self.worst.needs[0] if self.worst.needs else ()

    @property
    def title(self) -> str:
        """One line."""
        report = self.report
        where = f" in {report.function}" if report.function else ""
        return f"{report.kind}{where}"

    @property
    def seen_by(self) -> dict[str, int]:
        """Inputs that each sanitizer sees."""
        counts: dict[str, int] = {}
        for entry in self.entries:
            for name, seen in entry.seen.items():
                counts[name] = counts.get(name, 0) + bool(seen.faults)
        return {name: count for name, count in counts.items() if count}

    def as_dict(self) -> dict[str, Any]:
        """For JSON; docs/triage.md documents it."""
        judged = self.severity
        return {
            "number": self.number, "id": self.id, "known": self.known, "title": self.title,
            "target": self.worst.target, "needs": list(self.needs), "class": self.report.class_,
            "kind": self.report.kind, "function": self.report.function,
            "file": self.report.file, "line": self.report.line, "severity": judged.level,
            "score": judged.score, "security": judged.security, "reasons": list(judged.reasons),
            "seen_by": self.seen_by, "resembles": list(self.resembles),
            "inputs": [e.name for e in self.entries], "worst": self.worst.name,
            "smallest": self.smallest.name, "smallest_size": self.smallest.size}


def causes(entries: Sequence[Entry], rule: str = cluster.DEFAULT_RULE) -> list[Cause]:
    """Group entries, worst cause first, and number them."""
    bugs = {b.id: b for b in catalogue.bugs()}
    groups: dict[int, list[Entry]] = {}
    for entry, label in zip(entries, cluster.by_cause(entries, rule)):
        if label:
            groups.setdefault(label, []).append(entry)
    found = [_cause(members, bugs) for members in groups.values()]
    found.sort(key=lambda c: (-c.severity.score, -len(c.entries), c.id))
    for number, cause in enumerate(found, 1):
        cause.number = number
        for entry in cause.entries:
            entry.cluster, entry.known = number, cause.id if cause.known else ""
    return found


def _cause(members: list[Entry], bugs: dict[str, catalogue.Bug]) -> Cause:
    ranked = sorted(members, key=lambda e: (-(e.severity.score if e.severity else 0), e.size,
                                            e.name))
    smallest = min(members, key=lambda e: (e.size, e.name))
    cause = Cause(0, "", False, members, ranked[0], smallest)
    if cause.needs and all(name in bugs for name in cause.needs):
        cause.id, cause.known = "+".join(cause.needs), True
        return cause
    cause.id = proposed_id(cause.report, cause.needs)
    cause.resembles = _resembling(cause, bugs)
    return cause


def proposed_id(report: Report, needs: Sequence[str] = ()) -> str:
    """An id until the fix gives one: equal for equal kinds, stacks and needs."""
    item = cluster.trace(report)
    text = "\0".join([item.kind, item.access, *item.stack[:5], *needs])
    return f"redzone-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _resembling(cause: Cause, bugs: dict[str, catalogue.Bug]) -> tuple[str, ...]:
    """Entries of the catalogue that one sanitizer reports with this kind and function."""
    found = []
    for bug in bugs.values():
        for name, seen in cause.worst.seen.items():
            expected = bug.expected.get(name)
            report = seen.report
            if (expected is not None and report is not None and expected.frame
                    and (expected.kind, expected.frame) == (report.kind, report.function)):
                found.append(bug.id)
                break
    return tuple(found)
