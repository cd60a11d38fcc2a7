# SPDX-License-Identifier: GPL-2.0-only
"""The report: hostile strings stay text, nothing is fetched, figures agree with the data."""

from __future__ import annotations

import csv
import html.parser
import io
import json
import math
import re
from pathlib import Path
from typing import Any

import pytest

from redzone_tool import ablation, bugtrials, outcomes, report, results
from redzone_tool.ablation import Evidence, GuardOutcome
from redzone_tool.bugtrials import Cell, Proof, Run
from redzone_tool.catalogue import Bug, Expected, Guard, Target
from redzone_tool.cleanruns import CleanRun
from redzone_tool.guardruns import TargetGuards
from redzone_tool.report import csvs, tables

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>\x1b[2J{{ 7*7 }}'

TARGET = Target("net_test", "net", "harnesses/net_test.c", ("parsers/net/test.c",), 64, "", "",
                "frame")


def _guard(index: int, outcome: str, strict: str | None = None) -> GuardOutcome:
    guard = Guard(index, f"net/test.c:f{index % 3}:{index:08x}", "parsers/net/test.c",
                  10 + index, f"f{index % 3}", f"len < {index} || {HOSTILE}", None)
    entry = GuardOutcome(guard, executions={"kernel": 5, "strict": 5})
    if outcome == outcomes.UNDETERMINED:
        return entry
    entry.violating = 2
    for mode, found in (("kernel", outcome), ("strict", strict or outcome)):
        entry.replayed.add(("address", mode))
        if found != outcomes.NO_EFFECT:
            entry.classes[mode] = {found}
            entry.evidence.append(Evidence(found, "address", mode, "kind", f"/in/{HOSTILE}",
                                           summary=HOSTILE))
    return entry


def _data() -> dict[str, Any]:
    known = [_guard(i, o) for i, o in enumerate(outcomes.ORDER)]
    known.append(_guard(20, outcomes.VERDICT, outcomes.DISCLOSURE))
    state = TargetGuards(TARGET, {"valid": [], "malformed": []},
                         {e.guard.id: e for e in known})
    bug = Bug("CVE-2001-0001", TARGET.name, "net", "heap-oob-read", HOSTILE, Path("/x"),
              {"address": Expected("heap-buffer-overflow", "f1")})
    runs = [Run(Cell(bug, TARGET, "libfuzzer", "address", n), executions=100 * n, cpu_s=n,
                reached=True, triggered=n != 3, detected=n == 1,
                execs_to_trigger=50 if n != 3 else math.inf,
                execs_to_detect=100 if n == 1 else math.inf,
                cpu_to_detect=1 if n == 1 else math.inf) for n in (1, 2, 3)]
    proofs = [Proof(bug.id, "address", "heap-buffer-overflow", "f1", "SEGV", "f2", True, True,
                    True, False)]
    rows = results.guard_rows(state)
    data: dict[str, Any] = {
        "schema": 1, "options": {"targets": [TARGET.name], "engines": ["libfuzzer", "afl"],
                                 "sanitizers": ["address"]},
        "interrupted": True, "started": "2026-01-01T00:00:00Z", "wall_s": 9.0,
        "stages": {"build": 1.0}, "targets": results.target_rows([state], rows), "guards": rows,
        "families": results.family_rows(rows, {TARGET.name: "net"}), "growth": [], "residual": [],
        "explorer": {rows[0]["id"]: {"source": [[9, HOSTILE], [10, "if (malformed(x))"]],
                                     "input": {"what": "shows the outcome", "file": HOSTILE,
                                               "size": 2, "sha256": "ab", "hex": "00 01",
                                               "decode": [HOSTILE]}}},
        "shares": results.shares(rows),
        "bugs": results.bug_rows([bug], proofs, runs, {}, {}),
        "clean": results.clean_part([CleanRun(TARGET.name, "afl", "address", 10, 36.0, 36.0, 5)]),
        "not_done": [HOSTILE], "problems": [HOSTILE],
        "manifest": {"command": HOSTILE, "created": "now", "source": {
            "commit": None, "modified": None}, "compiler": "clang", "afl": "afl++",
            "machine": {"cpu": "c", "cpus": 2, "memory_mib": 1, "system": "s", "kernel": "k",
                        "load": 0.0},
            "rng": {"a": 1}, "seeds": {"v": {"files": 1, "bytes": 2, "sha256": "x"}},
            "flavours": {"native": "-O2"}}}
    data["headline"] = results.headline(data)
    return data


class _Page(html.parser.HTMLParser):
    """Tags and attributes of a page."""

    def __init__(self, text: str):
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    return _data()


def test_hostile_strings_stay_text(data: dict[str, Any]) -> None:
    page = _Page(report.html(data))
    assert page.tags.count("script") == 1, "only our own"
    assert "img" not in page.tags
    assert not [a for a in page.attributes if a[1].startswith("on")]
    assert "{{ 7*7 }}" in report.html(data), "data is not a template"


def test_the_page_asks_for_nothing(data: dict[str, Any]) -> None:
    text = report.html(data)
    page = _Page(text)
    fetched = [value for _, name, value in page.attributes if name in ("src", "href", "action")]
    assert all(v.startswith(("#", "data:")) or re.fullmatch(r"[\w-]+\.(html(#[\w-]+)?|csv|json)", v)
               for v in fetched), fetched
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest", text)


def test_files_hold_the_data(data: dict[str, Any], tmp_path: Path) -> None:
    page = report.write(data, tmp_path)
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert json.loads((tmp_path / "data.json").read_text()) == json.loads(json.dumps(data))
    guards = list(csv.DictReader(io.StringIO((tmp_path / "guards.csv").read_text())))
    assert [g["outcome"] for g in guards] == [g["outcome"] for g in data["guards"]]
    bugs = list(csv.DictReader(io.StringIO((tmp_path / "bugs.csv").read_text())))
    assert [(b["engine"], b["detected"]) for b in bugs] == [("proof", "1"), ("libfuzzer", "1")]
    names = {p.name for p in tmp_path.iterdir()}
    assert names >= {"bugs.csv", "data.json", "guards.csv", "index.html", "target-net_test.html"}
    assert not [name for name in names if name.startswith(".")], "no half-written file"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_cells_are_no_formulas(cell: str) -> None:
    assert csvs.cell(cell) == "'" + cell


def test_shares_agree_with_the_table(data: dict[str, Any]) -> None:
    kernel = data["shares"]["kernel"]["memory_safety"]
    assert (kernel["violated"]["k"], kernel["violated"]["n"]) == (2, 10)
    assert (kernel["observable"]["k"], kernel["observable"]["n"]) == (2, 9)
    assert kernel["all"]["bounds"] == [2 / 11, 3 / 11]
    assert kernel["all"]["low"] <= 2 / 11 and kernel["all"]["high"] >= 3 / 11
    strict = data["shares"]["strict"]["memory_safety"]["violated"]
    assert (strict["k"], strict["n"]) == (3, 10)
    assert data["shares"]["kernel"]["with_null"]["violated"]["k"] == 3
    assert sum(data["targets"][0]["outcomes"].values()) == 11


def test_censored_trials_stay_in_the_figures(data: dict[str, Any]) -> None:
    trial = data["bugs"][0]["trials"][0]
    assert trial["trials"] == 3 and trial["detected"]["k"] == 1 and trial["triggered"]["k"] == 2
    assert trial["execs_to_detect"]["value"] is None, "the median trial was not detected"
    assert trial["execs_to_detect"]["censored"] == 2
    assert trial["execs_to_trigger"]["value"] == 50


def test_nothing_found_is_a_limit(data: dict[str, Any]) -> None:
    assert data["clean"]["rate"] is None
    assert data["clean"]["high"] == pytest.approx(2.9957 / 0.01, rel=1e-4)
    assert "fewer than" in "\n".join(tables.closing(data))


def test_terminal_output_carries_no_control_characters(data: dict[str, Any]) -> None:
    text = "\n".join(tables.all_plain(data))
    assert "\x1b" not in text and "memory corruption" in text
    for table in tables.tables(data):
        tables.rich_table(table)


def test_an_interrupted_run_without_any_result_has_a_report(data: dict[str, Any]) -> None:
    empty = {**data, "targets": [], "guards": [], "bugs": [], "shares": results.shares([]),
             "clean": results.clean_part([]), "not_done": [], "problems": []}
    empty["headline"] = results.headline(empty)
    assert "Interrupted" in report.html(empty)
    tables.closing(empty)
    assert list(tables.all_plain(empty))


def test_modes_of_guards_shown(data: dict[str, Any]) -> None:
    row = next(g for g in data["guards"] if g["outcome_strict"] != g["outcome"])
    assert row["memory_safety_strict"] and not row["memory_safety"]
    assert ablation.KERNEL == "kernel"


def test_plan_gives_every_bug_a_trial_first() -> None:
    bugs = [Bug(f"CVE-2001-000{n}", TARGET.name, "net", "uaf", "t", Path("/x"),
                {"address": Expected("heap-use-after-free"), "undefined": Expected("none"),
                 "memory": Expected("verdict")}) for n in (1, 2)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bugtrials.catalogue, "target", lambda name: TARGET)
        cells = bugtrials.plan(bugs, ("libfuzzer", "afl"), ("address", "undefined", "memory"), 2)
    assert len(cells) == 8, "only a sanitizer that should report gets trials"
    assert {c.bug.id for c in cells[:2]} == {"CVE-2001-0001", "CVE-2001-0002"}
    assert [c.number for c in cells] == [1] * 4 + [2] * 4


def test_limits_that_say_the_same_are_one_line() -> None:
    texts = [f"not done: ablation in {target} {sanitizer} skb=kernel (seeds)"
             for target in ("net_ipv6", "bt_smp") for sanitizer in ("address", "memory")]
    lines = tables.folded([*texts, "27 guards were never violated", "1 trial for each bug"])
    assert lines == [f"{texts[0]}; and 3 more like it (the report has all)",
                     "27 guards were never violated", "1 trial for each bug"]
    assert tables.folded([]) == []
