# SPDX-License-Identifier: GPL-2.0-only
"""
What the pages show, from a measurement, a campaign, or both: one form for either source.

Figures are taken from the data as they are; nothing is estimated here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from redzone_tool import outcomes, populations
from redzone_tool.report import compliance

Data = Mapping[str, Any]

DETECTED, SILENT, REACHED, MISSED = "detected", "triggered", "reached", "missed"
STATES = (DETECTED, SILENT, REACHED, MISSED)


def build(measure: Data | None, campaign: Data | None = None) -> dict[str, Any]:
    """The view of a measurement, a campaign, or a campaign with the guards of a measurement."""
    if measure is None and campaign is None:
        raise ValueError("a report needs something to report")
    guards = populations.joined(measure["guards"]) if measure else []
    facts = _facts(measure, campaign)
    rows = matrix(measure, campaign, facts)
    names = _targets(measure, campaign)
    families = _families(measure, facts, names)
    made: dict[str, Any] = {
        "measure": measure, "campaign": campaign,
        "title": campaign["campaign"] if campaign else ", ".join(names),
        "targets": names, "families": families,
        "guards": sorted(guards, key=_worst_first), "facts": facts,
        "explorer": (measure or {}).get("explorer", {}),
        "catalogue": populations.catalogue_share(f["memory_safety"] for f in facts.values()),
        "agreement": populations.agreement(
            [f["shares"]["kernel"]["memory_safety"]["violated"] for f in families
             if f["shares"]]),
        "matrix": rows, "places": places(rows), "summary": summary(rows),
        "curves": curves(measure, campaign), "lost": lost(campaign),
        "growth": [*(measure or {}).get("growth", ()), *(campaign or {}).get("growth", ())],
        "clean": clean(measure, campaign), "residual": residual(measure, campaign),
        "discovery": list((campaign or {}).get("discovery", ())),
        "problems": [*(measure or {}).get("problems", ()),
                     *(campaign or {}).get("failures", ())],
        "not_done": [*(measure or {}).get("not_done", ()), *(campaign or {}).get("notes", ())],
        "manifests": [(name, each["manifest"]) for name, each in (
            ("campaign", campaign), ("measurement", measure)) if each],
    }
    made["not_done"] += _silent_places(made)
    made["compliance"] = compliance.items(judged(made))
    return made


def _worst_first(row: Data) -> tuple[int, str, int]:
    return outcomes.RANK[row["outcome"]], row["file"], row["line"]


def _facts(measure: Data | None, campaign: Data | None) -> dict[str, Data]:
    """What is known of each bug, by id."""
    known = {b["id"]: b for b in (measure or {}).get("bugs", ())}
    return {**known, **{b["id"]: b for b in (campaign or {}).get("bugs", ())}}


def _targets(measure: Data | None, campaign: Data | None) -> list[str]:
    names = list(campaign["spec"]["targets"]) if campaign else []
    return list(dict.fromkeys([*names, *((measure or {}).get("options") or {}).get("targets", ()),
                               *(t["name"] for t in (measure or {}).get("targets", ()))]))


def _families(measure: Data | None, facts: Mapping[str, Data],
              targets: Sequence[str]) -> list[dict[str, Any]]:
    """Each family with its targets; shares only where guards were measured."""
    known = {t["name"]: t for t in (measure or {}).get("targets", ())}
    of = {name: known[name]["family"] if name in known else next(
        (b["family"] for b in facts.values() if b["target"] == name and "family" in b), "")
        for name in targets}
    rows = {f["name"]: f for f in (measure or {}).get("families", ())}
    made = []
    for family in dict.fromkeys(of.values()):
        own = [t for t in targets if of[t] == family]
        made.append({"name": family or "other", "targets": own,
                     "rows": [known[t] for t in own if t in known],
                     "bugs": [b for b in facts.values() if b["target"] in own],
                     **(rows.get(family) or {"guards": 0, "shares": None})} | {"targets": own})
    return made


def matrix(measure: Data | None, campaign: Data | None,
           facts: Mapping[str, Data]) -> list[dict[str, Any]]:
    """Bug x sanitizer x engine x mode; `proofs` are replays of inputs made for the bug."""
    proofs = {b["id"]: b.get("proofs", {}) for b in (measure or {}).get("bugs", ())}
    table: dict[str, dict[str, Any]] = {
        name: {"difficulty": "", **fact, "proofs": proofs.get(name, {}), "cells": {}}
        for name, fact in facts.items()}
    for cell in _cells(measure, campaign):
        row = table.setdefault(cell["bug"], {
            "id": cell["bug"], "target": cell["target"], "class": "", "title": "",
            "difficulty": "", "memory_safety": False, "proofs": {}, "cells": {}})
        row["cells"].setdefault((cell["sanitizer"], cell["engine"], cell["mode"]), cell)
    return [table[name] for name in sorted(table)]


def _cells(measure: Data | None, campaign: Data | None) -> Iterable[dict[str, Any]]:
    """A campaign's cells first: they count where both have one."""
    for one in (campaign or {}).get("cells", ()):
        if one["mode"] in ("bugs", "all"):
            silent = next((m["triggered_not_detected"] for m in (campaign or {})["matrix"]
                           if (m["bug"], m["target"], m["engine"], m["sanitizer"], m["mode"]) == (
                               one["subject"], one["target"], one["engine"], one["sanitizer"],
                               one["mode"])), 0)
            yield _cell(one["subject"], one, one["mode"], silent, one["reach"]["k"],
                        one["trigger"]["k"], one["detect"]["k"])
    for bug in (measure or {}).get("bugs", ()):
        for t in bug["trials"]:
            yield _cell(bug["id"], {**t, "target": bug["target"]}, "bugs",
                        t["triggered_not_detected"], t["reached"]["k"], t["triggered"]["k"],
                        t["detected"]["k"])


