# SPDX-License-Identifier: GPL-2.0-only
"""How figures read: percentages, large counts, intervals, the cells of the bug matrix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

UNKNOWN = "–"
MARKS = {"detected": "●", "triggered": "◐", "reached": "○", "missed": "×"}
WORDS = {"detected": "detected", "triggered": "triggered only", "reached": "reached only",
         "missed": "not reached"}


def percent(value: float | None, digits: int = 0) -> str:
    """0.125 -> 13 %; unknown is a dash."""
    if value is None:
        return UNKNOWN
    return f"{100 * value:.{digits}f} %"


def count(value: float | None) -> str:
    """12345 -> 12.3k."""
    if value is None:
        return UNKNOWN
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= limit:
            shown = value / limit
            return f"{shown:.1f}{unit}" if shown < 100 else f"{shown:.0f}{unit}"
    return f"{value:.0f}"


def seconds(value: float | None) -> str:
    """CPU or wall time."""
    if value is None:
        return UNKNOWN
    if value < 10:
        return f"{value:.1f} s"
    if value < 600:
        return f"{value:.0f} s"
    if value < 36000:
        return f"{value / 60:.0f} min"
    return f"{value / 3600:.1f} h"


def interval(share: Mapping[str, Any], digits: int = 0) -> str:
    """12 % – 34 %."""
    return f"{100 * share['low']:.{digits}f}–{100 * share['high']:.{digits}f} %"


def plural(number: int, one: str, many: str = "") -> str:
    """1 guard, 2 guards."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def trial_cell(trial: Mapping[str, Any]) -> dict[str, str]:
    """One engine in one sanitizer: state, what it says, and the details."""
    n = trial["trials"]
    for state in ("detected", "triggered", "reached"):
        k = trial[state]["k"]
        if k:
            break
    else:
        state, k = "missed", 0
    mark, words = MARKS[state], WORDS[state]
    if state == "detected":
        when = (f"{count(trial['execs_to_detect']['value'])} execs, "
                f"{seconds(trial['cpu_to_detect']['value'])}")
    else:
        when = f"{count(trial['executions'])} execs, {seconds(trial['cpu_s'])}"
    if state == "detected" and trial["execs_to_detect"]["value"] is None:
        when = "median beyond the budget"
    hits = f"{k}/{n} " if n > 1 else ""
    return {"state": state, "mark": mark, "word": f"{hits}{words}", "when": when,
            "kinds": ", ".join(trial["kinds"]), "engine": trial["engine"]}


def cell_time(cell: Mapping[str, Any]) -> str:
    """What a cell of the matrix took: medians to detection, or what was spent in vain."""
    if cell["state"] != "detected":
        return f"in {count(cell['executions'])} execs, {seconds(cell['cpu_s'])}"
    execs, cpu = (cell[name] or {} for name in ("median_executions", "median_cpu_s"))
    if execs.get("value") is None:
        return "median beyond the budget"
    text = f"{count(execs['value'])} execs"
    if execs.get("low") or execs.get("high") is not None:     # else nothing is claimed
        high = "∞" if execs["high"] is None else count(execs["high"])
        text += f" [{count(execs['low'])}, {high}]"
    return text + f", {seconds(cpu.get('value'))}"


def proof_cell(proof: Mapping[str, Any] | None) -> dict[str, str]:
    """The proof input in one sanitizer."""
    if proof is None:
        return {"state": "unknown", "mark": UNKNOWN, "word": "not replayed"}
    if not proof["as_expected"]:
        return {"state": "wrong", "mark": "!", "word": _wrong(proof)}
    if proof["detected"]:
        return {"state": "detected", "mark": "●", "word": proof["seen"]}
    return {"state": "silent", "mark": "◐" if proof["triggered"] else "○",
            "word": "triggered, silent as expected" if proof["triggered"]
            else "silent as expected"}


def _wrong(proof: Mapping[str, Any]) -> str:
    if not proof["clean_without"]:
        return f"{proof['seen']}, but not clean without the bug"
    if proof["seen"] == proof["expected"]:
        return f"{proof['seen']} in {proof['frame']}, expected in {proof['expected_frame']}"
    return f"{proof['seen']}, expected {proof['expected']}"
