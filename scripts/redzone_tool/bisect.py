# SPDX-License-Identifier: GPL-2.0-only
"""Which commit changed what an input does: builds of a second work tree, halving the range."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from redzone_tool import build, catalogue, paths, replay
from redzone_tool.errors import ENVIRONMENT, ToolError

FAULTS, CLEAN, CANNOT = "faults", "clean", "cannot be judged"


@dataclass(frozen=True)
class Step:
    """One commit that was tried."""

    commit: str
    subject: str
    state: str
    seen: str


@dataclass(frozen=True)
class Answer:
    """What the halving ended with."""

    first: Step | None          # the first commit with the new behaviour
    between: tuple[str, ...]    # candidates, when commits in between could not be judged
    steps: tuple[Step, ...]


def git(*words: str) -> str:
    """Output of a git command in the tree."""
    done = subprocess.run(["git", *words], cwd=paths.root(), capture_output=True, text=True,
                          check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["failed"]
        raise ToolError(f"git {words[0]}: {lines[-1]}")
    return done.stdout.strip()


def commits(old: str, new: str) -> list[str]:
    """From `old` to `new`, both included, along the first parents."""
    first, last = git("rev-parse", f"{old}^{{commit}}"), git("rev-parse", f"{new}^{{commit}}")
    path = git("rev-list", "--reverse", "--first-parent", f"{first}..{last}").splitlines()
    if not path:
        raise ToolError(f"there is no commit between {old} and {new}")
    if git("rev-list", "--count", f"{last}..{first}") != "0":
        raise ToolError(f"{old} is no ancestor of {new}")
    return [first, *path]


def search(path: Sequence[str], judge: Callable[[str], str]) -> tuple[int, tuple[int, ...]]:
    """(Index of the first commit that does as the last one, others that it may be).

    `judge` says FAULTS, CLEAN or CANNOT; the two ends must differ.
    """
    ends = judge(path[0]), judge(path[-1])
    if CANNOT in ends:
        raise ToolError(f"{path[ends.index(CANNOT) and -1][:12]} cannot be judged: "
                        "choose another end of the range")
    if ends[0] == ends[1]:
        raise ToolError(f"{ends[0]} at both ends ({path[0][:12]} and {path[-1][:12]}): "
                        "nothing to find in between")
    low, high = 0, len(path) - 1
    doubtful: set[int] = set()
    while True:
        open_ = [i for i in range(low + 1, high) if i not in doubtful]
        if not open_:
            return high, tuple(range(low + 1, high))
        middle = min(open_, key=lambda i: abs(2 * i - low - high))
        state = judge(path[middle])
        if state == CANNOT:
            doubtful.add(middle)
        elif state == ends[0]:
            low = middle
        else:
            high = middle


class Trees:
    """A second work tree, moved from commit to commit; build trees are shared by all of them."""

    def __init__(self) -> None:
        self.tree = paths.out() / "bisect" / "tree"
        self.out = paths.out() / "bisect" / "out"

    def __enter__(self) -> Trees:
        git("worktree", "prune")
        if not (self.tree / ".git").exists():
            self.tree.parent.mkdir(parents=True, exist_ok=True)
            git("worktree", "add", "--detach", "--force", str(self.tree), "HEAD")
        return self

    def __exit__(self, *error: object) -> None:
        git("worktree", "remove", "--force", str(self.tree))

    def build(self, commit: str, flavour: str) -> Path | None:
        """The replay binary of a commit, or None where it does not build."""
        git("-C", str(self.tree), "checkout", "--quiet", "--force", "--detach", commit)
        env = {**build.clean_env(), "REDZONE_OUT": str(self.out)}
        done = subprocess.run(
            [str(self.tree / "scripts" / "redzone"), "build", flavour], cwd=self.tree, env=env,
            capture_output=True, stdin=subprocess.DEVNULL, text=True, check=False)
        if "No space left" in done.stderr:
            raise ToolError("no space left on device (while building a commit)", ENVIRONMENT)
        binary = self.out / "build" / flavour / "bin" / "redzone-replay"
        return binary if done.returncode == 0 and binary.is_file() else None


def bisect(target: str, file: Path, sanitizer: str, env: Mapping[str, str], span: Sequence[str],
           say: Callable[[Step], None]) -> Answer:
    """Find the commit in `span` that made an input fault, or made it clean."""
    catalogue.target(target)
    data = os.path.abspath(file)
    flavour = replay.flavour_for(sanitizer, bool(env))
    steps: dict[str, Step] = {}
    with Trees() as trees:
        def judge(commit: str) -> str:
            if commit not in steps:
                state, seen = outcome(trees.build(commit, flavour), target, Path(data), flavour,
                                      env)
                steps[commit] = Step(commit, git("log", "-1", "--format=%s", commit), state, seen)
                say(steps[commit])
            return steps[commit].state
        first, others = search(span, judge)
    return Answer(steps[span[first]], tuple(span[i] for i in others), tuple(steps.values()))


def outcome(binary: Path | None, target: str, file: Path, flavour: str,
            env: Mapping[str, str]) -> tuple[str, str]:
    """What an input does in a binary: (state, one line)."""
    if binary is None:
        return CANNOT, "does not build"
    try:
        done = replay.run_one(target, file, flavour, env, binary_path=binary)
    except ToolError as error:      # no such target or bug in this commit
        return CANNOT, re.sub(r"\s+", " ", str(error))
    if done.clean:
        return CLEAN, "clean"
    return FAULTS, done.report.summary if done.report else f"exit {done.exit_code}"
