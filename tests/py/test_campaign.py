# SPDX-License-Identifier: GPL-2.0-only
"""Campaigns: what they plan, what survives an interruption, what trouble reads like."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from redzone_tool import build, catalogue, paths, session, trials
from redzone_tool.campaign import data, export, run, spec
from redzone_tool.campaign.spec import Job, Spec
from redzone_tool.campaign.store import DONE, FAILED, Event, FoundRow, Result, Store
from redzone_tool.errors import ENVIRONMENT, USAGE, ToolError

Run = Callable[..., "subprocess.CompletedProcess[str]"]

JOBS = [Job("t", "libfuzzer", "address", mode, subject, number)
        for number in (1, 2) for mode, subject in (("clean", ""), ("bugs", "CVE-1"))]


def _result(executions: int = 100, found: bool = False) -> Result:
    hit = FoundRow("crash-1", b"\0bad", True, False, "heap-buffer-overflow", "sum", "f", 60, 0.6)
    return Result(DONE, "", executions, executions / 100, 2.0, 7, 1000, 1,
                  "finding" if found else "budget", (hit,) if found else (),
                  (Event("bug", "CVE-1", 50, int(found), 3, 40 * found, 0.03, 0.4 * found),
                   Event("guard", "g", 9, 1, 2, 5, 0.02, 0.05)))


def _store(folder: Path) -> Store:
    facts = {"binaries": {}}
    return Store.create(folder / "c", Spec(("t",), trials=2, executions=100).as_json(), JOBS, facts)


# ---- the plan ----

def _spec(**values: Any) -> Spec:
    return spec.of({"targets": ["selftest"], "executions": 10, **values})


@pytest.mark.parametrize("values,words", [
    ({"targets": []}, "names no target"), ({"engines": ["honggfuzz"]}, "honggfuzz"),
    ({"trails": 3}, "did you mean trials"), ({"trials": 0}, "at least 1"),
    ({"trials": 1.5}, "whole number"), ({"trials": "many"}, "is a number"),
    ({"seconds": 3}, "one budget"), ({"executions": 0}, "one budget"),
    ({"targets": "selftest"}, "list of names"), ({"modes": ["guards"]}, "needs a list"),
    ({"binaries": "x"}, "is a table"), ({"seed": -1}, "not negative")])
def test_a_wrong_specification_is_one_line(values: dict[str, Any], words: str) -> None:
    with pytest.raises(ToolError) as caught:
        _spec(**values)
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_a_file_reads_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('targets = ["selftest"]\nengines = ["afl"]\ncpu_seconds = 40\n')
    plan = spec.read(file)
    assert plan.engines == ("afl",) and plan.budget == ("cpu_seconds", 40.0)
    assert plan.wall == 260.0
    assert spec.of(json.loads(plan.as_json())) == plan
    file.write_text("targets = [")
    with pytest.raises(ToolError):
        spec.read(file)
    with pytest.raises(ToolError):
        spec.read(tmp_path / "none.toml")


def test_first_trials_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut short, a campaign has something of every cell."""
    bug = catalogue.Bug(id="CVE-1", target="selftest", family="f", class_="uaf", title="",
                        folder=Path(), expected={"address": catalogue.Expected("x")})
    quiet = catalogue.Bug(id="CVE-2", target="selftest", family="f", class_="uaf", title="",
                          folder=Path(), expected={"address": catalogue.Expected("none")})
    monkeypatch.setattr(catalogue, "bugs", lambda name=None: [bug, quiet])
    monkeypatch.setattr(catalogue, "bug", {"CVE-1": bug, "CVE-2": quiet}.__getitem__)
    jobs = spec.jobs(_spec(engines=["libfuzzer", "afl"], modes=["clean", "bugs", "all"],
                           trials=3))
    assert len(jobs) == len(set(jobs)) == 2 * 3 * 3
    assert [j.number for j in jobs] == [1] * 6 + [2] * 6 + [3] * 6
    assert not any(j.subject == "CVE-2" for j in jobs), "nothing is expected to report it"
    named = spec.jobs(_spec(modes=["bugs"], bugs=["CVE-2"], trials=1))
    assert [j.subject for j in named] == ["CVE-2"]


