# SPDX-License-Identifier: GPL-2.0-only
"""The figures of a campaign from its record: by cell, by bug, by sanitizer."""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from redzone_tool import catalogue, discovery, populations, stats, survival
from redzone_tool.campaign import spec as specs
from redzone_tool.campaign.store import DONE, FAILED, Row, Store
from redzone_tool.survival import Sample

SCHEMA = 1
KEPT = 3                # inputs named of one cause
FEW = 10                # trials below which medians and comparisons are anecdotes

REACH, TRIGGER, DETECT = "reach", "trigger", "detect"
UNITS = ("executions", "cpu_s")


@dataclass
class Series:
    """One bug or guard in one engine, sanitizer and mode: the trials that looked for it."""

    target: str
    engine: str
    sanitizer: str
    mode: str
    subject: str
    rows: list[Row] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        return self.target, self.engine, self.sanitizer, self.mode, self.subject

    def sample(self, what: str, unit: str) -> Sample:
        """Times to an event over the trials."""
        values = [self._time(row, what, unit) for row in self.rows]
        return Sample.of(values, [self._watched(row, unit, v)
                                  for row, v in zip(self.rows, values)])

    def _watched(self, row: Row, unit: str, value: float) -> float:
        spent = float(row.result.executions if unit == "executions" else row.result.cpu_s)
        return spent if math.isinf(value) else max(spent, value)

    def _time(self, row: Row, what: str, unit: str) -> float:
        detected = min((float(f.executions if unit == "executions" else f.cpu_s)
                        for f in row.result.findings if self._counts(f)), default=math.inf)
        if what == DETECT:
            return detected
        event = next((e for e in row.result.events if e.name == self.subject), None)
        seen = math.inf
        if event is not None and (event.violated if what == TRIGGER else event.reached):
            kind = "violated" if what == TRIGGER else "reached"
            suffix = "exec" if unit == "executions" else "cpu_s"
            seen = float(getattr(event, f"first_{kind}_{suffix}"))
        return min(seen, detected)      # what was detected was triggered

    def _counts(self, finding: Any) -> bool:
        if not finding.confirmed or self.mode == specs.CLEAN:
            return False        # what faults in the port as it is is none of its known bugs
        if self.mode != specs.ALL:
            return True
        sets = (finding.attribution or {}).get("sets", [])
        return any(self.subject in one for one in sets)


def series(rows: Iterable[Row]) -> list[Series]:
    """All there is to time: changed bugs and guards, every bug of `all` and `clean` trials."""
    table: dict[tuple[str, ...], Series] = {}

    def add(row: Row, subject: str) -> None:
        key = (row.job.target, row.job.engine, row.job.sanitizer, row.job.mode, subject)
        table.setdefault(key, Series(*key)).rows.append(row)

    done = [row for row in rows if row.state == DONE]
    known: dict[str, set[str]] = {}
    for row in done:
        names = known.setdefault(row.job.target, set())
        names |= {e.name for e in row.result.events if e.kind == "bug" and e.violated}
        if row.job.mode == specs.BUGS:
            names.add(row.job.subject)
    for row in done:
        if row.job.mode in (specs.BUGS, specs.GUARDS):
            add(row, row.job.subject)
        else:
            for name in sorted(known[row.job.target]):
                add(row, name)
    return [table[key] for key in sorted(table)]


def collect(store: Store) -> dict[str, Any]:
    """All figures of a campaign; documented in docs/measuring.md."""
    rows = list(store.rows(("bug", "guard")))
    every = series(rows)
    counts = store.counts()
    return {
        "schema": SCHEMA,
        "campaign": store.path.parent.name,
        "created": time.strftime("%Y-%m-%dT%H:%M:%SZ",
                                 time.gmtime(float(store.meta("created")))),
        "spec": json.loads(store.meta("spec")),
        "trials": {**counts, "planned_total": sum(counts.values())},
        "overhead": float(store.meta("overhead") or "nan") if store.meta("overhead") else None,
        "cells": [cell(one) for one in every],
        "matrix": matrix(every),
        "clean": clean(rows),
        "discovery": found_more(rows),
        "growth": growth(rows),
        "findings": findings(rows),
        "bugs": facts(store),
        "failures": failures(rows),
        "notes": list(notes(store, rows)),
        "manifest": json.loads(store.meta("manifest")),
    }


