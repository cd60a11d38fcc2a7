# SPDX-License-Identifier: GPL-2.0-only
"""Batches: whose turn it is, what is kept, what an end of any kind leaves behind."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from redzone_tool import batch, catalogue, corpus, corpusmin, paths, replay, seeds
from redzone_tool.batch import Batch, Corpus, Job, Record, State
from redzone_tool.errors import INTERRUPTED, ToolError

A, B = Job("a", "libfuzzer", "address"), Job("b", "libfuzzer", "address")


def test_the_job_with_the_least_time_is_next(tmp_path: Path) -> None:
    state = State(tmp_path / "state.json")
    assert batch.next_job([A, B], [], state, 60) == A
    state.record(A).cpu_s = 5
    assert batch.next_job([A, B], [], state, 60) == B
    assert batch.next_job([A, B], ["b"], state, 60) == A
    assert batch.next_job([A, B], ["a", "b"], state, 60) is None


def test_a_job_that_fails_does_not_starve_the_others(tmp_path: Path) -> None:
    state = State(tmp_path / "state.json")
    state.record(A).failed = 1
    state.record(B).cpu_s = 30
    assert batch.next_job([A, B], [], state, 60) == B


def test_state_comes_back_and_a_damaged_one_is_put_aside(tmp_path: Path) -> None:
    state = State(tmp_path / "b" / "state.json")
    state.jobs["x"] = Record(slices=2, execs=7, findings={"n": "file"})
    state.corpora["t"] = Corpus(files=3, pruned_to=2)
    state.save()
    again = State.load(state.path)
    assert again.data() == state.data()
    state.path.write_text("{")
    assert State.load(state.path).jobs == {}
    assert state.path.with_suffix(".damaged").read_text() == "{"


def test_what_a_slice_says_is_added_up(tmp_path: Path) -> None:
    lines: list[str] = []
    run = Batch([A], 5, 4, lines.append, tmp_path)
    result = {"execs": 10, "cpu_s": 2.5, "edges": 4, "unconfirmed": [], "corpus": 3,
              "findings": [{"name": "n", "input": "i"}]}
    run._take(A, 1, json.dumps(result), "")
    run._take(A, 0, json.dumps({**result, "edges": 3}), "")
    run._take(A, 3, "", "redzone: no space left on device\n")
    record = run.state.record(A)
    assert (record.slices, record.execs, record.edges, record.failed) == (3, 20, 4, 1)
    assert record.findings == {"n": "i"} and "no space" in record.message
    assert [line.rpartition(", ")[2] for line in lines[:2]] == [
        "1 new findings", "0 new findings"]
    assert run.state.rate().events == 1


def test_limits_are_told(tmp_path: Path) -> None:
    state = State(tmp_path / "s")
    state.corpora["small"] = Corpus(files=1, bytes=1)
    state.corpora["large"] = Corpus(files=1, bytes=(batch.MOST_MIB + 1) << 20)
    assert [line.partition(":")[0] for line in batch.within_limits(state)] == ["large"]


def test_changed_files_name_their_targets() -> None:
    target = catalogue.target("net_ipv6")
    for name in ("parsers/net/exthdrs.c", "parsers/kernel/skbuff.c", "harnesses/net_ipv6.c",
                 "harnesses/mutators/net_ipv6.c", "seeds/net_ipv6/valid/mld.scn",
                 "harnesses/common/input.c"):
        assert batch.concerns(target, name), name
    for name in ("README.md", "parsers/net/README.md", "parsers/media/mp4.c",
                 "scripts/redzone_tool/scn.py", "harnesses/bt_smp.c"):
        assert not batch.concerns(target, name), name
    with pytest.raises(ToolError, match="no revision"):
        batch.changed_targets("no-such-revision")


@pytest.mark.full
def test_a_smaller_corpus_keeps_every_guard_and_edge(tmp_path: Path) -> None:
    """All seeds and as many copies with bytes behind them: half and more goes, nothing is lost."""
    target = "net_ipv6"
    for file in seeds.files(target):
        shutil.copyfile(file, tmp_path / f"{file.parent.name}-{file.name}")
        (tmp_path / f"longer-{file.parent.name}-{file.name}").write_bytes(
            file.read_bytes() + bytes(8))

    def guards(folder: Path) -> tuple[set[int], set[int]]:
        results = replay.run(target, sorted(folder.iterdir()), corpusmin.GUARDS)
        return ({i for r in results for i in r.reached}, {i for r in results for i in r.violated})

    before = guards(tmp_path)
    out = tmp_path.parent / f"{tmp_path.name}-small"
    done = corpusmin.minimise(target, tmp_path, out)
    assert guards(out) == before
    assert done.after == len(list(out.iterdir())) <= done.before / 2
    assert done.for_guards + done.for_edges == done.after and done.faulting == 0
    again = corpusmin.minimise(target, out, out)
    assert again.after <= done.after and guards(out) == before
    archive = tmp_path.parent / "corpus.zip"
    subprocess.run([str(paths.root() / "scripts" / "redzone"), "corpus", "export", str(out),
                    str(archive)], check=True, capture_output=True)
    with zipfile.ZipFile(archive) as file:
        assert set(file.namelist()) == {corpus.content_name(p.read_bytes())
                                        for p in out.iterdir()}


@pytest.mark.full
def test_a_batch_ends_in_time_is_interrupted_and_goes_on(tmp_path: Path) -> None:
    """Three runs on one state: to the end, Ctrl-C, kill -9; nothing counted is lost."""
    env = {**os.environ, "PYTHONPATH": str(paths.root() / "scripts"),
           "REDZONE_OUT": str(tmp_path)}
    (tmp_path / "build").symlink_to(paths.out() / "build")
    for flavour in ("libfuzzer-address", "native-guards"):
        subprocess.run([sys.executable, "-s", "-m", "redzone_tool", "build", flavour],
                       env=env, cwd=paths.root(), check=True, capture_output=True)

    def start(minutes: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-s", "-m", "redzone_tool", "batch", "net_ipv6", "--minutes",
             minutes, "--slice", "4", "--engine", "libfuzzer", "--sanitizer", "address"],
            env=env, cwd=paths.root(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True)

    def slices() -> int:
        try:
            data = json.loads((tmp_path / "batch" / "state.json").read_text())
        except FileNotFoundError:
            return 0
        return int(data["jobs"]["net_ipv6 libfuzzer-address"]["slices"])

    def wait_for(least: int) -> None:
        deadline = time.monotonic() + 120
        while slices() < least:
            assert time.monotonic() < deadline
            time.sleep(0.1)

    out, err = start("0.15").communicate(timeout=240)
    assert "no finding in" in out and "corpus" in out, out + err
    first = slices()
    assert first >= 1
    child = start("10")
    wait_for(first + 1)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=60)
    assert child.returncode == INTERRUPTED and "results kept" in err
    second = slices()
    child = start("10")
    wait_for(second + 1)
    child.kill()
    child.communicate()
    assert slices() >= second + 1
    assert any((tmp_path / "corpus" / "net_ipv6" / "batch").iterdir())