# ---- the record ----

def test_a_trial_is_kept_once(tmp_path: Path) -> None:
    record = _store(tmp_path)
    (first, job), *_ = record.missing()
    assert record.finish(first, _result(found=True))
    assert not record.finish(first, _result(executions=999)), "a second copy changes nothing"
    row = next(r for r in record.rows(("bug", "guard")) if r.id == first)
    assert row.job == job and row.result == _result(found=True)
    assert len(record.missing()) == 3 and record.counts()["done"] == 1


def test_what_was_kept_is_there_after_a_crash(tmp_path: Path) -> None:
    """No close, no checkpoint: the file and its log as they lie on the disk."""
    record = _store(tmp_path)
    for number, _ in record.missing()[:2]:
        record.finish(number, _result())
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in (tmp_path / "c").glob("campaign.db*"):
        (copy / file.name).write_bytes(file.read_bytes())
    again = Store.open(copy)
    assert [job for _, job in again.missing()] == JOBS[2:]


def test_a_failed_write_keeps_nothing_of_a_trial(tmp_path: Path) -> None:
    """The disk fills while a trial is written: it is missing as a whole, the rest is there."""
    record = _store(tmp_path)
    tasks = record.missing()
    record.finish(tasks[0][0], _result(found=True))
    pages = record._db.execute("PRAGMA page_count").fetchone()[0]
    record._db.execute(f"PRAGMA max_page_count = {pages}")
    big = FoundRow("crash-2", bytes(200_000), True, False, "k", "s", "f", 1, 0.1)
    with pytest.raises(ToolError) as caught:
        record.finish(tasks[1][0], Result(DONE, findings=(big,)))
    assert "no space left" in str(caught.value) and caught.value.code == ENVIRONMENT
    record._db.execute("PRAGMA max_page_count = 100000")
    assert [number for number, _ in record.missing()] == [n for n, _ in tasks[1:]]
    assert record.finish(tasks[1][0], _result())


def test_a_half_made_campaign_is_none(tmp_path: Path) -> None:
    folder = tmp_path / "c"
    folder.mkdir()
    (folder / "campaign.new").write_bytes(b"half")
    with pytest.raises(ToolError):
        Store.open(folder)
    assert _store(tmp_path).counts()["planned"] == len(JOBS)
    with pytest.raises(ToolError, match="exists"):
        _store(tmp_path)


@pytest.mark.parametrize("damage", ["text", "middle", "schema"])
def test_a_damaged_record_is_one_line(redzone: Run, tmp_path: Path, damage: str) -> None:
    record = _store(tmp_path)
    for number, _ in record.missing():
        record.finish(number, _result(found=True))
    record.close()
    path = tmp_path / "c" / "campaign.db"
    if damage == "text":
        path.write_bytes(b"no database at all " * 300)
    elif damage == "middle":
        content = bytearray(path.read_bytes())
        content[4096:-4096] = b"\xa5" * (len(content) - 8192)
        path.write_bytes(content)
    else:
        with sqlite3.connect(path) as db:
            db.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    done = redzone("campaign", "status", str(tmp_path / "c"))
    lines = done.stderr.strip().splitlines()
    assert done.returncode == ENVIRONMENT and len(lines) == 1, done.stderr
    assert ("schema 99" if damage == "schema" else "damaged") in lines[0]


def test_a_missing_campaign_is_one_line(redzone: Run) -> None:
    for words in (("status", "nothing-here"), ("resume", "nothing-here"),
                  ("export", "nothing-here")):
        done = redzone("campaign", *words)
        assert done.returncode == USAGE and "no campaign" in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1