def cell(one: Series) -> dict[str, Any]:
    """One row of figures."""
    n = len(one.rows)
    figures: dict[str, Any] = {
        "target": one.target, "engine": one.engine, "sanitizer": one.sanitizer,
        "mode": one.mode, "subject": one.subject, "trials": n,
        "executions": sum(r.result.executions for r in one.rows),
        "cpu_s": round(sum(r.result.cpu_s for r in one.rows), 2)}
    for what in (REACH, TRIGGER, DETECT):
        sample = one.sample(what, "executions")
        interval = stats.clopper_pearson(sample.hits, n)
        figures[what] = {"k": sample.hits, "low": interval.low, "high": interval.high}
        if not sample.hits:
            figures[what]["limit"] = stats.share_limit(n)
    for what in (TRIGGER, DETECT):
        figures[what] |= {unit: survival.summary(one.sample(what, unit)) for unit in UNITS}
    figures["unconfirmed"] = sum(not f.confirmed for r in one.rows for f in r.result.findings)
    figures["kinds"] = sorted({f.kind for r in one.rows for f in r.result.findings
                               if one._counts(f)})
    return figures


def matrix(every: Sequence[Series]) -> list[dict[str, Any]]:
    """Bug x sanitizer x engine; the headline mode is one bug at a time, `all` stands apart."""
    table = []
    for one in every:
        if one.mode not in (specs.BUGS, specs.ALL):
            continue
        triggered = one.sample(TRIGGER, "executions")
        detected = one.sample(DETECT, "executions")
        silent = sum(t and not d for t, d in zip(triggered.events, detected.events))
        table.append({"bug": one.subject, "target": one.target, "engine": one.engine,
                      "sanitizer": one.sanitizer, "mode": one.mode, "trials": len(one.rows),
                      "reached": one.sample(REACH, "executions").hits,
                      "triggered": triggered.hits, "detected": detected.hits,
                      "triggered_not_detected": silent})
    return table


