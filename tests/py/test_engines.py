# SPDX-License-Identifier: GPL-2.0-only
"""Engines on small targets: figures, findings, budgets, CPU time, comparison logging."""

import os
import time
from dataclasses import replace
from pathlib import Path

import engine_targets
import pytest

from redzone_tool.engines import Stats, Trial, TrialResult, run
from redzone_tool.engines import afl as afl_engine
from redzone_tool.engines import libfuzzer as libfuzzer_engine


@pytest.fixture(scope="module")
def binaries(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("targets")
    return {"libfuzzer": engine_targets.libfuzzer("shallow.c", folder / "lf"),
            "afl": engine_targets.afl("shallow.c", folder / "afl")}


def trial(engine: str, folder: Path, binaries: dict[str, Path], seed_text: bytes = b"hello",
          **more: object) -> Trial:
    seeds = folder / "seeds"
    seeds.mkdir(parents=True)
    (seeds / "one").write_bytes(seed_text)
    return replace(Trial("shallow", engine, "address", folder / "out", seconds=8,
                         seeds=(seeds,), max_len=64, binary=binaries[engine],
                         input_timeout_s=1), **more)     # type: ignore[arg-type]


def finish(wanted: Trial) -> tuple[list[Stats], TrialResult]:
    items = list(run(wanted))
    assert isinstance(items[-1], TrialResult)
    return [i for i in items if isinstance(i, Stats)], items[-1]


@pytest.mark.parametrize("engine", ["libfuzzer", "afl"])
def test_finds_a_shallow_bug_and_stops(engine: str, tmp_path: Path,
                                       binaries: dict[str, Path]) -> None:
    _, result = finish(trial(engine, tmp_path, binaries, seconds=30))
    assert result.exit == "finding" and result.findings
    data = result.findings[0].read_bytes()
    assert data[:2] in (b"ab", b"hg")
    assert result.execs > 0 and result.cpu_s > 0 and result.maxrss_kib > 1000
    assert result.findings[0].name.startswith(("crash-", "timeout-"))


@pytest.mark.full
@pytest.mark.parametrize("engine", ["libfuzzer", "afl"])
def test_hangs_are_findings(engine: str, tmp_path: Path, binaries: dict[str, Path]) -> None:
    _, result = finish(trial(engine, tmp_path, binaries, b"hfxxx", seconds=40))
    assert result.findings
    if result.findings[0].read_bytes()[:2] == b"hg":
        assert result.findings[0].name.startswith("timeout-")


@pytest.mark.full
@pytest.mark.serial
@pytest.mark.parametrize("engine", ["libfuzzer", "afl"])
def test_budget_of_time_and_exact_cpu_time(engine: str, tmp_path: Path,
                                           binaries: dict[str, Path]) -> None:
    wanted = trial(engine, tmp_path, binaries, seconds=5, max_len=3, cpu=0)
    stats, result = finish(wanted)
    assert result.exit == "budget" and not result.findings
    assert 3 < result.wall_s < 15
    assert result.execs > 1000
    # One pinned process (AFL++: two that take turns) can use no more than the wall time.
    assert 0.2 < result.cpu_s <= result.wall_s * 1.1
    assert stats and stats[-1].elapsed > 1
    if engine == "afl":     # the target behind the fork server is most of it
        assert result.cpu_s > 0.15 * result.wall_s


def test_budget_of_executions(tmp_path: Path, binaries: dict[str, Path]) -> None:
    _, result = finish(trial("libfuzzer", tmp_path, binaries, seconds=60, runs=5000, max_len=3))
    assert result.exit == "budget" and 5000 <= result.execs < 6000


@pytest.mark.full
def test_budget_of_cpu_time(tmp_path: Path, binaries: dict[str, Path]) -> None:
    _, result = finish(trial("libfuzzer", tmp_path, binaries, seconds=60, cpu_seconds=2,
                             max_len=3))
    assert result.exit == "budget" and 1.8 <= result.cpu_s < 4


@pytest.mark.full
def test_same_seed_same_corpus(tmp_path: Path, binaries: dict[str, Path]) -> None:
    names = []
    for folder in ("a", "b"):
        _, _ = finish(trial("libfuzzer", tmp_path / folder, binaries, runs=3000, seed=7,
                            max_len=3))
        names.append(sorted(p.name for p in (tmp_path / folder / "out" / "corpus").iterdir()))
    assert names[0] == names[1]


@pytest.mark.full
@pytest.mark.parametrize("engine", ["libfuzzer", "afl"])
def test_a_trial_starts_from_its_seeds_only(engine: str, tmp_path: Path,
                                            binaries: dict[str, Path]) -> None:
    wanted = trial(engine, tmp_path, binaries, seconds=3, max_len=3)
    leftover = wanted.out_dir / "corpus"
    leftover.mkdir(parents=True)
    (leftover / "old").write_bytes(b"old")
    _, result = finish(wanted)
    assert not (leftover / "old").exists() or engine == "afl"
    seeds = wanted.seeds[0]
    assert [p.name for p in seeds.iterdir()] == ["one"]     # only read
    if engine == "afl":
        assert sorted(p.name for p in (wanted.out_dir / "initial").iterdir()) in (["one"], [
            "nothing"])


@pytest.mark.parametrize("engine", ["libfuzzer", "afl"])
def test_closing_ends_the_engine(engine: str, tmp_path: Path,
                                 binaries: dict[str, Path]) -> None:
    stream = run(trial(engine, tmp_path, binaries, seconds=60, max_len=3))
    next(stream)
    started = time.monotonic()
    stream.close()
    assert time.monotonic() - started < 8
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                line = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            assert bytes(tmp_path) not in line


def test_a_seed_that_is_too_long_is_left_out_not_cut(tmp_path: Path,
                                                     binaries: dict[str, Path]) -> None:
    """libFuzzer cuts long seeds, which makes inputs that nobody chose."""
    for engine in ("libfuzzer", "afl"):
        wanted = trial(engine, tmp_path / engine, binaries, b"abz" + b"x" * 200, seconds=2,
                       max_len=3)
        (wanted.seeds[0] / "two").write_bytes(b"he")
        if engine == "libfuzzer":
            wanted = replace(wanted, runs=20)
        _, result = finish(wanted)
        assert not result.findings and result.exit == "budget", engine
        assert [p.name for p in wanted.seeds[0].iterdir() if p.stat().st_size > 3] == ["one"]


def test_a_broken_target_is_a_failed_trial(tmp_path: Path, binaries: dict[str, Path]) -> None:
    for engine in ("libfuzzer", "afl"):
        broken = trial(engine, tmp_path / engine, binaries, binary=Path("/bin/false"))
        _, result = finish(broken)
        assert result.exit == "failed" and result.message


@pytest.mark.full
def test_cmplog_finds_a_64_bit_magic(tmp_path: Path) -> None:
    """With the comparison log the bug is found at once; without, the number is out of reach."""
    main = engine_targets.afl("magic.c", tmp_path / "main")
    log = engine_targets.afl("magic.c", tmp_path / "log", cmplog=True)
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "one").write_bytes(b"0123456789abcdef")
    base = Trial("magic", "afl", "address", tmp_path / "with", seconds=60, seeds=(seeds,),
                 max_len=32, binary=main)
    _, found = finish(replace(base, cmplog=True, cmplog_binary=log))
    assert found.exit == "finding"
    assert found.findings[0].read_bytes()[:8] == 0x7265647a6f6e6521.to_bytes(8, "little")
    _, missed = finish(replace(base, out_dir=tmp_path / "without", seconds=10))
    assert missed.exit == "budget" and not missed.findings


