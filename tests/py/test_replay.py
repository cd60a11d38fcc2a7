# SPDX-License-Identifier: GPL-2.0-only
"""The driver of the replay binary: faults in the middle, leaks, hangs, bad use."""

import time
from pathlib import Path

import pytest

from redzone_tool import fuzz, live, replay
from redzone_tool.catalogue import Target
from redzone_tool.engines import Stats
from redzone_tool.errors import ENVIRONMENT, FINDING, USAGE, ToolError

FAKE = Path(__file__).parent / "cases" / "fake_replay.py"


def inputs(folder: Path, *acts: str) -> list[Path]:
    made = []
    for number, act in enumerate(acts):
        made.append(folder / f"{number}-{act}")
        made[-1].write_text(act)
    return made


def run(files: list[Path], target: str = "t") -> list[replay.Result]:
    return replay.run(target, files, "none", binary_path=FAKE)


def test_results_in_order(tmp_path: Path) -> None:
    results = run(inputs(tmp_path, "a", "b"))
    assert [r.file.name for r in results] == ["0-a", "1-b"]
    assert results[0].violated == {3} and results[0].reached == {3, 4}
    assert results[0].digests != results[1].digests
    assert run([]) == []


def test_the_rest_is_played_after_a_fault(tmp_path: Path) -> None:
    results = run(inputs(tmp_path, "a", "overflow", "b", "abort", "overflow", "c"))
    assert [bool(r.fault) for r in results] == [False, True, False, True, True, False]
    assert results[1].report is not None and results[1].report.function == "parse"
    assert results[3].report is not None and results[3].report.class_ == "assert"
    assert [r.file.name for r in results][-1] == "5-c"


def test_a_leak_found_at_exit_is_no_lost_result(tmp_path: Path) -> None:
    results = run(inputs(tmp_path, "a", "leak"))
    assert not results[0].fault
    assert results[1].report is not None and results[1].report.kind == "memory-leak"
    assert results[1].report.function == "keep"


def test_an_input_that_does_not_repeat_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="differs") as caught:
        run(inputs(tmp_path, "a", "drift"))
    assert caught.value.code == FINDING


def test_bad_use_is_not_taken_for_a_fault(tmp_path: Path) -> None:
    files = inputs(tmp_path, "a")
    with pytest.raises(ToolError, match="unknown target") as caught:
        run(files, "unknown")
    assert caught.value.code == USAGE
    with pytest.raises(ToolError):
        replay.run_one("unknown", files[0], "none", binary_path=FAKE)


def test_one_input(tmp_path: Path) -> None:
    clean, fault, died = inputs(tmp_path, "a", "overflow", "abort")
    outcome = replay.run_one("t", clean, "none", binary_path=FAKE)
    assert outcome.clean and outcome.result is not None
    outcome = replay.run_one("t", fault, "none", {"REDZONE_BUGS": "x"}, binary_path=FAKE)
    assert not outcome.clean and outcome.exit_code == 86 and outcome.result is None
    assert outcome.report is not None and outcome.report.size == 2
    assert outcome.env == {"REDZONE_BUGS": "x"} and "AddressSanitizer" in outcome.text
    outcome = replay.run_one("t", died, "none", binary_path=FAKE)
    assert outcome.report is not None and outcome.report.kind == "ABRT"


def test_a_hang_is_told_by_cpu_time(tmp_path: Path) -> None:
    (spin,) = inputs(tmp_path, "spin")
    started = time.monotonic()
    outcome = replay.run_one("t", spin, "none", binary_path=FAKE, cpu_limit=0.5)
    assert outcome.timed_out and not outcome.clean
    assert outcome.report is not None
    assert (outcome.report.kind, outcome.report.class_) == ("timeout", "hang")
    assert time.monotonic() - started < 20


def test_a_hang_in_a_batch_is_that_inputs_fault(tmp_path: Path) -> None:
    files = inputs(tmp_path, "a", "spin", "b")
    results = replay.run("t", files, "none", binary_path=FAKE, timeout=2)
    assert [bool(r.fault) for r in results] == [False, True, False]


def test_the_exact_command_line(tmp_path: Path) -> None:
    outcome = replay.Outcome(None, None, 0, False, command=(
        "/o/build/libfuzzer-memory-guards/bin/redzone-replay", "t", "run", "a b"),
        env={"REDZONE_BUGS": "CVE-1"})
    line = replay.command_line(outcome)
    assert line.startswith("MSAN_OPTIONS=") and "ASAN_OPTIONS" not in line.split()[0][:4]
    assert line.endswith("REDZONE_BUGS=CVE-1 /o/build/libfuzzer-memory-guards/bin/redzone-replay "
                         "t run 'a b'")


# How a fuzzing run is shown.

TARGET = Target("net_x", "net", "h.c", ("parsers/net/x.c",), 64, "seeds/net_x", "", "frame")


def test_figures_add_up() -> None:
    progress = fuzz.Progress(
        fuzz.Plan(TARGET, seconds=60), time.monotonic() - 10,
        [Stats(100, 10.0, 7, 3, 0, 1, 1.5), Stats(50, 5.0, 9, 2, 0, 1, 0.5)],
        past_execs=[1000, 0], past_cpu=[2.0, 0])
    assert (progress.execs, progress.rate, progress.edges, progress.corpus) == (1150, 15.0, 9, 3)
    assert progress.cpu_s == 4.0 and 49 < progress.left < 51
    text = live.line(progress)
    assert text.startswith("0:10 left 0:49") or text.startswith("0:10 left 0:50")
    assert "execs 1150 (15/s)" in text and "findings 0" in text


@pytest.mark.parametrize("value,text", [
    (0, "0"), (999, "999"), (9999, "9999"), (12345, "12.3k"), (1234567, "1.23M"),
    (2.5e9, "2.5G")])
def test_large_numbers(value: float, text: str) -> None:
    assert live.count(value) == text


@pytest.mark.parametrize("seconds,text", [(0, "0:00"), (65, "1:05"), (600, "10:00"),
                                          (3725, "1:02:05")])
def test_durations(seconds: float, text: str) -> None:
    assert live.duration(seconds) == text


def test_names_of_kept_corpora_tell_builds_apart() -> None:
    names = {fuzz.Plan(TARGET, engine=e, sanitizer=s, cmplog=c).name
             for e, s, c in (("afl", "address", False), ("afl", "address", True),
                             ("libfuzzer", "address", False), ("libfuzzer", "memory", False))}
    assert len(names) == 4


def test_cmplog_needs_afl() -> None:
    with pytest.raises(ToolError, match="--engine afl"):
        fuzz.prepare(fuzz.Plan(TARGET, engine="libfuzzer", cmplog=True))


def test_no_result_is_lost_without_a_word(tmp_path: Path) -> None:
    quiet = tmp_path / "quiet"
    quiet.write_text("#!/bin/sh\nexit 0\n")
    quiet.chmod(0o755)
    with pytest.raises(ToolError, match="stopped after 0 of 1") as caught:
        replay.run("t", inputs(tmp_path, "a"), "none", binary_path=quiet)
    assert caught.value.code == ENVIRONMENT
