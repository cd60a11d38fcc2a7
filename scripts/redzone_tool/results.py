# SPDX-License-Identifier: GPL-2.0-only
"""
The data of a measurement: what the report shows, `measure --json` prints and data.json holds.

The memory-safety flag of a guard is derived here, from its outcome classes, and nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from redzone_tool import ablation, discovery, outcomes, populations, stats, survival
from redzone_tool.bugtrials import Proof, Run, Summary, summarise
from redzone_tool.canaries import Canaries
from redzone_tool.catalogue import ENGINES, Bug
from redzone_tool.cleanruns import CleanRun, Exposure
from redzone_tool.errors import ToolError
from redzone_tool.guardruns import EXPLORE_SANITIZERS, SOURCES, TargetGuards

SCHEMA = 1

DENOMINATORS = {
    "violated": "guards violated at least once",
    "observable": "guards whose loss had any observable effect",
    "all": "all guards (undetermined ones as bounds)",
}


def read(path: Path) -> dict[str, Any]:
    """The data.json of a measurement; one line when it is none."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as err:
        raise ToolError(f"{path}: {getattr(err, 'strerror', None) or err}") from None
    if not isinstance(data, dict) or data.get("schema") != SCHEMA or "guards" not in data:
        raise ToolError(f"{path} is not the data.json of a measurement with schema {SCHEMA}")
    return data


def guard_rows(state: TargetGuards, root: str = "") -> list[dict[str, Any]]:
    """One row a guard."""
    rows = []
    for name, entry in state.known.items():
        guard = entry.guard
        kernel, strict = entry.outcome(ablation.KERNEL), entry.outcome(ablation.STRICT)
        violated = max(state.count(state.violated, name), entry.violating)
        rows.append({
            "target": state.target.name, "id": name, "file": guard.file, "line": guard.line,
            "function": guard.function, "condition": guard.condition, "bug": guard.bug,
            "reached": max(state.count(state.reached, name), violated), "violated": violated,
            "violated_by": {s: n for s in SOURCES
                            if (n := state.violated.get(s, {}).get(name, 0))},
            "outcome": kernel, "outcomes": entry.outcomes(ablation.KERNEL),
            "outcome_strict": strict, "outcomes_strict": entry.outcomes(ablation.STRICT),
            "memory_safety": kernel in outcomes.MEMORY_SAFETY,
            "memory_safety_strict": strict in outcomes.MEMORY_SAFETY,
            "executions": sum(entry.executions.values()),
            "fuzzed_executions": state.fuzzed_execs.get(name, 0),
            "truncated": entry.truncated,
            "uncounted": dict(entry.uncounted),
            "replays": len(entry.replayed),
            "evidence": [_evidence(e, root) for e in entry.evidence],
            "first_input": str(first).removeprefix(root)
            if (first := state.first.get(name)) else "",
        })
    return rows


def _evidence(evidence: ablation.Evidence, root: str) -> dict[str, Any]:
    row = asdict(evidence)
    row["input"] = row["input"].removeprefix(root)
    return row