def test_figures_of_nothing_and_of_little(tmp_path: Path) -> None:
    """A report over no finding at all, and one over a half-run campaign."""
    record = _store(tmp_path)
    empty = data.collect(record)
    assert empty["cells"] == [] and empty["trials"]["done"] == 0
    assert "4 of 4 trials were not run" in empty["notes"][0]
    assert export.write(record, tmp_path / "out")
    for number, job in record.missing():
        record.finish(number, Result(FAILED, "engine ended") if job.number == 2
                      else _result(found=job.mode == "bugs"))
    found = data.collect(record)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    one = next(c for c in found["cells"] if c["mode"] == "bugs")
    assert (one["trials"], one["detect"]["k"], one["reach"]["k"]) == (1, 1, 1)
    assert one["trigger"]["executions"]["median"]["value"] == 40
    assert one["detect"]["cpu_s"]["median"]["value"] == 0.6
    assert found["failures"] == ["t libfuzzer-address clean: 1 trial failed: engine ended",
                                 "t libfuzzer-address CVE-1: 1 trial failed: engine ended"]
    assert found["clean"][0]["rate"] is None and found["clean"][0]["high"] > 0
    for file in export.write(record, tmp_path / "out"):
        assert file.read_text()
    assert len(list((tmp_path / "out" / "inputs").iterdir())) == 1


def test_what_a_sanitizer_does_not_see_is_visible(tmp_path: Path) -> None:
    record = _store(tmp_path)
    for number, job in record.missing():
        silent = Event("bug", "CVE-1", 50, 1, 3, 40, 0.03, 0.4)
        record.finish(number, Result(DONE, "", 100, 1.0, events=(silent,)))
    row = next(r for r in data.collect(record)["matrix"] if r["mode"] == "bugs")
    assert (row["triggered"], row["detected"], row["triggered_not_detected"]) == (2, 0, 2)


# ---- running ----

@pytest.fixture(scope="module")
def guard() -> str:
    """The planted guard whose loss a fuzzer sees in no time."""
    for names in (["selftest"], ["redzone-selftest"]):
        build.ensure("libfuzzer-address-guards", names)
    table = trials.table(trials.SELFTEST, "address")
    return next(g["id"] for g in table["guards"] if g["function"] == "corruption_write")


