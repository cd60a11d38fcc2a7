# SPDX-License-Identifier: GPL-2.0-only
"""The two tiers of tests: which runners they are made of, and what these counted."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from redzone_tool import build, paths, setup
from redzone_tool.errors import ToolError

# Trees with C unit tests (tests/CMakeLists.txt).
QUICK_TREES = ("native", "libfuzzer-address")
FULL_TREES = ("native", "libfuzzer-address", "libfuzzer-undefined", "libfuzzer-memory")

_PYTEST = re.compile(r"(\d+) (passed|failed|error|errors|skipped|xfailed|xpassed|deselected)\b")
_PYTEST_LAST = re.compile(r"^(=+ )?\d+ .* in [\d.]+s( \([\d:]+\))?( =+)?$|^=+ no tests ran")
_CTEST = re.compile(r"(\d+)% tests passed, (\d+) tests? failed out of (\d+)")
_SKIP = re.compile(r"^SKIPPED \[(\d+)\] (\S+?)(?::\d+)?: (.*)$")


@dataclass
class Count:
    """What a runner counted."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    skips: list[str] = field(default_factory=list)

    def __iadd__(self, other: "Count") -> "Count":
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.skips += other.skips
        return self


@dataclass(frozen=True)
class Step:
    """One runner."""

    name: str
    command: tuple[str, ...]
    kind: str                           # ctest, pytest or plain (one test)
    before: Callable[[], None] = lambda: None


def steps(full: bool, jobs: int) -> Iterator[Step]:
    """The runners of a tier, cheapest and most telling first."""
    python = sys.executable
    for tree in FULL_TREES if full else QUICK_TREES:
        yield Step(f"unit tests, {tree}", (
            "ctest", "--test-dir", str(paths.build_dir(tree)), "--output-on-failure",
            "-j", str(jobs)), "ctest", _builder(tree))
    if full:    # the quick tier has it as a Python test, without the printed table
        tool = str(paths.root() / "scripts" / "redzone")
        yield Step("guard audit", (tool, "check"), "plain")
        yield Step("seed coverage", (tool, "coverage", "--gate"), "plain")
    for mark, workers in _pytest_parts(full, jobs):
        words = [python, "-m", "pytest", "-q", "-rs", "-m", mark]
        if full:
            words.append("--durations=10")
        if workers > 1:
            words += ["-n", str(workers)]
        yield Step(f"pytest -m '{mark}'", tuple(words), "pytest", _builder("native-guards"))


def _pytest_parts(full: bool, jobs: int) -> list[tuple[str, int]]:
    """Marks and worker processes; timing tests run alone."""
    if not full:
        return [("not full", jobs)]
    return [("not serial", jobs), ("serial", 1)]


def _builder(tree: str) -> Callable[[], None]:
    def ensure() -> None:
        build.ensure(tree)
    return ensure


def run(full: bool, say: Callable[[str], None], jobs: int | None = None) -> Count:
    """Run a tier; every runner's own lines go to `say` as they come."""
    setup.ensure("cli", *setup.COMMANDS["test"])
    # A shell without job control starts background jobs with SIGINT ignored, which the runners
    # and what they test would inherit.
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    total = Count()
    for step in steps(full, jobs or build.jobs()):
        say(f"== {step.name}")
        started = time.monotonic()
        try:
            step.before()
        except ToolError as err:
            for line in [*err.detail, f"redzone: {err}"]:
                say(line)
            total += Count(failed=1)
            continue
        count = _run(step, say)
        total += count
        say(f"-- {step.name}: {count.passed} passed, {count.failed} failed, "
            f"{count.skipped} skipped in {time.monotonic() - started:.1f} s")
    if total.skips and os.environ.get("CI") and paths.data_dir() is not None:
        data_skips = [line for line in total.skips if "REDZONE_DATA" in line]
        for line in data_skips:
            say(f"failed: {line}: skipped although REDZONE_DATA is set and this is CI")
        total.failed += len(data_skips)
        total.skipped -= len(data_skips)
    return total


def summary(total: Count) -> list[str]:
    """The last lines of a run: what was skipped and why, then the count."""
    lines = []
    if total.skips:
        lines.append("skipped:")
        lines += [f"  {skip}" for skip in sorted(set(total.skips))]
    if paths.data_dir() is None and any("REDZONE_DATA" in s for s in total.skips):
        lines.append("  (set REDZONE_DATA to the folder of sample data to run the data tests)")
    lines.append(f"{total.passed} passed, {total.failed} failed, {total.skipped} skipped")
    return lines


def _run(step: Step, say: Callable[[str], None]) -> Count:
    env = build.clean_env()
    env["PYTHONPATH"] = str(paths.root() / "scripts")
    env["REDZONE_TESTING"] = "1"
    lines: list[str] = []
    with subprocess.Popen(step.command, cwd=paths.root(), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True,
                          errors="replace", env=env) as child:
        assert child.stdout is not None
        for line in child.stdout:
            line = line.rstrip("\n")
            lines.append(line)
            if step.kind != "ctest" or not _is_ctest_noise(line):
                say(line)
    count = COUNTERS[step.kind](lines)
    if step.kind == "plain" and child.returncode == 0:
        count.passed = 1
    if child.returncode and not count.failed and not _nothing_ran(step, child.returncode):
        count.failed += 1
    return count


def _is_ctest_noise(line: str) -> bool:
    return line.startswith(("Internal ctest changing", "      Start ", "Test project "))


def _nothing_ran(step: Step, code: int) -> bool:
    return step.kind == "pytest" and code == 5


def count_pytest(lines: list[str]) -> Count:
    """Numbers of pytest's last line and reasons of its short summary."""
    count = Count()
    for line in lines:
        match = _SKIP.match(line)
        if match:
            count.skips.append(f"{match[2]}: {match[3]}")
    last = next((line for line in reversed(lines) if _PYTEST_LAST.match(line)), "")
    for number, what in _PYTEST.findall(last):
        if what in ("passed", "xfailed", "xpassed"):
            count.passed += int(number)
        elif what in ("failed", "error", "errors"):
            count.failed += int(number)
        elif what == "skipped":
            count.skipped += int(number)
    return count


def count_ctest(lines: list[str]) -> Count:
    """Numbers of ctest's summary line."""
    for line in lines:
        match = _CTEST.search(line)
        if match:
            failed, total = int(match[2]), int(match[3])
            return Count(passed=total - failed, failed=failed)
    return Count()


def count_plain(lines: list[str]) -> Count:
    """A runner that is one test; its exit code decides."""
    return Count()


COUNTERS: dict[str, Callable[[list[str]], Count]] = {
    "pytest": count_pytest, "ctest": count_ctest, "plain": count_plain}