def clean(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The port as it is, by target, engine and sanitizer: a rate, or a limit when quiet."""
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        if row.state == DONE and row.job.mode == specs.CLEAN:
            groups.setdefault((row.job.target, row.job.engine, row.job.sanitizer), []).append(row)
    table = []
    for (target, engine, sanitizer), own in sorted(groups.items()):
        hours = sum(r.result.cpu_s for r in own) / 3600
        found = {(f.kind, f.function) for r in own for f in r.result.findings if f.confirmed}
        rate = stats.poisson_rate(len(found), hours)
        guards: dict[str, int] = {}         # executions of all trials that violated each
        for event in (e for r in own for e in r.result.events if e.kind == "guard"):
            guards[event.name] = guards.get(event.name, 0) + event.violated
        once = discovery.per_execution(guards.values(), sum(r.result.executions for r in own))
        table.append({"target": target, "engine": engine, "sanitizer": sanitizer,
                      "trials": len(own), "cpu_hours": hours,
                      "executions": sum(r.result.executions for r in own),
                      "findings": sorted(" in ".join(f) for f in found), "rate": rate.value,
                      "low": rate.low, "high": survival.finite(rate.high),
                      "new_guard_per_execution": {
                          "value": once.expected_new, "high": once.high, "seen": once.found,
                          "once": once.singletons} if guards else None})
    return table


def growth(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Guards reached and violated over executions in the port as it is."""
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        if row.state == DONE and row.job.mode == specs.CLEAN and row.result.executions:
            groups.setdefault((row.job.target, row.job.engine, row.job.sanitizer), []).append(row)
    table = []
    for (target, engine, sanitizer), own in sorted(groups.items()):
        guards = [[e for e in r.result.events if e.kind == "guard"] for r in own]
        table.append({
            "target": target, "engine": engine, "sanitizer": sanitizer, "trials": len(own),
            "guards": len({e.name for events in guards for e in events}),
            "edges": [r.result.edges for r in own],
            "points": populations.growth([
                ([e.first_reached_exec for e in events],
                 [e.first_violated_exec for e in events if e.violated], r.result.executions)
                for r, events in zip(own, guards)])})
    return table


def findings(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """What repeated alone, once a cause: place, kind and the bugs it needs; the smallest inputs."""
    table: dict[tuple[Any, ...], dict[str, Any]] = {}
    inputs: dict[tuple[Any, ...], dict[str, int]] = {}
    for row in rows:
        for found in row.result.findings:
            told = found.attribution or {
                "how": "sets", "sets": [[row.job.subject]] if row.job.subject else []}
            if not found.confirmed and not found.clean:
                continue
            place = (row.job.target, row.job.engine, row.job.sanitizer, row.job.mode, found.kind,
                     found.function, json.dumps(told["sets"]))
            known = table.setdefault(place, {
                "target": row.job.target, "engine": row.job.engine,
                "sanitizer": row.job.sanitizer, "mode": row.job.mode, "kind": found.kind,
                "function": found.function, "summary": found.summary,
                "how": "clean" if found.clean else told["how"], "sets": told["sets"],
                "trials": 0, "inputs": []})
            known["trials"] += 1
            inputs.setdefault(place, {})[input_name(found.input)] = len(found.input)
    for key, known in table.items():
        known["inputs"] = sorted(inputs[key], key=lambda name: (inputs[key][name], name))[:KEPT]
    return list(table.values())


def input_name(data: bytes) -> str:
    """What a finding's input is called in an export."""
    return f"{hashlib.sha1(data).hexdigest()[:16]}.bin"


def facts(store: Store) -> list[dict[str, Any]]:
    """What the catalogue says of the bugs of these targets."""
    names = json.loads(store.meta("spec"))["targets"]
    return [{"id": b.id, "target": b.target, "family": b.family, "class": b.class_,
             "title": b.title, "year": b.year, "cwe": b.cwe, "difficulty": b.difficulty,
             "memory_safety": b.memory_safety}
            for b in catalogue.bugs() if b.target in names]


def found_more(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Good-Turing over the trials in which every bug could be found, and its scores."""
    groups: dict[tuple[str, str, str], list[set[str]]] = {}
    known: dict[str, set[str]] = {}
    for row in rows:
        if row.state != DONE or row.job.mode not in (specs.ALL, specs.CLEAN):
            continue
        key = (row.job.target, row.job.engine, row.job.sanitizer)
        seen = {e.name for e in row.result.events if e.kind == "bug" and e.violated}
        known.setdefault(row.job.target, set()).update(
            e.name for e in row.result.events if e.kind == "bug")
        groups.setdefault(key, []).append(seen)
    table = []
    for key, sets in sorted(groups.items()):
        if len(sets) < 2:
            continue
        now = discovery.estimate(sets)
        table.append({
            "target": key[0], "engine": key[1], "sanitizer": key[2], "trials": now.trials,
            "found": now.found, "singletons": now.singletons, "expected_new": now.expected_new,
            "probability": now.probability, "low": now.low, "high": now.high,
            "score": [vars(s) for s in discovery.score(sets)],
            "left_out": [{**vars(r), "waited": survival.finite(r.waited)}
                         for r in discovery.leave_one_out(sets, known[key[0]])]})
    return table


def failures(rows: Sequence[Row]) -> list[str]:
    """One line a cell and reason."""
    reasons: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.state == FAILED:
            key = (row.job.cell, row.result.message)
            reasons[key] = reasons.get(key, 0) + 1
    return [f"{cell_}: {count} trial{'s' * (count > 1)} failed: {why}"
            for (cell_, why), count in reasons.items()]


def notes(store: Store, rows: Sequence[Row]) -> Iterator[str]:
    """What the figures leave out."""
    counts = store.counts()
    if counts["planned"]:
        yield (f"{counts['planned']} of {sum(counts.values())} trials were not run: "
               f"`redzone campaign resume {store.path.parent.name}`")
    least = json.loads(store.meta("spec"))["trials"]
    if least < FEW:
        yield f"{least} trials a cell: medians and comparisons need at least {FEW}"
    late = sum(r.result.ended == "wall limit" for r in rows)
    if late:
        yield f"{late} trials met their wall limit before their budget was spent"
    again = sum(max(0, r.attempts - 1) for r in rows)
    if again:
        yield f"{again} times an engine was ended from outside and its trial begun anew"