def _cell(bug: str, one: Data, mode: str, silent: int, reached: int, triggered: int,
          detected: int) -> dict[str, Any]:
    state = (DETECTED if detected else SILENT if triggered else REACHED if reached else MISSED)
    detect = one["detect"]
    if "executions" not in detect:
        detect = {"executions": None, "cpu_s": None}
    return {"bug": bug, "target": one["target"], "engine": one["engine"],
            "sanitizer": one["sanitizer"], "mode": mode, "trials": one["trials"],
            "reached": reached, "triggered": triggered, "detected": detected,
            "triggered_not_detected": silent, "state": state, "executions": one["executions"],
            "cpu_s": one["cpu_s"], "kinds": one.get("kinds", []),
            "unconfirmed": one.get("unconfirmed", 0),
            "median_executions": (detect["executions"] or {}).get("median"),
            "median_cpu_s": (detect["cpu_s"] or {}).get("median")}


def places(rows: Iterable[Data]) -> list[tuple[str, str, str]]:
    """The columns of the matrix: sanitizer, engine, mode; one bug at a time first."""
    found = {place for row in rows for place in row["cells"]}
    return sorted(found, key=lambda p: (p[2] != "bugs", p[0], p[1] != "libfuzzer", p[1]))


def summary(rows: Sequence[Data]) -> list[dict[str, Any]]:
    """Bugs of each column by what became of them at best, and the trials that stayed silent."""
    table = []
    for place in places(rows):
        own = [row["cells"][place] for row in rows if place in row["cells"]]
        table.append({"sanitizer": place[0], "engine": place[1], "mode": place[2],
                      "bugs": len(own), "trials": sum(c["trials"] for c in own),
                      **{state: sum(c["state"] == state for c in own) for state in STATES},
                      "silent_bugs": sum(c["triggered_not_detected"] > 0 for c in own),
                      "silent_trials": sum(c["triggered_not_detected"] for c in own)})
    return table


def curves(measure: Data | None, campaign: Data | None) -> list[dict[str, Any]]:
    """Times to an event: one entry a bug or guard, place, event and unit; none without events."""
    sources = [(c["subject"], c["mode"], c) for c in (campaign or {}).get("cells", ())]
    sources += [(b["id"], "bugs", {**t, "target": b["target"]})
                for b in (measure or {}).get("bugs", ()) for t in b["trials"]]
    table = []
    seen = set()
    for subject, mode, one in sources:
        key = (subject, mode, one["target"], one["engine"], one["sanitizer"])
        if key in seen or one["trials"] < 2:
            continue
        seen.add(key)
        for event in ("trigger", "detect"):
            for unit in ("executions", "cpu_s"):
                times = one[event].get(unit)
                if times and times["curve"]:
                    table.append({"target": one["target"], "subject": subject, "mode": mode,
                                  "engine": one["engine"], "sanitizer": one["sanitizer"],
                                  "event": event, "unit": unit, "trials": one["trials"],
                                  "watched": times["watched"], "steps": times["curve"],
                                  "constant": times["rate"]["constant"],
                                  "trend": times["rate"]["trend"]})
    return table