@pytest.mark.full
def test_private_options_of_the_caller_do_not_reach_the_engine(
        tmp_path: Path, binaries: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASAN_OPTIONS", "abort_on_error=0")  # afl-fuzz would refuse this
    monkeypatch.setenv("AFL_EXIT_WHEN_DONE", "1")
    _, result = finish(trial("afl", tmp_path, binaries, seconds=4, max_len=3))
    assert result.exit == "budget", result.message


# Readers of what engines write.

LOG = """\
INFO: Seed: 1
#2\tINITED cov: 3 ft: 3 corp: 1/1b exec/s: 0 rss: 30Mb
#4096\tpulse  cov: 12 ft: 18 corp: 5/20b lim: 8 exec/s: 2048 rss: 31Mb
#5000\tNEW    cov: 14 ft: 20 corp: 6/25b lim: 8 exec/s: 2500 rss: 31Mb L: 5/5 MS: 1 EraseBytes-
"""


def test_libfuzzer_progress(tmp_path: Path) -> None:
    wanted = Trial("t", "libfuzzer", "address", tmp_path)
    wanted.findings_dir.mkdir()
    (tmp_path / "engine.log").write_text(LOG)
    stats = libfuzzer_engine.LibFuzzer().stats(wanted)
    assert (stats.execs, stats.edges, stats.corpus, stats.execs_per_s) == (5000, 14, 6, 2500.0)
    with open(tmp_path / "engine.log", "a", encoding="ascii") as log:
        log.write("stat::number_of_executed_units: 6001\n")
    assert libfuzzer_engine.LibFuzzer().stats(wanted).execs == 6001


def test_afl_progress(tmp_path: Path) -> None:
    wanted = Trial("t", "afl", "address", tmp_path)
    folder = tmp_path / "afl" / "default"
    folder.mkdir(parents=True)
    assert afl_engine.Afl().stats(wanted) == Stats()
    (folder / "plot_data").write_text(
        "# relative_time, cycles_done, …\n"
        "5, 0, 1, 12, 3, 4, 12.5%, 0, 0, 2, 50000.10, 250123, 77\n")
    stats = afl_engine.Afl().stats(wanted)
    assert (stats.execs, stats.edges, stats.corpus) == (250123, 77, 12)
    (folder / "fuzzer_stats").write_text("execs_done        : 300000\ncorpus_count : 13\n")
    assert afl_engine.Afl().stats(wanted).execs == 300000
    (folder / "plot_data").write_text("5, 0, 1, 12, 3, 4, 12.5%, 0, 0, 2, inf, 8, 7\n")
    assert afl_engine.Afl().stats(wanted).execs_per_s == 0


def test_supervisor_counts_orphans(tmp_path: Path) -> None:
    """CPU time of a grandchild whose parent dies first is not lost."""
    import json
    import subprocess
    import sys

    from redzone_tool.engines import supervise
    burn = "import time\nt=time.process_time()\nwhile time.process_time()-t<0.6: pass\n"
    code = (f"import os, subprocess, sys\np=subprocess.Popen([sys.executable,'-c',{burn!r}])\n"
            "import time; time.sleep(0.8); os._exit(0)\n")
    usage = tmp_path / "rusage.json"
    subprocess.run([sys.executable, supervise.__file__, str(os.getpid()), str(usage),
                    str(tmp_path / "log"), "0", sys.executable, "-c", code], check=True)
    read = json.loads(usage.read_text())
    assert read["exit"] == 0 and read["cpu_s"] > 0.3
    assert os.path.exists(tmp_path / "log")


def test_supervisor_starts_nothing_for_a_parent_that_has_died(tmp_path: Path) -> None:
    """The tool may be killed before its supervisor could ask to be told."""
    import subprocess
    import sys

    from redzone_tool.engines import supervise
    gone = subprocess.Popen(["true"])
    gone.wait()
    done = subprocess.run(
        [sys.executable, supervise.__file__, str(gone.pid), str(tmp_path / "usage"),
         str(tmp_path / "log"), "0", "touch", str(tmp_path / "started")], check=False)
    assert done.returncode == 1
    assert not (tmp_path / "started").exists()
