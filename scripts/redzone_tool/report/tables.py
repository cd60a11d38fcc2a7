# SPDX-License-Identifier: GPL-2.0-only
"""The report as tables for a terminal, and as plain text where there is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from redzone_tool import outcomes
from redzone_tool.report import figures

Row = Sequence[str]
Table = tuple[str, Sequence[str], list[Row]]

STYLES = {
    outcomes.CORRUPTION: "bold red", outcomes.DISCLOSURE: "yellow", outcomes.NULL: "magenta",
    outcomes.UNDEFINED: "blue", outcomes.ASSERT: "cyan", outcomes.VERDICT: "green",
    outcomes.EFFECTS: "green", outcomes.OUTPUT: "green", outcomes.NO_EFFECT: "dim",
    outcomes.UNDETERMINED: "dim",
}


def tables(data: Mapping[str, Any]) -> list[Table]:
    """Guards, outcomes, shares, bugs and the clean port: title, heads, rows."""
    found = [_guards(data), _outcomes(data), _shares(data)]
    if data["bugs"]:
        found.append(_bugs(data))
    if data["clean"]["runs"]:
        found.append(_clean(data))
    return found


def _guards(data: Mapping[str, Any]) -> Table:
    rows: list[Row] = [
        [f"{g['file'].split('/')[-1]}:{g['line']}", g["function"], g["condition"],
         str(g["reached"]), str(g["violated"]), _outcome(g)] for g in data["guards"]]
    return ("Guards", ("place", "function", "rejects", "reached", "violated",
                       "lost, it leads to"), rows)


def _outcome(guard: Mapping[str, Any]) -> str:
    text = outcomes.LABELS[guard["outcome"]]
    if guard["outcome"] == outcomes.NO_EFFECT:
        spent = guard["executions"] + guard["fuzzed_executions"]
        text += f" ({figures.count(spent)} executions)"
    if guard["outcome_strict"] != guard["outcome"]:
        text += f"; strict: {outcomes.LABELS[guard['outcome_strict']]}"
    return text


def _outcomes(data: Mapping[str, Any]) -> Table:
    targets = data["targets"]
    rows: list[Row] = []
    for name in outcomes.ORDER:
        rows.append([outcomes.LABELS[name], *(
            f"{t['outcomes'][name]} ({t['outcomes_strict'][name]} strict)" for t in targets)])
    return "Outcomes", ("worst outcome", *(t["name"] for t in targets)), rows


def _shares(data: Mapping[str, Any]) -> Table:
    rows: list[Row] = []
    for mode in ("kernel", "strict"):
        for kind, label in (("memory_safety", "memory safety"),
                            ("with_null", "with null / recursion")):
            cells = []
            for name in ("violated", "observable", "all"):
                share = data["shares"][mode][kind][name]
                if share.get("bounds") and share["n"]:
                    low, high = share["bounds"]
                    cells.append(f"{figures.percent(low)} to {figures.percent(high)}")
                elif share["n"]:
                    cells.append(f"{figures.percent(share['value'])} "
                                 f"[{figures.interval(share)}] {share['k']}/{share['n']}")
                else:
                    cells.append(figures.UNKNOWN)
            rows.append([f"{label}, skb {mode}", *cells])
    return ("Share of lost guards that end in memory-safety faults (95 % interval)",
            ("", "of violated", "of those with any effect", "of all"), rows)


def _bugs(data: Mapping[str, Any]) -> Table:
    rows: list[Row] = []
    for bug in data["bugs"]:
        for number, sanitizer in enumerate(data["options"]["sanitizers"]):
            proof = figures.proof_cell(bug["proofs"].get(sanitizer))
            cells = [bug["id"] if not number else "", bug["class"] if not number else "",
                     sanitizer, f"{proof['mark']} {proof['word']}"]
            for engine in data["options"]["engines"]:
                trial = next((t for t in bug["trials"] if t["sanitizer"] == sanitizer
                              and t["engine"] == engine), None)
                if trial is None:
                    cells.append(figures.UNKNOWN)
                    continue
                cell = figures.trial_cell(trial)
                cells.append(f"{cell['mark']} {cell['word']}, {cell['when']}")
            rows.append(cells)
    return ("Bugs (● detected ◐ triggered ○ reached × not reached; CPU time)",
            ("bug", "class", "sanitizer", "proof input", *data["options"]["engines"]), rows)


def _clean(data: Mapping[str, Any]) -> Table:
    rows: list[Row] = [[r["target"], r["engine"], r["sanitizer"], figures.count(r["executions"]),
                        figures.seconds(r["cpu_s"]),
                        ", ".join(r["kinds"]) if r["kinds"] else "none"]
                       for r in data["clean"]["runs"]]
    return ("The port as it is", ("target", "engine", "sanitizer", "executions", "CPU",
                                  "findings"), rows)


def closing(data: Mapping[str, Any]) -> list[str]:
    """What a reader should take away, in a few lines."""
    head = data["headline"]
    lines = []
    share = head["share"]
    if share["n"]:
        lines.append(f"{figures.percent(share['value'])} of lost checks end in memory corruption "
                     f"or disclosure ({share['k']} of {share['n']} violated guards, 95 % interval "
                     f"{figures.interval(share)}); with null and recursion "
                     f"{figures.percent(head['share_with_null']['value'])}; strict "
                     f"{figures.percent(head['share_strict']['value'])}")
    lines.append(f"{head['violated']} of {head['guards']} guards violated, "
                 f"{head['reached']} reached")
    if head["bugs"]:
        lines.append(f"{head['bugs_detected']} of {head['bugs']} bugs detected by fuzzing, "
                     f"{head['bugs_triggered']} triggered, {head['bugs_tried']} tried")
    if head["clean_findings"]:
        found = figures.plural(head["clean_findings"], "finding")
        lines.append(f"{found} in the port as it is: not expected")
    elif head["clean_cpu_hours"]:
        hours = f"{head['clean_cpu_hours']:.4f}"
        lines.append(f"no finding in the port as it is in {hours} CPU-hours: fewer than "
                     f"3.00/{hours} = {figures.count(head['clean_limit'])} an hour at 95 %")
    lines += [f"problem: {text}" for text in data["problems"]]
    lines += [f"limit: {text}" for text in folded(data["not_done"])]
    return lines


# What differs between lines that say the same of several targets.
_VARIES = re.compile(r"\b[a-z]+_[a-z0-9_]+\b|\b(?:address|undefined|memory|kernel|strict)\b|\d+")


def folded(texts: Sequence[str]) -> list[str]:
    """One line for all that differ in target, sanitizer, layout or number only."""
    groups: dict[str, list[str]] = {}
    for text in texts:
        groups.setdefault(_VARIES.sub("*", text), []).append(text)
    return [found[0] if len(found) == 1 else
            f"{found[0]}; and {len(found) - 1} more like it (the report has all)"
            for found in groups.values()]


def plain(table: Table) -> str:
    """A table in columns, without colour or drawing."""
    title, heads, rows = table
    widths = [max(len(row[i]) for row in (heads, *rows)) for i in range(len(heads))]
    lines = [title]
    for row in (heads, *rows):
        lines.append("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    return "\n".join(lines)


def rich_table(table: Table) -> Any:
    """The same for a terminal."""
    from rich.table import Table as RichTable
    from rich.text import Text
    title, heads, rows = table
    drawn = RichTable(title=title, title_justify="left", title_style="bold",
                      header_style="bold", border_style="dim")
    for head in heads:
        drawn.add_column(head, justify="right" if head in ("reached", "violated") else "left",
                         overflow="fold")
    styles = {outcomes.LABELS[name]: style for name, style in STYLES.items()}
    for row in rows:
        drawn.add_row(*(Text(_shown(cell), style=_style(cell, styles)) for cell in row))
    return drawn


def _style(cell: str, styles: Mapping[str, str]) -> str:
    return next((style for label, style in styles.items() if cell.startswith(label)), "")


def _shown(text: str) -> str:
    """Control characters of hostile strings must not reach a terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def all_plain(data: Mapping[str, Any]) -> Iterable[str]:
    """Every table as plain text."""
    return (_shown_lines(plain(table)) for table in tables(data))


def _shown_lines(text: str) -> str:
    return "\n".join(_shown(line) for line in text.split("\n"))
