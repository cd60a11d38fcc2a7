# SPDX-License-Identifier: GPL-2.0-only
"""`redzone test` counts what its runners say, and nothing is lost."""

import sys
from pathlib import Path

import pytest

from redzone_tool import build, testing
from redzone_tool.testing import Count, Step, count_ctest, count_pytest, summary


@pytest.mark.parametrize("line,expected", [
    ("=== 12 passed, 3 skipped in 2.31s ===", (12, 0, 3)),
    ("12 passed in 2.31s", (12, 0, 0)),
    ("1 failed, 2 passed, 1 error in 75.02s (0:01:15)", (2, 2, 0)),
    ("3 passed, 2 deselected, 1 xfailed, 4 warnings in 0.5s", (4, 0, 0)),
    ("no tests ran in 0.01s", (0, 0, 0)),
])
def test_pytest_lines(line: str, expected: tuple[int, int, int]) -> None:
    count = count_pytest(["... [100%]", "SKIPPED [3] tests/py/test_x.py:7: needs REDZONE_DATA",
                          line])
    assert (count.passed, count.failed, count.skipped) == expected
    assert count.skips == ["tests/py/test_x.py: needs REDZONE_DATA"]


def test_ctest_lines() -> None:
    lines = ["    Start 1: test_skbuff", "86% tests passed, 2 tests failed out of 14", ""]
    count = count_ctest(lines)
    assert (count.passed, count.failed) == (12, 2)
    assert count_ctest(["100% tests passed, 0 tests failed out of 14"]).passed == 14
    assert count_ctest(["No tests were found!!!"]).passed == 0


def test_the_last_line_is_plain() -> None:
    lines = summary(Count(5, 1, 2, ["tests/py/test_x.py: REDZONE_DATA names no folder"]))
    assert lines[-1] == "5 passed, 1 failed, 2 skipped"
    assert lines[0] == "skipped:" and "REDZONE_DATA" in lines[1]


def python_step(code: str, kind: str) -> Step:
    return Step("step", (sys.executable, "-c", code), kind)


def run_steps(monkeypatch: pytest.MonkeyPatch, *steps: Step) -> tuple[Count, list[str]]:
    monkeypatch.setattr(testing, "steps", lambda full, jobs: iter(steps))
    said: list[str] = []
    return testing.run(False, said.append, 1), said


def test_a_runner_that_dies_counts_as_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    count, said = run_steps(
        monkeypatch,
        python_step("print('3 passed in 0.1s'); raise SystemExit(3)", "pytest"),
        python_step("import os; os.abort()", "ctest"),
        python_step("print('a line of the runner')", "plain"))
    assert (count.passed, count.failed) == (4, 2)
    assert "a line of the runner" in said


def test_no_tests_under_a_mark_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    count, _ = run_steps(monkeypatch, python_step(
        "print('no tests ran in 0.01s'); raise SystemExit(5)", "pytest"))
    assert count.failed == 0


def test_a_failed_build_fails_its_step_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise testing.ToolError("build of native failed", 3, ["x.c:1: error: no"])
    first = Step("one", ("true",), "plain", broken)
    count, said = run_steps(monkeypatch, first, python_step("", "plain"))
    assert (count.passed, count.failed) == (1, 1)
    assert "x.c:1: error: no" in said


def test_in_ci_a_skipped_data_test_is_a_failure(monkeypatch: pytest.MonkeyPatch,
                                                tmp_path: Path) -> None:
    step = python_step("print('SKIPPED [1] t.py:1: REDZONE_DATA lacks x'); "
                       "print('SKIPPED [1] t.py:2: needs root'); "
                       "print('1 passed, 2 skipped in 0.1s')", "pytest")
    monkeypatch.setenv("REDZONE_DATA", str(tmp_path))
    monkeypatch.delenv("CI", raising=False)
    count, _ = run_steps(monkeypatch, step)
    assert (count.failed, count.skipped) == (0, 2)
    monkeypatch.setenv("CI", "true")
    count, said = run_steps(monkeypatch, step)
    assert (count.failed, count.skipped) == (1, 1)
    assert any("skipped although REDZONE_DATA is set" in line for line in said)


def test_tiers_name_flavours_that_exist() -> None:
    assert set(testing.QUICK_TREES) < set(testing.FULL_TREES) <= set(build.flavours())
    quick = {step.name for step in testing.steps(False, 2)}
    full = {step.name for step in testing.steps(True, 2)}
    assert any("not full" in name for name in quick)
    assert any("serial" in name for name in full)
