# SPDX-License-Identifier: GPL-2.0-only
"""`redzone compare`: two campaigns of known truth."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from redzone_tool.campaign import compare
from redzone_tool.campaign.spec import Job, Spec
from redzone_tool.campaign.store import DONE, FoundRow, Result, Store
from redzone_tool.errors import FINDING, OK, USAGE, ToolError

Run = Callable[..., Any]
BUGS = [f"CVE-{n}" for n in range(1, 6)]


def _campaign(folder: Path, slow: float, seed: int, trials: int = 12, engine: str = "libfuzzer",
              budget: int = 20_000, bugs: list[str] | None = None) -> Path:
    """Exponential times of mean 1000 executions; CVE-1 takes `slow` times as long."""
    rng = random.Random(seed)
    jobs = [Job("t", engine, "address", "bugs", bug, number)
            for number in range(1, trials + 1) for bug in bugs or BUGS]
    record = Store.create(folder, Spec(("t",), trials=trials, executions=budget).as_json(), jobs,
                          {})
    for number, job in record.missing():
        at = int(rng.expovariate(1 / 1000) * (slow if job.subject == "CVE-1" else 1)) + 1
        hit = FoundRow("c", b"x", True, False, "uaf", "s", "f", at, at / 1000)
        record.finish(number, Result(DONE, "", min(at, budget), min(at, budget) / 1000, 1.0,
                                     findings=(hit,) if at <= budget else ()))
    record.close()
    return folder


def test_a_slower_bug_is_found_and_named(redzone: Run, tmp_path: Path) -> None:
    a, b = _campaign(tmp_path / "a", 1, 1), _campaign(tmp_path / "b", 12, 2)
    done = redzone("compare", str(a), str(b), "--json")
    assert done.returncode == FINDING, done.stderr
    found = json.loads(done.stdout)
    verdicts = {p["subject"]: p["verdict"] for p in found["pairs"]}
    assert verdicts == {"CVE-1": "slower", **dict.fromkeys(BUGS[1:], "no difference shown")}
    slow = found["pairs"][0]
    assert slow["a12"] > 0.8 and slow["a12_low"] > 0.5 and slow["adjusted"] >= slow["p"]
    assert slow["p_log_rank"] < 0.01 and slow["median_b"] > slow["median_a"]
    back = redzone("compare", str(b), str(a))
    assert back.returncode == OK and "1 faster" in back.stdout


def test_the_same_against_itself_is_no_difference(redzone: Run, tmp_path: Path) -> None:
    a = _campaign(tmp_path / "a", 1, 1)
    done = redzone("compare", str(a), str(a))
    assert done.returncode == OK and "0 slower, 0 faster of 5" in done.stdout


def test_false_alarms_are_rare(tmp_path: Path) -> None:
    """Of 30 pairs of equal campaigns of five bugs, Holm lets 5 % cry wolf."""
    sides = [Store.open(_campaign(tmp_path / f"c{n}", 1, n, trials=10)) for n in range(60)]
    alarms = sum(bool(found["slower"] or found["faster"]) for found in (
        compare.compare(a, b) for a, b in zip(sides[::2], sides[1::2])))
    assert alarms <= 5


def test_few_trials_decide_nothing(tmp_path: Path) -> None:
    a = Store.open(_campaign(tmp_path / "a", 1, 1, trials=3))
    b = Store.open(_campaign(tmp_path / "b", 50, 2, trials=3))
    found = compare.compare(a, b)
    assert {p["verdict"] for p in found["pairs"]} == {"too few trials"}
    assert "only 3 trials" in found["notes"][0]


def test_different_budgets_are_cut_to_the_smaller(tmp_path: Path) -> None:
    """The longer one's later hits are no advantage."""
    a = Store.open(_campaign(tmp_path / "a", 1, 1, budget=500))
    b = Store.open(_campaign(tmp_path / "b", 1, 1, budget=50_000))
    found = compare.compare(a, b)
    for pair in found["pairs"]:
        assert pair["horizon"] == 500 and pair["hits_a"] == pair["hits_b"]
        assert pair["p"] == 1.0 and pair["a12"] == 0.5


def test_two_engines_are_paired(tmp_path: Path) -> None:
    a = Store.open(_campaign(tmp_path / "a", 1, 1))
    b = Store.open(_campaign(tmp_path / "b", 12, 2, engine="afl"))
    found = compare.compare(a, b)
    assert found["ignored"] == ["engine"] and found["slower"] == 1
    assert found["pairs"][0]["engine"] == "libfuzzer → afl"


def test_nothing_in_common_is_one_line(redzone: Run, tmp_path: Path) -> None:
    a = _campaign(tmp_path / "a", 1, 1, trials=1)
    b = _campaign(tmp_path / "b", 1, 1, trials=1, bugs=["CVE-9"])
    done = redzone("compare", str(a), str(b))
    assert done.returncode == USAGE and "in common" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    with pytest.raises(ToolError):
        Store.open(tmp_path / "none")
