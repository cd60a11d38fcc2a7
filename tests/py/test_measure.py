# SPDX-License-Identifier: GPL-2.0-only
"""The parts of a measurement: workers, counters, database, manifest, bad use."""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from redzone_tool import canaries, locks, manifest, paths, procs
from redzone_tool.errors import ENVIRONMENT, ToolError
from redzone_tool.session import Session
from redzone_tool.store import Store

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def _session(tmp_path: Path, seconds: float = 5.0) -> Session:
    return Session(tmp_path, time.monotonic() + seconds)


def test_two_jobs_run_at_once(tmp_path: Path) -> None:
    gate = threading.Barrier(2, timeout=5)

    def work(job: int) -> int:
        gate.wait()
        return job * 10

    assert sorted(_session(tmp_path).map(work, [1, 2, 3, 4])) == [
        (1, 10), (2, 20), (3, 30), (4, 40)]


def test_no_job_starts_after_the_time_is_up(tmp_path: Path) -> None:
    session = _session(tmp_path, 0.3)
    started = []

    def work(job: int) -> None:
        started.append(job)
        time.sleep(0.25)

    assert len(list(session.map(work, list(range(50))))) == len(started) <= 6


def test_a_failed_job_is_a_problem_not_the_end(tmp_path: Path) -> None:
    session = _session(tmp_path)

    def work(job: int) -> int:
        if job == 1:
            raise ToolError("one went wrong")
        return job

    assert [r for _, r in session.map(work, [1, 2])] == [2]
    assert session.problems == ["one went wrong"]


def test_an_interrupt_stops_the_workers(tmp_path: Path) -> None:
    session = _session(tmp_path)
    ended = []

    def work(job: int) -> None:
        session.stop.wait(5)
        ended.append(job)

    def interrupt() -> None:
        time.sleep(0.3)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        list(session.map(work, [1, 2, 3]))
    assert len(ended) == 2 and time.monotonic() - begun < 3


def test_a_child_ends_with_all_it_started(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    command = ["sh", "-c", f"sleep 60 & echo $! > {mark}; wait"]
    assert procs.run(command, dict(os.environ), tmp_path / "err", timeout=0.5) is None
    pid = int(mark.read_text())
    for _ in range(50):
        stat = Path(f"/proc/{pid}/stat")
        if not stat.exists() or stat.read_text().split(") ")[1].startswith("Z"):
            return
        time.sleep(0.05)
    pytest.fail("the grandchild still runs")


def test_a_child_says_how_it_ended(tmp_path: Path) -> None:
    code = procs.run(["sh", "-c", "echo why >&2; exit 3"], dict(os.environ), tmp_path / "err")
    assert code == 3 and procs.last_line(tmp_path / "err") == "why"


def _counters(guards: int = 2, bugs: int = 1) -> bytes:
    head = struct.pack("<8sIIIIQQ24x", b"RZCANRY1", 1, guards, bugs, 48, 1000, 7)
    rows = [struct.pack("<6Q", 10 * i, i, 1, 2, 3, 4) for i in range(guards + bugs)]
    return head + b"".join(rows)


def test_counters_are_read(tmp_path: Path) -> None:
    file = tmp_path / "canaries"
    assert canaries.read(file) is None
    file.write_bytes(bytes(200))
    assert canaries.read(file) is None, "mapped, never written"
    file.write_bytes(_counters())
    seen = canaries.read(file)
    assert seen is not None
    assert (seen.execs, seen.cpu_ns, len(seen.guards), len(seen.bugs)) == (1000, 7, 2, 1)
    assert seen.bugs[0].reached == 20 and seen.guards[1].violated == 1


@pytest.mark.parametrize("data", [b"short", b"X" * 64, _counters()[:-1]])
def test_broken_counters_are_refused(data: bytes) -> None:
    with pytest.raises(ToolError):
        canaries.parse(data)


def test_jobs_are_kept_as_they_finish(tmp_path: Path) -> None:
    path = tmp_path / "redzone.db"
    first = Store(path, {"seconds": 1})
    first.job("trial", "a", {"execs": 1})
    second = Store(path, {})            # as after kill -9: the first one never finished
    second.job("trial", "b", {"execs": 2})
    assert first.jobs("trial") == [("a", {"execs": 1})]
    assert second.jobs("trial") == [("b", {"execs": 2})]
    second.finish("done", {}, {"schema": 1})


def test_a_broken_database_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "redzone.db"
    path.write_bytes(b"this is no database " * 100)
    with pytest.raises(ToolError):
        Store(path, {})


def test_manifest_names_what_it_was_measured_with(tmp_path: Path) -> None:
    file = tmp_path / "seed"
    file.write_bytes(b"abc")
    found = manifest.collect([], {"valid": [file]}, {"engine": 1}, "redzone measure")
    assert found["seeds"]["valid"]["files"] == 1
    assert "clang" in found["compiler"] and found["machine"]["cpus"] >= 1
    json.dumps(found)


def test_digest_depends_on_content_only(tmp_path: Path) -> None:
    for name, content in (("a", b"1"), ("b", b"2"), ("c", b"2"), ("d", b"1")):
        (tmp_path / name).write_bytes(content)
    one = manifest.digest([tmp_path / "a", tmp_path / "b"])
    assert one == manifest.digest([tmp_path / "c", tmp_path / "d"])
    assert one != manifest.digest([tmp_path / "a"])


@pytest.mark.parametrize("arguments,words", [
    (["no_such_target"], "unknown target"),
    (["--engine", "honggfuzz"], "honggfuzz"),
    (["--seconds", "x"], "x"),
    (["--corpus", "/nonexistent/folder"], "no such folder"),
])
def test_bad_use_is_one_line(redzone: Run, arguments: list[str], words: str) -> None:
    done = redzone("measure", *arguments)
    assert done.returncode == 2
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1 and words in lines[0], done.stderr


def test_empty_corpus_is_one_line(redzone: Run, tmp_path: Path) -> None:
    done = redzone("measure", "--corpus", str(tmp_path))
    assert done.returncode == 2 and "no inputs" in done.stderr


def test_a_second_run_on_one_folder_is_one_line(redzone: Run) -> None:
    with locks.exclusive(paths.out() / "measure", "measure"):
        done = redzone("measure")
    assert done.returncode == ENVIRONMENT
    assert "in use" in done.stderr and len(done.stderr.strip().splitlines()) == 1


@pytest.mark.full
@pytest.mark.serial
def test_interrupt_keeps_results_and_writes_the_report(tmp_path: Path) -> None:
    """Ctrl-C once guards have been ablated: exit code 4, a report, no process left."""
    env = {**os.environ, "PYTHONPATH": str(paths.root() / "scripts")}
    report = paths.out() / "report" / "data.json"
    report.unlink(missing_ok=True)
    with subprocess.Popen([sys.executable, "-m", "redzone_tool", "measure", "net_ipv6"],
                          stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
                          env=env, start_new_session=True) as child:
        assert child.stderr is not None
        for line in child.stderr:
            if "guards ablated" in line:
                break
        child.send_signal(signal.SIGINT)
        child.stderr.read()
        assert child.wait(60) == 4
    data = json.loads(report.read_text())
    assert data["interrupted"] and data["guards"]