def lost(campaign: Data | None) -> list[Data]:
    """Cells of a campaign in which one guard was lost."""
    return [c for c in (campaign or {}).get("cells", ()) if c["mode"] == "guards"]


def clean(measure: Data | None, campaign: Data | None) -> list[dict[str, Any]]:
    """The port as it is: what was spent, and what it found."""
    rows = [{"target": r["target"], "engine": r["engine"], "sanitizer": r["sanitizer"],
             "executions": r["executions"], "cpu_hours": r["cpu_s"] / 3600, "edges": r["edges"],
             "findings": list(r["kinds"]), "unconfirmed": r["unconfirmed"],
             "message": r["message"]} for r in ((measure or {}).get("clean") or {}).get("runs", ())]
    for r in (campaign or {}).get("clean", ()):
        rows.append({"target": r["target"], "engine": r["engine"], "sanitizer": r["sanitizer"],
                     "executions": r["executions"], "cpu_hours": r["cpu_hours"],
                     "edges": None, "findings": list(r["findings"]), "unconfirmed": 0,
                     "message": ""})
    return rows


def residual(measure: Data | None, campaign: Data | None) -> list[dict[str, Any]]:
    """Good-Turing over executions."""
    rows = list((measure or {}).get("residual", ()))
    for r in (campaign or {}).get("clean", ()):
        new = r["new_guard_per_execution"]
        if new:
            rows.append({**{n: r[n] for n in ("target", "engine", "sanitizer", "executions")},
                         "seen": new.get("seen"), "once": new.get("once"),
                         "value": new["value"], "high": new["high"]})
    return rows


def _silent_places(made: Data) -> list[str]:
    """Bugs of the catalogue that no trial looked for."""
    idle = [row["id"] for row in made["matrix"] if not row["cells"]]
    return [f"no trial looked for {len(idle)} of {len(made['matrix'])} bugs of the catalogue: "
            + ", ".join(idle)] if idle else []


def judged(made: Data) -> compliance.Facts:
    """What the compliance list needs to know."""
    cells = [c for row in made["matrix"] for c in row["cells"].values()]
    campaign, measure = made["campaign"], made["measure"]
    if campaign:
        spec = campaign["spec"]
        name = next(n for n in ("cpu_seconds", "seconds", "executions") if spec.get(n))
        words = {"cpu_seconds": "CPU-seconds", "seconds": "seconds", "executions": "executions"}
        budget = f"{spec[name]:g} {words[name]}"
        hours = 0.0 if name == "executions" else spec[name] / 3600
        engines = tuple(spec["engines"])
        least = min((c["trials"] for c in cells), default=spec["trials"])
    else:
        assert measure is not None
        spent = [c["cpu_s"] / max(c["trials"], 1) for c in cells]
        hours = min(spent, default=0.0) / 3600
        budget = f"{min(spent, default=0.0):.0f} CPU-seconds or more"
        engines = tuple(measure["options"]["engines"])
        least = min((c["trials"] for c in cells), default=0)
    manifest = made["manifests"][0][1]
    source = manifest.get("source") or {}
    return compliance.Facts(
        trials=least, cells=len(cells), budget=budget, hours=hours, engines=engines,
        targets=tuple(made["targets"]), families=len(made["families"]),
        bugs=sum(bool(row["cells"]) for row in made["matrix"]), valid_seeds=bool(cells),
        growth=bool(made["growth"]), curves=bool(made["curves"]), pinned=bool(campaign),
        commit=bool(source.get("commit")), modified=bool(source.get("modified")))


def slug(name: str) -> str:
    """A name as part of a file name or fragment; different names stay different enough."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip("-.") or "x"
