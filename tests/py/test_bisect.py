# SPDX-License-Identifier: GPL-2.0-only
"""Bisecting: the search itself, ranges of commits, and what ends of a range allow."""

import itertools
import subprocess
from pathlib import Path

import pytest

from redzone_tool import bisect, paths
from redzone_tool.bisect import CANNOT, CLEAN, FAULTS
from redzone_tool.errors import ToolError

PATH = [f"c{i}" for i in range(12)]


@pytest.mark.parametrize("turn", range(1, len(PATH)))
def test_every_turning_point_is_found(turn: int) -> None:
    asked = []

    def judge(commit: str) -> str:
        asked.append(commit)
        return FAULTS if PATH.index(commit) >= turn else CLEAN

    assert bisect.search(PATH, judge) == (turn, ())
    assert len(asked) <= 2 + 4


@pytest.mark.parametrize("turn, broken", itertools.product(
    range(1, len(PATH)), [{3}, {5, 6, 7}, {1, 2, 3, 4}]))
def test_commits_that_do_not_build_leave_a_range(turn: int, broken: set[int]) -> None:
    """The true commit is always the answer or among the others; nothing judged is."""
    def judge(commit: str) -> str:
        index = PATH.index(commit)
        if index in broken:
            return CANNOT
        return CLEAN if index >= turn else FAULTS

    first, others = bisect.search(PATH, judge)
    assert turn == first or turn in others
    assert set(others) <= broken


@pytest.mark.parametrize("states, complaint", [
    ((CLEAN, CLEAN), "clean at both ends"), ((FAULTS, FAULTS), "faults at both ends"),
    ((CANNOT, CLEAN), "c0 cannot be judged"), ((CLEAN, CANNOT), "c11 cannot be judged")])
def test_ends_that_allow_no_search(states: tuple[str, str], complaint: str) -> None:
    with pytest.raises(ToolError, match=complaint):
        bisect.search(PATH, lambda commit: states[commit != "c0"])


def repository(folder: Path) -> list[str]:
    """Three commits on one line and one beside it."""
    def run(*words: str) -> str:
        done = subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@t", *words],
                              cwd=folder, check=True, capture_output=True, text=True)
        return done.stdout.strip()
    run("init", "-q", "-b", "main")
    ids = []
    for name in "abc":
        run("commit", "-q", "--allow-empty", "-m", name)
        ids.append(run("rev-parse", "HEAD"))
    run("checkout", "-q", "-b", "side", ids[0])
    run("commit", "-q", "--allow-empty", "-m", "d")
    return [*ids, run("rev-parse", "HEAD")]


def test_ranges_of_commits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = repository(tmp_path)
    monkeypatch.setattr(paths, "root", lambda: tmp_path)
    assert bisect.commits(ids[0], ids[2]) == ids[:3]
    for old, new, complaint in ((ids[2], ids[0], "no commit between"),
                                (ids[3], ids[2], "no ancestor"),
                                ("nonsense", ids[0], "git rev-parse")):
        with pytest.raises(ToolError, match=complaint):
            bisect.commits(old, new)


def test_a_commit_without_the_target_cannot_be_judged(tmp_path: Path) -> None:
    assert bisect.outcome(None, "net_ipv6", tmp_path, "native", {})[0] == CANNOT
    binary = tmp_path / "redzone-replay"
    binary.write_text("#!/bin/sh\necho 'redzone-replay: unknown target' >&2\nexit 2\n")
    binary.chmod(0o755)
    state, seen = bisect.outcome(binary, "net_ipv6", tmp_path, "native", {})
    assert state == CANNOT and "unknown target" in seen
    binary.write_text("#!/bin/sh\nexit 0\n")
    assert bisect.outcome(binary, "net_ipv6", tmp_path, "native", {})[0] == CLEAN
    binary.write_text("#!/bin/sh\nkill -SEGV $$\n")
    state, seen = bisect.outcome(binary, "net_ipv6", tmp_path, "native", {})
    assert state == FAULTS and "SEGV" in seen
