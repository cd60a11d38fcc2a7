# SPDX-License-Identifier: GPL-2.0-only
"""Write index.html, data.json and the CSV files of a report."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from redzone_tool import outcomes
from redzone_tool.report import figures, svg

HERE = Path(__file__).parent

# A cell that a spreadsheet would run as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(data: Mapping[str, Any], folder: Path) -> Path:
    """The report in `folder`; each file is replaced whole, so a reader never sees a half."""
    folder.mkdir(parents=True, exist_ok=True)
    _replace(folder / "data.json", json.dumps(data, indent=1) + "\n")
    _replace(folder / "guards.csv", guards_csv(data["guards"]))
    _replace(folder / "bugs.csv", bugs_csv(data["bugs"]))
    page = folder / "index.html"
    _replace(page, html(data))
    return page


def html(data: Mapping[str, Any]) -> str:
    """The page. Everything that comes from inputs, ports or reports stays text."""
    env = Environment(loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True,
                      lstrip_blocks=True, undefined=StrictUndefined)
    env.filters.update(percent=_tied(figures.percent), count=figures.count,
                       seconds=_tied(figures.seconds), interval=_tied(figures.interval),
                       plural=_tied(figures.plural), breakable=_breakable)
    env.globals.update(
        share_bar=svg.share_bar, outcome_bar=svg.outcome_bar, axis=svg.axis,
        LABELS=outcomes.LABELS, MEANINGS=outcomes.MEANINGS, ORDER=outcomes.ORDER,
        trial_cell=figures.trial_cell, proof_cell=figures.proof_cell)
    return env.get_template("report.html.j2").render(
        data=data, guards=sorted(data["guards"], key=_worst_first),
        css=Markup((HERE / "style.css").read_text(encoding="utf-8")),
        js=Markup((HERE / "table.js").read_text(encoding="utf-8")))


def guards_csv(rows: Iterable[Mapping[str, Any]]) -> str:
    """One line a guard."""
    names = ("target", "id", "file", "line", "function", "condition", "bug", "reached",
             "violated", "outcome", "outcomes", "outcome_strict", "outcomes_strict",
             "memory_safety", "memory_safety_strict", "executions", "fuzzed_executions",
             "truncated", "evidence")
    return csv_text(names, (_flat(row, names) for row in rows))


def bugs_csv(bugs: Iterable[Mapping[str, Any]]) -> str:
    """One line a bug, engine and sanitizer; proof replays have the engine `proof`."""
    names = ("bug", "target", "class", "engine", "sanitizer", "trials", "reached", "triggered",
             "detected", "execs_to_trigger", "execs_to_detect", "cpu_to_trigger",
             "cpu_to_detect", "executions", "cpu_s", "seen", "expected")
    lines = []
    for bug in bugs:
        head = {"bug": bug["id"], "target": bug["target"], "class": bug["class"]}
        for sanitizer, proof in bug["proofs"].items():
            lines.append({**head, "engine": "proof", "sanitizer": sanitizer, "trials": 1,
                          "triggered": int(proof["triggered"]),
                          "detected": int(proof["detected"]), "seen": proof["seen"],
                          "expected": proof["expected"]})
        for trial in bug["trials"]:
            line = {**head, **{n: trial[n] for n in (
                "engine", "sanitizer", "trials", "executions", "cpu_s")}}
            line |= {n: trial[n]["k"] for n in ("reached", "triggered", "detected")}
            line |= {n: trial[n]["value"] for n in (
                "execs_to_trigger", "execs_to_detect", "cpu_to_trigger", "cpu_to_detect")}
            lines.append({**line, "seen": " ".join(trial["kinds"])})
    return csv_text(names, lines)


def _worst_first(row: Mapping[str, Any]) -> tuple[int, str, int]:
    return outcomes.RANK[row["outcome"]], row["file"], row["line"]


def _breakable(name: str) -> Markup:
    """A long identifier may break behind its underscores."""
    return Markup("_<wbr>").join(name.split("_"))


def _tied(function: Callable[..., str]) -> Callable[..., str]:
    """A number and its unit stay on one line."""
    def tied(*values: Any) -> str:
        return function(*values).replace(" ", "\N{NO-BREAK SPACE}")
    return tied


def _flat(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    flat = {}
    for name in names:
        value = row[name]
        if name == "evidence":
            value = " | ".join(f"{e['sanitizer']}/{e['skb']} {e['kind']} {e['input']}"
                               for e in value)
        elif isinstance(value, list):
            value = " ".join(value)
        flat[name] = value
    return flat


def csv_text(names: Sequence[str], lines: Iterable[Mapping[str, Any]]) -> str:
    """Rows as CSV; unknown values are empty, and no cell is a formula."""
    out = io.StringIO()
    writer = csv.DictWriter(out, names, lineterminator="\n", restval="")
    writer.writeheader()
    for line in lines:
        writer.writerow({k: _cell(v) for k, v in line.items()})
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return "" if value is None else value


def _replace(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, path)
