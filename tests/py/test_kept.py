# SPDX-License-Identifier: GPL-2.0-only
"""Inputs kept from one measurement to the next, and the budget of fuzzing without guards."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from redzone_tool import ablation, budget, build, catalogue, guardruns, kept, outcomes, paths
from redzone_tool.ablation import Evidence, GuardOutcome
from redzone_tool.catalogue import Guard
from redzone_tool.engines import Trial, TrialResult
from redzone_tool.session import Session


@pytest.fixture
def area(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(kept, "folder", lambda target: tmp_path / "kept" / target)
    return tmp_path


def _entry(area: Path, outcome: str, data: bytes, guard: str = "g") -> dict[str, GuardOutcome]:
    file = area / f"{outcome}-{len(data)}"
    file.write_bytes(data)
    entry = GuardOutcome(Guard(0, guard, "f.c", 1, "f", "c", None), violating=1)
    entry.classes["kernel"] = {outcome}
    entry.evidence = [Evidence(outcome, "address", "kernel", "k", str(file))]
    return {guard: entry}


def test_the_worst_and_then_the_smallest_is_kept(area: Path) -> None:
    for outcome, size, want in (
            (outcomes.VERDICT, 9, 9), (outcomes.VERDICT, 20, 9), (outcomes.DISCLOSURE, 30, 30),
            (outcomes.VERDICT, 5, 30), (outcomes.DISCLOSURE, 12, 12)):
        assert kept.save("t", _entry(area, outcome, bytes(size))) == 1
        file, = kept.files("t")
        assert file.stat().st_size == want, (outcome, size)
    assert len(list((area / "kept" / "t").glob("*.bin"))) == 1, "the others are gone"
    assert not list((area / "kept" / "t").glob(".*"))


def test_worst_outcomes_come_first(area: Path) -> None:
    kept.save("t", _entry(area, outcomes.OUTPUT, b"out", "a"))
    kept.save("t", _entry(area, outcomes.CORRUPTION, b"corrupt", "b"))
    assert [file.read_bytes() for file in kept.files("t")] == [b"corrupt", b"out"]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"schema": 9, "inputs": []}',
                                  '{"schema": 1, "inputs": [{"guard": "g"}]}'])
def test_a_damaged_index_keeps_nothing(area: Path, text: str) -> None:
    kept.save("t", _entry(area, outcomes.VERDICT, b"x"))
    (area / "kept" / "t" / kept.INDEX).write_text(text)
    assert kept.files("t") == [] and kept.load("t") == {}
    assert kept.save("t", _entry(area, outcomes.VERDICT, b"x")) == 1, "and begins anew"
    assert json.loads((area / "kept" / "t" / kept.INDEX).read_text())["schema"] == kept.SCHEMA


def test_candidates_are_shorter_and_different() -> None:
    data = bytes(range(40))
    tried = kept.candidates(data)
    assert len(tried) == len(set(tried)) <= kept.CANDIDATES
    assert [len(c) for c in tried] == sorted(len(c) for c in tried)
    assert data[:20] in tried and data[20:] in tried and data[:-1] in tried
    assert kept.candidates(b"") == [] and kept.candidates(b"x") == []


def test_an_input_is_cut_down_to_what_matters(area: Path) -> None:
    """Planted: a block is written behind its end when its first operand is too large."""
    for name in ("libfuzzer-address-guards", "native-guards"):
        build.ensure(name, ["redzone-selftest"])
    table = catalogue.guard_table(
        exe=paths.build_dir("native-guards") / "bin" / "redzone-selftest")
    entry = next(g for g in table["guards"] if g["function"].startswith("corruption"))
    guard = Guard(int(entry["index"]), entry["id"], entry["file"], int(entry["line"]),
                  entry["function"], entry["condition"], None)
    file = area / "long"
    file.write_bytes(b"\x00\x08\x01\x00\x00" + b"padding" * 8)
    session = Session(area / "work", time.monotonic() + 60)
    ablation.write_manifest(area / "manifest", [file])
    known = {guard.id: GuardOutcome(guard)}
    ablation.merge(known, [ablation.run(ablation.Job(
        "selftest", "address", "kernel", area / "manifest", area / "first", (guard.id,),
        binary="redzone-selftest"))])
    assert known[guard.id].outcome() == outcomes.CORRUPTION
    kept.save("selftest", known)
    assert kept.shrink(session, "selftest", known, session.deadline, "redzone-selftest") == 1
    small, = kept.files("selftest")
    assert small.stat().st_size <= 12, small.read_bytes()
    assert kept.load("selftest")[guard.id, "kernel"].outcome == outcomes.CORRUPTION


# ---- the budget ----

def test_every_guard_gets_a_run_before_any_gets_two() -> None:
    share = budget.of([("a", f"g{n}", 5 - n) for n in range(5)])
    seen = []
    for _ in range(3):
        for arm in share.wave(2):
            seen.append(arm.guard)
            share.ended(arm, False, 10)
    assert sorted(seen[:5]) == ["g0", "g1", "g2", "g3", "g4"]
    assert seen[0] == "g4", "few inputs violate it"
    assert share.untried("a") == 0


def test_time_goes_where_faults_are() -> None:
    """Two targets; every second guard of one faults when fuzzed, none of the other ever does."""
    share = budget.of([(t, f"{t}{n}", 1) for t in "ab" for n in range(20)])
    spent = {"a": 0, "b": 0}
    for _ in range(60):
        for arm in share.wave(2):
            first = not arm.runs
            spent[arm.target] += not first
            share.ended(arm, arm.target == "a" and not first and int(arm.guard[1:]) % 2 == 0, 10)
    assert spent["a"] > spent["b"], spent
    assert all(arm.seconds <= budget.LONGEST_S for arm in share.arms)


def test_opened_code_is_worth_a_longer_look() -> None:
    share = budget.of([("a", f"g{n}", 1) for n in range(6)])
    for arm in share.wave(6):
        share.ended(arm, False, 99 if arm.guard == "g3" else 10)
    assert share.wave(1)[0].guard == "g3"
    share.ended(share.wave(1)[0], True, 99)
    assert "g3" not in {arm.guard for arm in share.wave(6)}, "it faulted: nothing more to find"
    assert budget.of([]).wave(3) == []


def test_a_guard_that_faulted_is_left_and_the_rest_named(
        area: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop around the budget, with an engine that finds one fault at once."""
    target = catalogue.Target("t", "f", "h.c", ("f.c",), 9, "", "", "frame")
    state = guardruns.TargetGuards(target, {}, {
        name: GuardOutcome(Guard(n, name, "f.c", n, "f", "c", None), violating=n + 1,
                           replayed={("address", "kernel")})
        for n, name in enumerate(("g0", "g1", "g2"))})
    seen: list[tuple[str, str]] = []

    def engine(trial: Trial, stop: object) -> TrialResult:
        name = trial.env["REDZONE_ABLATE"]
        assert trial.corpus is not None and trial.corpus.is_dir()
        seen.append((name, trial.out_dir.name))
        hit = [area / "crash"] if name == "g1" else []
        return TrialResult(execs=10, cpu_s=0.1, findings=hit, exit="budget", edges=5)

    monkeypatch.setattr(guardruns.trials, "run_engine", engine)
    session = Session(area / "work", time.monotonic() + 60, workers=1)
    found = guardruns.attack(session, [state], 0.3)
    assert found == {"t": {"g1": [area / "crash"]}}
    assert [name for name, _ in seen[:3]] == ["g0", "g1", "g2"]
    assert [name for name, _ in seen].count("g1") == 1
    assert ("g0", "0") in seen and state.fuzzed_execs["g1"] == 10
    late = Session(area / "late", time.monotonic() - 1, workers=1)
    assert guardruns.attack(late, [state], 5.0) == {}
    assert late.not_done == ["t: fuzzing without each guard, 3 of 3 guards"]
