# SPDX-License-Identifier: GPL-2.0-only
"""How long work shows itself: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from typing import Any


def view() -> RichProgress | PlainProgress:
    """What suits standard error."""
    return RichProgress() if sys.stderr.isatty() else PlainProgress()


class PlainProgress:
    """A line for each job."""

    def __init__(self) -> None:
        self.start = time.monotonic()
        self.name = ""

    def __enter__(self) -> "PlainProgress":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def stage(self, name: str, total: int) -> None:
        self.name = name
        self._say(f"{name}: {total} jobs" if total else name)

    def step(self, text: str) -> None:
        self._say(f"  {text}")

    def note(self, text: str) -> None:
        self._say(text)

    def _say(self, text: str) -> None:
        shown = "".join(c if c.isprintable() else "?" for c in text)
        print(f"[{time.monotonic() - self.start:5.0f} s] {shown}", file=sys.stderr, flush=True)


class RichProgress:
    """A bar a stage and the last thing that happened."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn
        from rich.progress import Progress as Bars
        from rich.progress import TextColumn, TimeElapsedColumn
        from rich.console import Console
        self.bars = Bars(TextColumn("{task.description:28s}"), BarColumn(20),
                         MofNCompleteColumn(), TimeElapsedColumn(),
                         TextColumn("{task.fields[last]}", markup=False, style="dim"),
                         console=Console(stderr=True))
        self.task: Any = None

    def __enter__(self) -> "RichProgress":
        self.bars.__enter__()
        return self

    def __exit__(self, *caught: Any) -> None:
        self._finish()
        self.bars.__exit__(*caught)

    def stage(self, name: str, total: int) -> None:
        self._finish()
        self.task = self.bars.add_task(name, total=total or None, last="")

    def step(self, text: str) -> None:
        if self.task is not None:
            shown = "".join(c if c.isprintable() else "?" for c in text)
            self.bars.update(self.task, advance=1, last=shown[:90])

    def note(self, text: str) -> None:
        self.bars.console.print(text, markup=False)

    def _finish(self) -> None:
        if self.task is not None:
            done = next(t.completed for t in self.bars.tasks if t.id == self.task)
            self.bars.update(self.task, total=max(done, 1), completed=max(done, 1), last="")
