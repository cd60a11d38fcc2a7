# SPDX-License-Identifier: GPL-2.0-only
"""What the stages of one measurement share: time, workers, stopping, progress."""

from __future__ import annotations

import concurrent.futures as futures
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

from redzone_tool.errors import ToolError

JobT = TypeVar("JobT")
ResultT = TypeVar("ResultT")

WORKERS = 2
TICK_S = 0.2


class Progress(Protocol):
    """Where a measurement says what it does; the command line decides how it looks."""

    def stage(self, name: str, total: int) -> None:
        """A stage of `total` jobs begins; 0 if unknown."""

    def step(self, text: str) -> None:
        """One job of the stage ended."""

    def note(self, text: str) -> None:
        """Something the user should know, once."""


class Silent:
    """No progress at all."""

    def stage(self, name: str, total: int) -> None:
        pass

    def step(self, text: str) -> None:
        pass

    def note(self, text: str) -> None:
        pass


@dataclass
class Session:
    """One measurement while it runs."""

    work: Path
    deadline: float                 # of time.monotonic()
    progress: Progress = field(default_factory=Silent)
    stop: threading.Event = field(default_factory=threading.Event)
    workers: int = WORKERS
    not_done: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def left(self) -> float:
        """Seconds until the time is up; never negative."""
        return max(0.0, self.deadline - time.monotonic())

    def skip(self, what: str) -> None:
        """Note, for the report, what was left out for lack of time."""
        if what not in self.not_done:
            self.not_done.append(what)

    def map(self, work: Callable[[JobT], ResultT], jobs: Sequence[JobT],
            until: float | None = None) -> Iterator[tuple[JobT, ResultT]]:
        """
        Run independent jobs on the workers; results as they come.

        A job that fails with ToolError becomes a line of `problems`. No job starts after
        `until` (a monotonic time) or after a stop; those are simply not in the results.
        """
        limit = self.deadline if until is None else until
        waiting = list(jobs)[::-1]
        running: dict[futures.Future[ResultT], JobT] = {}
        with futures.ThreadPoolExecutor(self.workers) as pool:
            try:
                while waiting or running:
                    while (waiting and len(running) < self.workers
                           and time.monotonic() < limit and not self.stop.is_set()):
                        job = waiting.pop()
                        running[pool.submit(work, job)] = job
                    if not running:
                        return
                    done, _ = futures.wait(running, timeout=TICK_S,
                                           return_when=futures.FIRST_COMPLETED)
                    for future in done:
                        job = running.pop(future)
                        try:
                            yield job, future.result()
                        except ToolError as err:
                            self.problems.append(str(err))
            except BaseException:
                self.stop.set()
                raise
