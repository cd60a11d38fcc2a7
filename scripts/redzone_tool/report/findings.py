# SPDX-License-Identifier: GPL-2.0-only
"""
Findings of a measurement and a campaign as SARIF: what faults in the port as it is, and what
trials found of bugs that were brought back (notes: they were put there). Lost guards are no
findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from redzone_tool import sarif

Data = Mapping[str, Any]

_PLACE = re.compile(r"(?P<file>[\w./+-]+\.[ch]):(?P<line>\d+)\s*$")
_FUNCTION = re.compile(r" in (?P<name>\w+)")


def document(measure: Data | None, campaign: Data | None,
             facts: Mapping[str, Data]) -> dict[str, Any]:
    """One log over both."""
    results: dict[tuple[str, str], sarif.Result] = {}
    for result in (*_clean(measure), *_campaign(campaign, facts)):
        key = (result.rule.id, result.fingerprint)
        if key in results:      # one cause in several trials or sanitizers
            known = results[key]
            results[key] = sarif.Result(
                known.rule, known.message, known.level, known.kind, known.place, known.stack,
                known.fingerprint, known.count + result.count,
                (*known.inputs, *result.inputs)[:8], known.properties)
        else:
            results[key] = result
    manifest = (campaign or measure or {}).get("manifest") or {}
    notes = [*(measure or {}).get("problems", ()), *(campaign or {}).get("failures", ())]
    return sarif.log(list(results.values()), command=manifest.get("command") or "",
                     commit=(manifest.get("source") or {}).get("commit") or "", notes=notes,
                     complete=not (measure or {}).get("interrupted", False))


def place(summary: str, function: str = "") -> sarif.Place:
    """Where a report's one-line summary points to."""
    where, named = _PLACE.search(summary), _FUNCTION.search(summary)
    return sarif.Place(where["file"] if where else "", int(where["line"]) if where else 0,
                       function=function or (named["name"] if named else ""))


def _clean(measure: Data | None) -> Iterator[sarif.Result]:
    for run in ((measure or {}).get("clean") or {}).get("runs", ()):
        for summary, file in zip(run["kinds"], run["findings"]):
            kind = summary.split()[0] if summary.split() else "fault"
            yield sarif.Result(
                sarif.Rule(kind), f"{summary}, in the port as it is ({run['target']})",
                place=place(summary), fingerprint=f"{run['target']}:clean:{summary}",
                inputs=(file,) if file else (),
                properties={"target": run["target"], "engine": run["engine"],
                            "sanitizer": run["sanitizer"]})


def _campaign(campaign: Data | None, facts: Mapping[str, Data]) -> Iterator[sarif.Result]:
    for found in (campaign or {}).get("findings", ()):
        sets = found["sets"]
        bugs = sorted({bug for each in sets for bug in each})
        clean = found["how"] == "clean"
        told = "in the port as it is" if clean else "with " + (
            " or ".join(" and ".join(each) for each in sets) or "what the campaign changed")
        if clean:
            level = sarif.ERROR
        elif bugs:
            level = sarif.NOTE
        else:
            level = sarif.WARNING
        yield sarif.Result(
            sarif.Rule(found["kind"] or "fault", cwe=_cwe(bugs, facts)),
            f"{found['summary'] or found['kind']}, {told} ({found['target']})", level,
            place=place(found["summary"], found["function"]), count=found["trials"],
            fingerprint=f"{found['target']}:{found['how']}:{'+'.join(bugs)}:{found['function']}",
            inputs=tuple(f"inputs/{name}" for name in found["inputs"]),
            properties={"target": found["target"], "engine": found["engine"],
                        "sanitizer": found["sanitizer"], "mode": found["mode"], "bugs": bugs})


def _cwe(bugs: Iterable[str], facts: Mapping[str, Data]) -> str:
    known = {facts[bug].get("cwe", "") for bug in bugs if bug in facts}
    return next(iter(known)) if len(known) == 1 else ""
