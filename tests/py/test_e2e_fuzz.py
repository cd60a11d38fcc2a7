# SPDX-License-Identifier: GPL-2.0-only
"""`redzone fuzz` from end to end: a bug brought back is found, triaged and reproduced."""

import json
from pathlib import Path

import pytest
from conftest import Run

from redzone_tool import catalogue, locks, paths, seeds
from redzone_tool.catalogue import Bug

import representatives

pytestmark = pytest.mark.full

SECONDS = 90


EASY = representatives.easy_bugs()
TARGETS = representatives.targets()


def easy_bug() -> Bug:
    """The easiest of all families' easiest bugs."""
    if not EASY:
        pytest.fail("no bug in crashes/ is reported by address sanitizer")
    return EASY[0]


@pytest.mark.parametrize("bug", EASY, ids=[b.family for b in EASY])
@pytest.mark.parametrize("engine", catalogue.ENGINES)
def test_a_bug_brought_back_is_found(engine: str, bug: Bug, redzone: Run,
                                     tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    done = redzone("fuzz", bug.target, "--engine", engine, "--sanitizer", "address",
                   "--seconds", str(SECONDS), "--bugs", bug.id, "--corpus", str(corpus),
                   "--stop-after", "1", "--json")
    assert done.returncode == 1, done.stderr + done.stdout
    result = json.loads(done.stdout)
    assert result["bugs"] == [bug.id] and result["execs"] > 0 and result["cpu_s"] > 0
    finding = result["findings"][0]
    assert finding["kind"] == bug.expected["address"].kind
    assert finding["function"] == bug.expected["address"].frame
    again = redzone("reproduce", finding["input"])
    assert again.returncode == 0, again.stdout
    assert "as expected" in again.stdout and "REDZONE_BUGS=" in again.stdout
    clean = redzone("reproduce", finding["input"], "--bugs", "", "--expect", "clean")
    assert clean.returncode == 0, clean.stdout


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("engine", catalogue.ENGINES)
def test_the_clean_port_is_clean_and_the_corpus_is_kept(engine: str, target: str, redzone: Run,
                                                        tmp_path: Path) -> None:
    before = {p: p.read_bytes() for p in seeds.files(target)}
    corpus = tmp_path / "corpus"
    done = redzone("fuzz", target, "--engine", engine, "--sanitizer", "address", "--seconds",
                   "12", "--corpus", str(corpus), "--jobs", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no findings" in done.stdout and "execs" in done.stderr
    kept = list(corpus.iterdir())
    assert kept
    assert {p: p.read_bytes() for p in seeds.files(target)} == before
    assert paths.shown(corpus) in done.stdout


def test_cmplog_runs_on_a_real_target(redzone: Run, tmp_path: Path) -> None:
    target = TARGETS[-1]
    done = redzone("fuzz", target, "--engine", "afl", "--cmplog", "--seconds", "8", "--corpus",
                   str(tmp_path / "corpus"), "--json")
    assert done.returncode == 0, done.stderr
    log = paths.out() / "fuzz" / target / locks.name_of(tmp_path / "corpus") / "job0" / "run0"
    text = (log / "engine.log").read_text(errors="replace")
    assert "CmpLog forkserver" in text or "cmplog" in text.lower()
    assert json.loads(done.stdout)["execs"] > 0


@pytest.mark.parametrize("bug", EASY, ids=[b.family for b in EASY])
def test_reproduce_by_id(redzone: Run, bug: Bug) -> None:
    done = redzone("reproduce", bug.id)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("as expected") == 6        # three sanitizers, on and off
    assert f"REDZONE_BUGS={bug.id}" in done.stdout and "redzone-replay" in done.stdout
    assert bug.expected["address"].frame in done.stdout
    quiet = redzone("reproduce", bug.id.lower(), "--sanitizer", "address", "--quiet")
    assert quiet.returncode == 0 and len(quiet.stdout.splitlines()) == 2
    as_json = json.loads(redzone("reproduce", bug.id, "--json").stdout)
    assert len(as_json["checks"]) == 6 and all(c["met"] for c in as_json["checks"])


def test_reproduce_fails_when_the_expected_does_not_happen(redzone: Run) -> None:
    bug = easy_bug()
    file = str(bug.input)
    clean = redzone("reproduce", file, "--sanitizer", "address")
    assert clean.returncode == 1 and "NOT AS EXPECTED" in clean.stdout
    assert redzone("reproduce", file, "--expect", "clean").returncode == 0
    other = redzone("reproduce", file, "--bugs", bug.id, "--sanitizer", "address", "--expect",
                    "double-free:nowhere")
    assert other.returncode == 1
    found = redzone("reproduce", file, "--bugs", bug.id, "--sanitizer", "address", "--expect",
                    bug.expected["address"].kind)
    assert found.returncode == 0


def test_reproduce_with_a_guard_lost(redzone: Run) -> None:
    """The guard of a bug ablated does what the bug does."""
    guards = [g for g in catalogue.guards() if g.bug]
    alone = {g.bug: g for g in guards if sum(other.bug == g.bug for other in guards) == 1}
    bug = next(b for b in catalogue.bugs() if b.id in alone and b.expected["address"].is_report
               and b.class_.startswith("heap-oob") and b.state == "stateless")
    done = redzone("reproduce", str(bug.input), "--ablate", alone[bug.id].id, "--sanitizer",
                   "address", "--skb", "strict", "--expect", bug.expected["address"].kind)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "REDZONE_ABLATE=" in done.stdout and "REDZONE_SKB=strict" in done.stdout
    unknown = redzone("reproduce", str(bug.input), "--ablate", "nothing:f:0")
    assert unknown.returncode == 2 and "unknown guard" in unknown.stderr


def test_list_json(redzone: Run) -> None:
    listed = json.loads(redzone("list", "--json").stdout)
    assert {"name", "family", "port", "guards", "seeds", "dictionary"} <= set(
        listed["targets"][0])
    assert {"id", "target", "class", "memory_safety"} <= set(listed["bugs"][0])
    names = {entry["name"]: entry for entry in listed["targets"]}
    assert set(names) == {t.name for t in catalogue.targets()}
    assert all(entry["guards"] > 0 and entry["seeds"] > 0 for entry in names.values())


@pytest.mark.parametrize("target", TARGETS)
def test_guards_json(redzone: Run, target: str) -> None:
    table = json.loads(redzone("guards", target, "--json").stdout)["guards"]
    assert len(table) == len(catalogue.guards_of(catalogue.target(target))) > 0
    assert {"id", "file", "line", "function", "condition", "bug", "reached", "violated",
            "outcome", "outcomes"} == set(table[0])
    assert all(row["outcome"] for row in table)
    assert all(row["violated"] <= row["reached"] for row in table)