@pytest.fixture
def area(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A folder for campaigns; no process of theirs is left behind."""
    yield tmp_path / "campaign"
    deadline = time.monotonic() + 20
    while left := _processes(tmp_path):
        assert time.monotonic() < deadline, f"still running: {left}"
        time.sleep(0.2)


def _processes(folder: Path) -> list[str]:
    return [f"{pid} {_words(pid)}" for pid in _pids(folder)]


def _pids(folder: Path, word: str = "") -> list[int]:
    """Processes whose command names a folder; zombies have none."""
    every = [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]
    return [pid for pid in every if pid != os.getpid()
            and str(folder) in _words(pid) and word in _words(pid)]


def _words(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(
            errors="replace")
    except OSError:
        return ""


def _begin(area: Path, guard: str, seconds: float = 2, trials_: int = 3) -> None:
    """Plan a campaign of selftest without running anything."""
    plan = spec.of({"targets": ["selftest"], "modes": ["clean", "guards"], "guards": [guard],
                    "trials": trials_, "seconds": seconds})
    run.create(area, plan, "test", session.Silent()).close()


def _start(area: Path, *words: str) -> "subprocess.Popen[str]":
    env = {**os.environ, "PYTHONPATH": str(paths.root() / "scripts")}
    return subprocess.Popen(
        [sys.executable, "-s", "-m", "redzone_tool", "campaign", "resume", str(area), "--jobs",
         "2", *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=env,
        start_new_session=True)


def _wait_for_engine(area: Path) -> list[int]:
    for _ in range(600):
        pids = _pids(area, "-artifact_prefix")
        if len(pids) >= 2 and Store.open(area, write=False).counts()["done"] >= 1:
            return pids
        time.sleep(0.05)
    pytest.fail("no engine was started")


def _keys(area: Path) -> set[tuple[Job, str]]:
    return {(row.job, row.state) for row in Store.open(area, write=False).rows()}


@pytest.mark.parametrize("victim", [
    "engine", "all", pytest.param("runner", marks=pytest.mark.full),
    pytest.param("supervisor", marks=pytest.mark.full)])
def test_kill_loses_only_what_was_running(redzone: Run, area: Path, guard: str,
                                          victim: str) -> None:
    """kill -9, then resume: the same set of trials as without it, each once."""
    _begin(area, guard)
    expected = {(job, DONE) for _, job in Store.open(area).missing()}
    with _start(area) as child:
        engines_ = _wait_for_engine(area)
        if victim in ("engine", "supervisor"):
            supervised = ["supervise.py" in _words(pid) for pid in engines_]
            os.kill(engines_[supervised.index(victim == "supervisor")], signal.SIGKILL)
        else:
            everything = [child.pid, *(_pids(area) if victim == "all" else [])]
            for pid in everything:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
        assert child.stderr is not None
        said = child.stderr.read()
        code = child.wait(120)
    if victim in ("engine", "supervisor"):
        assert code == 0, said
        assert said.count("begun anew") == 1
        assert _keys(area) == expected
        return
    assert code == -signal.SIGKILL
    kept = _keys(area)
    done = {key for key in kept if key[1] == DONE}
    assert done and len(kept) == len(expected)
    before = {r.id: r.result for r in Store.open(area).rows() if r.state == DONE}
    again = redzone("campaign", "resume", str(area), timeout=180)
    assert again.returncode == 0, again.stderr
    assert f"trials: {len(expected) - len(done)} jobs" in again.stderr
    assert _keys(area) == expected
    after = {r.id: r.result for r in Store.open(area).rows()}
    assert all(after[number] == result for number, result in before.items())
    assert "0 jobs" not in again.stderr
    assert redzone("campaign", "resume", str(area)).returncode == 0, "nothing is left to do"


def test_an_interrupt_keeps_what_was_done(area: Path, guard: str) -> None:
    _begin(area, guard)
    with _start(area) as child:
        _wait_for_engine(area)
        child.send_signal(signal.SIGINT)
        assert child.stderr is not None
        said = child.stderr.read()
        assert child.wait(60) == 4, said
    assert said.strip().splitlines()[-1] == "redzone: interrupted"
    assert Store.open(area).counts()["done"] >= 1


def _script(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def _with_binary(area: Path, binary: str, **values: Any) -> dict[str, Any]:
    plan = spec.of({"targets": ["selftest"], "modes": ["clean"], "trials": 2, "seconds": 1,
                    "binaries": {"selftest": binary}, **values})
    record = run.create(area, plan, "test", session.Silent())
    run.resume(record, session.Silent(), 2)
    return data.collect(record)


def test_an_engine_that_dies_at_start_is_one_line(area: Path, guard: str,
                                                  tmp_path: Path) -> None:
    binary = _script(tmp_path / "dies", "echo cannot open the thing >&2; exit 9")
    found = _with_binary(area, binary)
    assert found["failures"] == ["selftest libfuzzer-address clean: 2 trials failed: libFuzzer "
                                 "ended with exit code 9: cannot open the thing"]
    assert found["trials"]["failed"] == 2 and found["cells"] == []


@pytest.mark.full
def test_an_engine_that_hangs_is_ended(area: Path, guard: str, tmp_path: Path) -> None:
    """It ignores every polite signal and never runs an input."""
    binary = _script(tmp_path / "hangs", "trap '' INT TERM\nwhile :; do sleep 0.2; done")
    begun = time.monotonic()
    found = _with_binary(area, binary, seconds=0.0, cpu_seconds=1000, wall_limit=1, trials=1)
    assert "no execution within" in found["failures"][0]
    assert time.monotonic() - begun < 60


def test_a_rebuilt_binary_is_another_campaign(area: Path, guard: str, tmp_path: Path) -> None:
    binary = tmp_path / "engine"
    found = _with_binary(area, _script(binary, "exit 9"))
    assert found["trials"]["failed"] == 2
    _script(binary, "exit 8")
    record = Store.open(area)
    with pytest.raises(ToolError, match="was rebuilt"):
        run.resume(record, session.Silent(), 1, retry_failed=True)
    run.resume(record, session.Silent(), 1, retry_failed=True, force=True)
    assert "exit code 8" in data.collect(record)["failures"][0]


def test_a_campaign_runs_in_one_place_at_a_time(redzone: Run, area: Path, guard: str) -> None:
    from redzone_tool import locks
    _begin(area, guard)
    with locks.exclusive(area, "campaign x"):
        done = redzone("campaign", "resume", str(area))
    assert done.returncode == ENVIRONMENT and "in use" in done.stderr


def test_first_inputs_are_kept(area: Path, guard: str) -> None:
    """Of what the counters saw first; played alone the input does it again."""
    plan = spec.of({"targets": ["selftest"], "modes": ["clean"], "trials": 1,
                    "executions": 20_000})
    record = run.create(area, plan, "test", session.Silent())
    run.resume(record, session.Silent(), 1)
    (row,) = record.rows(("guard",))
    events = {e.name: e for e in row.result.events}
    seen = events[guard]
    assert seen.violated and seen.input is not None
    assert 0 < seen.first_reached_exec <= seen.first_violated_exec <= row.result.executions
    assert 0 < seen.first_violated_cpu_s <= row.result.cpu_s
    assert seen.input[0] % 20 == 0 and seen.input[1] >= 8, "corruption_write refuses it"
    assert all((e.input is not None) == (e.violated > 0) for e in events.values())


# ---- Dask ----

@pytest.fixture
def cluster(area: Path, tmp_path: Path) -> Iterator[tuple[str, list["subprocess.Popen[bytes]"]]]:
    """A scheduler and two workers on the loopback interface."""
    pytest.importorskip("distributed")
    env = {**os.environ, "PYTHONPATH": str(paths.root() / "scripts")}
    contact = tmp_path / "scheduler.json"
    common = ["--no-dashboard", "--scheduler-file", str(contact)]

    def start(module: str, *words: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-s", "-m", f"distributed.cli.{module}", *words, *common], env=env,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)

    scheduler = start("dask_scheduler", "--host", "127.0.0.1", "--port", "0")
    workers = [start("dask_worker", "--no-nanny", "--nthreads", "1", "--host", "127.0.0.1",
                     "--local-directory", str(tmp_path)) for _ in range(2)]
    try:
        for _ in range(300):
            if contact.exists() and contact.stat().st_size:
                break
            time.sleep(0.1)
        yield json.loads(contact.read_text())["address"], workers
    finally:
        for child in (*workers, scheduler):
            child.kill()
            child.wait()


@pytest.mark.full
def test_a_worker_that_dies_loses_nothing(area: Path, guard: str, cluster: tuple[
        str, list["subprocess.Popen[bytes]"]]) -> None:
    """kill -9 of one of two workers in the middle of its trial: every trial once."""
    address, workers = cluster
    _wait_for_workers(address)
    _begin(area, guard, seconds=3, trials_=4)
    expected = {(job, DONE) for _, job in Store.open(area).missing()}
    with _start(area, "--scheduler", address) as child:
        victim = _worker_of(_wait_for_engine(area), workers)
        victim.kill()
        assert child.stderr is not None
        said = child.stderr.read()
        assert child.wait(180) == 0, said
    assert _keys(area) == expected
    assert {row.attempts for row in Store.open(area).rows()} == {1}


def _wait_for_workers(address: str) -> None:
    from distributed import Client
    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)


def _worker_of(engines_: list[int],
               workers: list["subprocess.Popen[bytes]"]) -> "subprocess.Popen[bytes]":
    """The worker that started one of these processes, in whichever of its threads."""
    parents = {int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
               for pid in engines_}
    return next(worker for worker in workers if worker.pid in parents)


def test_no_scheduler_is_one_line(redzone: Run, area: Path, guard: str) -> None:
    pytest.importorskip("distributed")
    _begin(area, guard)
    done = redzone("campaign", "resume", str(area), "--scheduler", "tcp://127.0.0.1:9", timeout=120)
    lines = [x for x in done.stderr.strip().splitlines() if x.startswith("redzone: ")]
    assert done.returncode == ENVIRONMENT and "no Dask scheduler" in lines[-1]
