# SPDX-License-Identifier: GPL-2.0-only
"""The data behind every table and plot of a report as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from redzone_tool import outcomes

# A cell that a spreadsheet would run as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PLACE = ("target", "engine", "sanitizer")


def files(made: Mapping[str, Any]) -> dict[str, str]:
    """File name and text of every table; made from the view that the pages show."""
    measure = made["measure"]
    return {
        "guards.csv": guards(measure["guards"] if measure else ()),
        "bugs.csv": bugs(made["matrix"]),
        "shares.csv": _plain(_shares(made)),
        "outcomes.csv": _plain(_outcomes(made)),
        "targets.csv": _plain(target_rows(made)),
        "matrix.csv": _plain(_matrix(made)),
        "curves.csv": _plain(_curves(made)),
        "growth.csv": _plain({**{n: g[n] for n in _PLACE}, "trials": g["trials"], **p}
                             for g in made["growth"] for p in g["points"]),
        "clean.csv": _plain({**c, "findings": " | ".join(c["findings"])} for c in made["clean"]),
        "residual.csv": _plain(made["residual"]),
        "discovery.csv": _plain(_discovery(made)),
        "compliance.csv": _plain(made["compliance"]),
    }


def guards(rows: Iterable[Mapping[str, Any]]) -> str:
    """One line a target and guard."""
    names = ("target", "id", "file", "line", "function", "condition", "bug", "reached",
             "violated", "outcome", "outcomes", "outcome_strict", "outcomes_strict",
             "memory_safety", "memory_safety_strict", "executions", "fuzzed_executions",
             "truncated", "evidence")
    return text(names, (_flat(row, names) for row in rows))


def bugs(rows: Iterable[Mapping[str, Any]]) -> str:
    """One line a bug, engine, sanitizer and mode; proof replays have the engine `proof`."""
    names = ("bug", "target", "class", "engine", "sanitizer", "mode", "trials", "reached",
             "triggered", "detected", "triggered_not_detected", "median_executions",
             "median_cpu_s", "executions", "cpu_s", "seen", "expected")
    lines = []
    for row in rows:
        head = {"bug": row["id"], "target": row["target"], "class": row["class"]}
        for sanitizer, proof in row["proofs"].items():
            lines.append({**head, "engine": "proof", "sanitizer": sanitizer, "trials": 1,
                          "triggered": int(proof["triggered"]),
                          "detected": int(proof["detected"]), "seen": proof["seen"],
                          "expected": proof["expected"]})
        for cell in row["cells"].values():
            line = {**head, **{n: cell[n] for n in names if n in cell}}
            for name in ("median_executions", "median_cpu_s"):
                line[name] = (cell[name] or {}).get("value")
            lines.append({**line, "seen": " ".join(cell["kinds"])})
    return text(names, lines)


def _shares(made: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    measure = made["measure"]
    if measure:
        wholes = [("all", "", measure["shares"])]
        wholes += [("family", f["name"], f["shares"]) for f in made["families"] if f["shares"]]
        wholes += [("target", t["name"], t["shares"]) for t in measure["targets"]]
        for scope, name, shares in wholes:
            for mode, kinds in shares.items():
                for kind, three in kinds.items():
                    for of, share in three.items():
                        bounds = share.get("bounds") or [None, None]
                        yield {"scope": scope, "name": name, "skb": mode, "counts": kind,
                               "of": of, **{n: share[n] for n in (
                                   "k", "n", "value", "low", "high", "method")},
                               "bound_low": bounds[0], "bound_high": bounds[1]}
    share = made["catalogue"]
    yield {"scope": "catalogue of historical bugs", "name": "", "skb": "",
           "counts": "memory_safety", "of": "bugs",
           **{n: share[n] for n in ("k", "n", "value", "low", "high", "method")},
           "bound_low": None, "bound_high": None}


def _outcomes(made: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    measure = made["measure"]
    rows = [("family", f) for f in made["families"] if f["shares"]]
    rows += [("target", t) for t in measure["targets"]] if measure else []
    for scope, row in rows:
        for name in outcomes.ORDER:
            yield {"scope": scope, "name": row["name"], "outcome": name,
                   "guards": row["outcomes"][name], "guards_strict": row["outcomes_strict"][name]}


def target_rows(made: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """One row a target: guards where measured, and what became of its bugs."""
    for family in made["families"]:
        known = {row["name"]: row for row in family["rows"]}
        for name in family["targets"]:
            own = [[c["state"] for p, c in row["cells"].items() if p[2] == "bugs"]
                   for row in made["matrix"] if row["target"] == name]
            row = known.get(name)
            yield {"name": name, "family": family["name"],
                   "guards": row and row["guards"], "reached": row and row["reached"],
                   "violated": row and row["violated"], "bugs": len(own),
                   "tried": sum(bool(states) for states in own),
                   "triggered": sum(bool({"detected", "triggered"} & set(states))
                                    for states in own),
                   "detected": sum("detected" in states for states in own)}


def _matrix(made: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for row in made["matrix"]:
        for cell in row["cells"].values():
            yield {n: cell[n] for n in (
                "bug", "target", "sanitizer", "engine", "mode", "trials", "reached", "triggered",
                "detected", "triggered_not_detected", "state")}


def _curves(made: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for curve in made["curves"]:
        for step in curve["steps"]:
            yield {**{n: curve[n] for n in (*_PLACE, "mode", "subject", "event", "unit",
                                            "trials", "watched")}, **step}


def _discovery(made: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for row in made["discovery"]:
        yield {n: row[n] for n in (*_PLACE, "trials", "found", "singletons", "expected_new",
                                   "probability", "low", "high")}


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


def _plain(rows: Iterable[Mapping[str, Any]]) -> str:
    lines = list(rows)
    return text(list(lines[0]), lines) if lines else ""


def text(names: Sequence[str], lines: Iterable[Mapping[str, Any]]) -> str:
    """Rows as CSV; unknown values are empty, and no cell is a formula."""
    out = io.StringIO()
    writer = csv.DictWriter(out, names, lineterminator="\n", restval="", extrasaction="ignore")
    writer.writeheader()
    for line in lines:
        writer.writerow({k: cell(v) for k, v in line.items()})
    return out.getvalue()


def cell(value: Any) -> Any:
    """A value that no spreadsheet runs."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return "" if value is None else value
