# SPDX-License-Identifier: GPL-2.0-only
"""What triage knows of one input: a record, whatever the input did."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from redzone_tool import sanreport
from redzone_tool.sanreport import Frame, Report
from redzone_tool.triage import severity
from redzone_tool.triage.severity import Severity

SCHEMA = 1

FAULTS, FLAKY, CLEAN = "faults", "flaky", "clean"

# Which sanitizer's report speaks for an input that several see.
PREFERENCE = ("address", "memory", "undefined")


@dataclass
class Seen:
    """One input in one sanitizer's build."""

    plays: int
    faults: int
    report: Report | None
    text: str = ""
    command: str = ""

    @property
    def stable(self) -> bool:
        """Every replay did the same."""
        return self.faults in (0, self.plays)


@dataclass
class Entry:
    """One input: where it came from, what it did, what it needs."""

    name: str
    sha256: str
    size: int
    target: str
    target_from: str
    data: bytes = field(repr=False, default=b"")
    env: dict[str, str] = field(default_factory=dict)       # what the faults need
    seen: dict[str, Seen] = field(default_factory=dict)     # by sanitizer
    needs: list[tuple[str, ...]] = field(default_factory=list)
    note: str = ""
    same_as: str = ""           # an earlier input with the same bytes
    known: str = ""
    cluster: int = 0

    @property
    def spokesman(self) -> str:
        """The sanitizer whose report speaks for the input; empty when it is clean."""
        return next((s for s in PREFERENCE if s in self.seen and self.seen[s].report), "")

    @property
    def report(self) -> Report | None:
        """The report that speaks for the input."""
        return self.seen[self.spokesman].report if self.spokesman else None

    @property
    def state(self) -> str:
        """faults, flaky or clean."""
        if not self.spokesman:
            return CLEAN
        return FAULTS if self.seen[self.spokesman].stable else FLAKY

    @property
    def address(self) -> str:
        """Where the bad address lies."""
        report = self.report
        if report is None:
            return ""
        return severity.address_class(self.seen[self.spokesman].text, report.kind)

    @property
    def severity(self) -> Severity | None:
        """Of the worst report: another sanitizer may see more than the spokesman."""
        judged = [severity.judge(s.report, severity.address_class(s.text, s.report.kind),
                                 s.stable)
                  for s in self.seen.values() if s.report is not None]
        return sorted(judged, key=lambda j: -j.score)[0] if judged else None

    def as_dict(self) -> dict[str, Any]:
        """For JSON; docs/triage.md documents it."""
        shown: dict[str, Any] = {
            "file": self.name, "sha256": self.sha256, "size": self.size, "target": self.target,
            "target_from": self.target_from, "state": self.state, "env": self.env,
            "needs": [list(s) for s in self.needs], "known": self.known,
            "cluster": self.cluster, "same_as": self.same_as, "note": self.note,
            "plays": {name: {"plays": s.plays, "faults": s.faults,
                             "summary": s.report.summary if s.report else "",
                             "command": s.command} for name, s in self.seen.items()}}
        report, judged = self.report, self.severity
        if report is not None and judged is not None:
            text = self.seen[self.spokesman].text
            shown["fault"] = {
                **report.as_dict(), "sanitizer": self.spokesman, "address": self.address,
                "cwe": severity.cwe(report), "severity": judged.level, "score": judged.score,
                "security": judged.security, "reasons": list(judged.reasons),
                "stack": normalised(report.frames),
                "allocated": normalised(stack_under(text, ALLOCATED)),
                "freed": normalised(stack_under(text, FREED))}
        return shown


def normalised(frames: tuple[Frame, ...]) -> list[str]:
    """Function names of a stack without support and harness frames; recursion is folded."""
    names: list[str] = []
    for frame in frames:
        own = not frame.support and not frame.file.startswith("harnesses/")
        if own and names[-1:] != [frame.function]:
            names.append(frame.function)
    return names


ALLOCATED = re.compile(r"^(previously )?allocated by thread|heap allocation|stack allocation")
FREED = re.compile(r"^freed by thread|^\s*Memory was marked as uninitialized|heap deallocation")


def stack_under(text: str, heading: re.Pattern[str]) -> tuple[Frame, ...]:
    """The stack trace below the line that a heading matches."""
    lines = text.splitlines()
    at = next((i for i, line in enumerate(lines) if heading.search(line)), None)
    if at is None:
        return ()
    end = next((i for i in range(at + 1, len(lines)) if not lines[i].strip()), len(lines))
    stacks = sanreport.frames(lines[at:end])
    return stacks[0] if stacks else ()
