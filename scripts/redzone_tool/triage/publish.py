# SPDX-License-Identifier: GPL-2.0-only
"""Triage for other readers: SARIF for code hosts, Markdown for an issue tracker."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from redzone_tool import catalogue, sarif
from redzone_tool.sarif import Place, Result, Rule
from redzone_tool.triage import severity
from redzone_tool.triage.causes import Cause
from redzone_tool.triage.collect import Skipped
from redzone_tool.triage.record import Entry, normalised

LEVEL = {"critical": sarif.ERROR, "high": sarif.ERROR, "medium": sarif.WARNING,
         "low": sarif.NOTE}
STACK_LINES = 12


def as_sarif(causes: Sequence[Cause], skipped: Sequence[Skipped], commit: str = "",
             command: str = "redzone triage") -> dict[str, Any]:
    """One result a cause, worst first."""
    worst: dict[str, float] = {}
    for cause in causes:
        kind = cause.report.kind
        worst[kind] = max(worst.get(kind, 0.0), cause.severity.score)
    results = [_result(cause, worst[cause.report.kind]) for cause in causes]
    return sarif.log(results, command=command, commit=commit,
                     notes=[f"{s.name}: {s.reason}" for s in skipped],
                     complete=not any(s.named for s in skipped))


def _result(cause: Cause, score: float) -> Result:
    report, judged = cause.report, cause.severity
    rule = Rule(report.kind, f"{report.kind} ({report.class_})", severity.cwe(report),
                (report.class_,), score if judged.security else None)
    known = f"known: {cause.id}" if cause.known else f"new: {cause.id}"
    return Result(
        rule, f"{report.summary}; {known}; {judged.level}: {'; '.join(judged.reasons)}",
        LEVEL[judged.level], place=Place(report.file, report.line, 0, report.function),
        stack=tuple(Place(f.file, f.line, f.column, f.function)
                    for f in report.frames if not f.support),
        fingerprint=cause.id, count=len(cause.entries),
        inputs=tuple(e.name for e in cause.entries),
        properties={"id": cause.id, "known": cause.known, "target": cause.worst.target,
                    "needs": list(cause.needs), "severity": judged.level, "score": judged.score,
                    "seenBy": cause.seen_by, "smallest": cause.smallest.name})


def markdown(entries: Sequence[Entry], causes: Sequence[Cause]) -> Iterator[str]:
    """Lines to paste into an issue: a table, then a section for each new cause."""
    faulting = sum(1 for e in entries if e.spokesman)
    yield (f"{len(entries)} inputs, {faulting} fault for {len(causes)} causes, "
           f"{sum(not c.known for c in causes)} of them new.")
    yield ""
    yield "| | severity | fault | known | inputs | smallest |"
    yield "|---|---|---|---|---|---|"
    for cause in causes:
        known = cell(cause.id) if cause.known else f"new ({cell(cause.id)})"
        yield (f"| {cause.number} | {cause.severity.level} | {code(cause.title)} | {known} | "
               f"{len(cause.entries)} | {code(cause.smallest.name)}, {cause.smallest.size} bytes |")
    for cause in causes:
        if not cause.known:
            yield from _section(cause)


def _section(cause: Cause) -> Iterator[str]:
    report, judged, worst = cause.report, cause.severity, cause.worst
    where = f" at {report.file}:{report.line}" if report.file else ""
    yield ""
    yield f"### {cause.number}. {cell(cause.title)}{cell(where)}"
    yield ""
    yield (f"Target {code(worst.target)}, {severity.cwe(report)}, {judged.level} "
           f"({judged.score:g}): {cell('; '.join(judged.reasons))}.")
    seen = ", ".join(f"{name} {s.faults} of {s.plays}" for name, s in worst.seen.items())
    yield f"Replays that fault: {seen}." + (f" {cell(worst.address)}." if worst.address else "")
    if cause.needs:
        yield f"Needs {', '.join(code(name) for name in cause.needs)}."
    if cause.resembles:
        yield f"Reported alike: {', '.join(cause.resembles)}."
    yield ""
    yield "```"
    for name in normalised(report.frames)[:STACK_LINES]:
        yield name.replace("`", "'")
    yield "```"
    command = worst.seen[worst.spokesman].command
    if command:
        yield ""
        yield "```"
        yield f"scripts/redzone reproduce {quoted(worst)}"
        yield "```"


def quoted(entry: Entry) -> str:
    """Arguments of `redzone reproduce` that play an input again."""
    words = [f"'{entry.name}'" if re.search(r"[^\w./-]", entry.name) else entry.name,
             f"--target {entry.target}", f"--sanitizer {entry.spokesman}"]
    bugs = {b.id for b in catalogue.bugs()}
    on = [name for name in (entry.needs[0] if entry.needs else ()) if name in bugs]
    lost = [name for name in (entry.needs[0] if entry.needs else ()) if name not in bugs]
    if on:
        words.append(f"--bugs {','.join(on)}")
    if lost:
        words.append(f"--ablate {','.join(lost)}")
    return " ".join(words)


def code(text: str) -> str:
    """Foreign text as code inside a table cell: it cannot end the code or the cell."""
    return "`" + text.replace("`", "'").replace("|", "\\|") + "`"


def cell(text: str) -> str:
    """Foreign text as text: nothing in it is markup."""
    return re.sub(r"([\\`*_{}\[\]<>#|@!])", r"\\\1", text)
