# SPDX-License-Identifier: GPL-2.0-only
"""A campaign for other programs and for the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from redzone_tool import sarif
from redzone_tool.campaign import data
from redzone_tool.campaign.store import Store
from redzone_tool.report import csvs, figures, findings, tables

CELL = ("target", "engine", "sanitizer", "mode", "subject")


def write(store: Store, folder: Path) -> list[Path]:
    """campaign.json, CSV files, findings.sarif and the inputs that were found."""
    found = data.collect(store)
    folder.mkdir(parents=True, exist_ok=True)
    written = {"campaign.json": json.dumps(found, indent=1) + "\n",
               "trials.csv": _csv(_trials(store)), "cells.csv": _csv(_cells(found["cells"])),
               "curves.csv": _csv(_curves(found["cells"])),
               "findings.csv": _csv(_findings(store, folder / "inputs")),
               "findings.sarif": sarif.text(findings.document(
                   None, found, {b["id"]: b for b in found["bugs"]}))}
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in written]


def inputs(store: Store, folder: Path) -> None:
    """Only the inputs, for a report."""
    for _ in _findings(store, folder):
        pass


def _trials(store: Store) -> Iterable[dict[str, Any]]:
    for row in store.rows(()):
        yield {**vars(row.job), "state": row.state, "attempts": row.attempts,
               "ended": row.result.ended, "executions": row.result.executions,
               "cpu_s": row.result.cpu_s, "wall_s": row.result.wall_s,
               "edges": row.result.edges, "maxrss_kib": row.result.maxrss_kib,
               "findings": sum(f.confirmed for f in row.result.findings),
               "message": row.result.message}


def _cells(cells: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    for cell in cells:
        line = {name: cell[name] for name in (*CELL, "trials", "executions", "cpu_s")}
        for what in (data.REACH, data.TRIGGER, data.DETECT):
            line |= {what: cell[what]["k"], f"{what}_low": cell[what]["low"],
                     f"{what}_high": cell[what]["high"]}
        for what in (data.TRIGGER, data.DETECT):
            for unit in data.UNITS:
                median = cell[what][unit]["median"]
                line |= {f"{what}_{unit}_{name}": median[name]
                         for name in ("value", "low", "high", "censored")}
        yield line


def _curves(cells: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    for cell in cells:
        for what in (data.TRIGGER, data.DETECT):
            for unit in data.UNITS:
                for step in cell[what][unit]["curve"]:
                    yield {**{name: cell[name] for name in CELL}, "event": what, "unit": unit,
                           **step}


def _findings(store: Store, folder: Path) -> Iterable[dict[str, Any]]:
    for row in store.rows(()):
        for found in row.result.findings:
            name = data.input_name(found.input)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(found.input)
            sets = (found.attribution or {}).get("sets", [])
            yield {**vars(row.job), "input": name, "confirmed": int(found.confirmed),
                   "clean": int(found.clean), "kind": found.kind, "function": found.function,
                   "summary": found.summary, "executions": found.executions,
                   "cpu_s": found.cpu_s, "bugs": " | ".join("+".join(s) for s in sets)}


def _csv(rows: Iterable[Mapping[str, Any]]) -> str:
    lines = list(rows)
    return csvs.text(list(lines[0]), lines) if lines else ""


def plain_tables(found: Mapping[str, Any]) -> list[tables.Table]:
    """What `status` prints."""
    rows: list[tables.Row] = []
    for cell in found["cells"]:
        if cell["mode"] == "clean" and not cell[data.TRIGGER]["k"]:
            continue
        median = cell[data.DETECT]["cpu_s"]["median"]
        rows.append([cell["target"], f"{cell['engine']}-{cell['sanitizer']}", cell["mode"],
                     cell["subject"], f"{cell['trials']}",
                     *(f"{cell[w]['k']}" for w in (data.REACH, data.TRIGGER, data.DETECT)),
                     figures.count(cell[data.DETECT]["executions"]["median"]["value"]),
                     figures.seconds(median["value"]), _between(median)])
    made: list[tables.Table] = [("Bugs and lost guards", (
        "target", "engine-sanitizer", "mode", "bug or guard", "trials", "reached", "triggered",
        "detected", "median execs", "median CPU", "95 %"), rows)] if rows else []
    quiet: list[tables.Row] = [[
        c["target"], f"{c['engine']}-{c['sanitizer']}", f"{c['trials']}",
        f"{c['cpu_hours']:.3f}", figures.count(c["executions"]), f"{len(c['findings'])}",
        _rate(c)] for c in found["clean"]]
    if quiet:
        made.append(("The port as it is", (
            "target", "engine-sanitizer", "trials", "CPU hours", "executions", "findings",
            "per CPU hour"), quiet))
    return made


def _between(median: Mapping[str, Any]) -> str:
    if median["coverage"] is None or median["low"] is None:
        return figures.UNKNOWN
    high = "∞" if median["high"] is None else figures.seconds(median["high"])
    return f"{figures.seconds(median['low'])} – {high}"


def _rate(entry: Mapping[str, Any]) -> str:
    if entry["rate"] is None:
        return figures.UNKNOWN if entry["high"] is None else f"≤ {entry['high']:.1f}"
    return f"{entry['rate']:.1f} [{entry['low']:.1f}, {entry['high']:.1f}]"