def shares(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Memory-safety shares by skb mode, without and with null/recursion; a guard counts once."""
    found: dict[str, Any] = {}
    for mode, key in ((ablation.KERNEL, "outcome"), (ablation.STRICT, "outcome_strict")):
        found[mode] = {
            "memory_safety": _three(rows, key, outcomes.MEMORY_SAFETY),
            "with_null": _three(rows, key, outcomes.MEMORY_SAFETY_OR_NULL)}
    return found


def _three(rows: Sequence[Mapping[str, Any]], key: str, bad: frozenset[str]) -> dict[str, Any]:
    violated = [r for r in rows if r[key] != outcomes.UNDETERMINED]
    observable = [r for r in rows if r[key] in outcomes.OBSERVABLE]
    low = _share(rows, key, bad)
    high = _share(rows, key, bad | {outcomes.UNDETERMINED})
    everything = dict(low, high=high["high"], value=None, bounds=[low["value"], high["value"]],
                      undetermined=len(rows) - len(violated))
    return {"violated": _share(violated, key, bad), "observable": _share(observable, key, bad),
            "all": everything}


def _share(rows: Sequence[Mapping[str, Any]], key: str, bad: frozenset[str]) -> dict[str, Any]:
    got = stats.share([r[key] in bad for r in rows],
                      [f"{r['file']}:{r['function']}" for r in rows])
    return {"k": got.k, "n": got.n, "value": got.value, "low": got.low, "high": got.high,
            "method": got.method}


def outcome_counts(rows: Iterable[Mapping[str, Any]], key: str = "outcome") -> dict[str, int]:
    """How many guards ended in each class, worst first."""
    counts = dict.fromkeys(outcomes.ORDER, 0)
    for row in rows:
        counts[row[key]] += 1
    return counts


def family_rows(rows: Sequence[Mapping[str, Any]],
                families: Mapping[str, str]) -> list[dict[str, Any]]:
    """One row a family; a guard that several of its targets drive is one guard."""
    table = []
    for family in sorted(set(families.values())):
        names = sorted(t for t, f in families.items() if f == family)
        own = populations.joined([r for r in rows if r["target"] in names])
        table.append({
            "name": family, "targets": names, "guards": len(own),
            "reached": sum(r["reached"] > 0 for r in own),
            "violated": sum(r["violated"] > 0 for r in own),
            "outcomes": outcome_counts(own),
            "outcomes_strict": outcome_counts(own, "outcome_strict"), "shares": shares(own)})
    return table


def growth(states: Sequence[TargetGuards]) -> list[dict[str, Any]]:
    """Guards reached and violated over executions while fuzzing the port as it is."""
    return [{"target": state.target.name, "engine": "libfuzzer", "sanitizer": name, "trials": 1,
             "guards": len(seen.guards), "points": populations.growth(
                 [([c.first_reached_exec for c in seen.guards if c.reached],
                   [c.first_violated_exec for c in seen.guards if c.violated], seen.execs)])}
            for state in states for name, seen in zip(EXPLORE_SANITIZERS, state.canaries)]


def residual(states: Sequence[TargetGuards]) -> list[dict[str, Any]]:
    """Good-Turing over executions: how likely the next one violates a guard for the first time."""
    table = []
    for state in states:
        for name, seen in zip(EXPLORE_SANITIZERS, state.canaries):
            now = discovery.per_execution([c.violated for c in seen.guards], seen.execs)
            table.append({"target": state.target.name, "engine": "libfuzzer", "sanitizer": name,
                          "executions": seen.execs, "seen": now.found, "once": now.singletons,
                          "value": now.expected_new, "high": now.high})
    return table


def target_rows(states: Sequence[TargetGuards],
                rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row a target."""
    table = []
    for state in states:
        own = [r for r in rows if r["target"] == state.target.name]
        table.append({
            "name": state.target.name, "family": state.target.family,
            "ports": list(state.target.port), "guards": len(own),
            "reached": sum(r["reached"] > 0 for r in own),
            "violated": sum(r["violated"] > 0 for r in own),
            "inputs": {s: len(state.inputs.get(s, [])) for s in SOURCES},
            "outcomes": outcome_counts(own),
            "outcomes_strict": outcome_counts(own, "outcome_strict"),
            "shares": shares(own),
            "clean_faults": {job: sorted(set(files))
                             for job, files in state.clean_faults.items()},
            "explored": [{"sanitizer": s, "executions": e.execs, "cpu_s": round(e.cpu_s, 2)}
                         for s, e in state.explored],
        })
    return table


def bug_rows(bugs: Sequence[Bug], proofs: Sequence[Proof], runs: Sequence[Run],
             clean: Mapping[str, Sequence[Canaries]],
             index: Mapping[str, int]) -> list[dict[str, Any]]:
    """One row a bug: proof replays, trials by engine and sanitizer, clean-build triggers."""
    groups = summarise(runs)
    table = []
    for bug in bugs:
        own = [_trials(s) for engine in ENGINES for s in groups
               if s.bug == bug.id and s.engine == engine]
        table.append({
            "id": bug.id, "target": bug.target, "class": bug.class_, "title": bug.title,
            "family": bug.family, "year": bug.year, "cwe": bug.cwe,
            "difficulty": bug.difficulty, "state": bug.state,
            "memory_safety": bug.memory_safety,
            "proofs": {p.sanitizer: asdict(p) for p in proofs if p.bug == bug.id},
            "trials": own,
            "triggered": any(t["triggered"]["k"] for t in own),
            "detected": any(t["detected"]["k"] for t in own),
            "clean_trigger_execs": _clean_trigger(clean.get(bug.target, ()),
                                                  index.get(bug.id)),
        })
    return table


def _clean_trigger(seen: Sequence[Canaries], index: int | None) -> list[int | None]:
    """Executions until the bug's condition held in each run where every bug was fixed."""
    if index is None:
        return []
    counters = [c.bugs[index] for c in seen if index < len(c.bugs)]
    return [c.first_violated_exec if c.violated else None for c in counters]


def _trials(summary: Summary) -> dict[str, Any]:
    row: dict[str, Any] = {"engine": summary.engine, "sanitizer": summary.sanitizer,
                           "trials": len(summary.runs)}
    for what in ("reached", "triggered", "detected"):
        k, interval = summary.hits(what)
        row[what] = {"k": k, "low": interval.low, "high": interval.high}
    for what in ("execs_to_trigger", "execs_to_detect", "cpu_to_trigger", "cpu_to_detect"):
        row[what] = _median(summary.median(what))
    for what in ("trigger", "detect"):
        row[what] = {"executions": survival.summary(summary.sample(f"execs_to_{what}")),
                     "cpu_s": survival.summary(summary.sample(f"cpu_to_{what}"))}
    row["triggered_not_detected"] = sum(r.triggered and not r.detected for r in summary.runs)
    row["executions"] = sum(r.executions for r in summary.runs)
    row["cpu_s"] = sum(r.cpu_s for r in summary.runs)
    row["findings"] = [r.finding for r in summary.runs if r.finding]
    row["kinds"] = sorted({r.finding_kind for r in summary.runs if r.finding_kind})
    row["unconfirmed"] = sum(r.unconfirmed for r in summary.runs)
    return row


def _median(got: stats.Median) -> dict[str, Any]:
    return {"value": survival.finite(got.value), "low": survival.finite(got.low),
            "high": survival.finite(got.high), "n": got.n, "censored": got.censored,
            "coverage": got.coverage if got.high > got.low else None}


def clean_part(runs: Sequence[CleanRun]) -> dict[str, Any]:
    """The clean port: every run, and the rate or limit over all of them."""
    rate = Exposure(list(runs)).rate()
    return {"runs": [asdict(r) for r in _joined(runs)],
            "cpu_hours": rate.exposure, "executions": sum(r.executions for r in runs),
            "findings": rate.events, "rate": rate.value, "low": survival.finite(rate.low),
            "high": survival.finite(rate.high)}


def _joined(runs: Sequence[CleanRun]) -> list[CleanRun]:
    """Runs of one target, engine and sanitizer as one row."""
    groups: dict[tuple[str, str, str], CleanRun] = {}
    for run in runs:
        key = (run.target, run.engine, run.sanitizer)
        old = groups.get(key)
        groups[key] = run if old is None else CleanRun(
            *key, old.executions + run.executions, old.cpu_s + run.cpu_s,
            old.wall_s + run.wall_s, max(old.edges, run.edges),
            tuple(dict.fromkeys(old.findings + run.findings)),
            tuple(dict.fromkeys(old.kinds + run.kinds)),
            old.unconfirmed + run.unconfirmed, old.message or run.message)
    return list(groups.values())


def headline(data: Mapping[str, Any]) -> dict[str, Any]:
    """The few figures that come first."""
    kernel = data["shares"]["kernel"]
    bugs = data["bugs"]
    guards = populations.joined(data["guards"])
    return {
        "share": kernel["memory_safety"]["violated"],
        "share_with_null": kernel["with_null"]["violated"],
        "share_strict": data["shares"]["strict"]["memory_safety"]["violated"],
        "guards": len(guards),
        "reached": sum(r["reached"] > 0 for r in guards),
        "violated": sum(r["violated"] > 0 for r in guards),
        "catalogue": populations.catalogue_share(b["memory_safety"] for b in bugs),
        "bugs": len(bugs),
        "bugs_tried": sum(bool(b["trials"]) for b in bugs),
        "bugs_triggered": sum(b["triggered"] for b in bugs),
        "bugs_detected": sum(b["detected"] for b in bugs),
        "clean_findings": data["clean"]["findings"],
        "clean_limit": data["clean"]["high"],
        "clean_cpu_hours": data["clean"]["cpu_hours"],
    }
