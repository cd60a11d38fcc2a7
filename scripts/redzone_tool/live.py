# SPDX-License-Identifier: GPL-2.0-only
"""How a fuzzing run looks: a live panel on a terminal, plain lines elsewhere."""

import time
from types import TracebackType
from typing import Any, Protocol, TextIO

from redzone_tool.findings import Finding
from redzone_tool.fuzz import Progress

PLAIN_EVERY_S = 5.0


def count(value: float) -> str:
    """A large number in few characters: 12.3k, 4.56M."""
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if value >= limit:
            return f"{value / (1e3 if unit == 'k' else limit):.3g}{unit}"
    return f"{value:.0f}"


def duration(seconds: float) -> str:
    """1:02:03 or 4:05."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    text = f"{rest // 60:02d}:{rest % 60:02d}"
    return f"{hours}:{text}" if hours else text.removeprefix("0")


def line(progress: Progress) -> str:
    """One line of figures."""
    return (f"{duration(progress.elapsed)} left {duration(progress.left)}  "
            f"execs {count(progress.execs)} ({count(progress.rate)}/s)  "
            f"edges {progress.edges}  corpus {progress.corpus}  "
            f"findings {len(progress.findings)}  cpu {progress.cpu_s:.0f}s")


def finding_line(finding: Finding) -> str:
    """One line for a new cause."""
    known = "" if finding.fresh else " (known from an earlier run)"
    return f"finding: {finding.report.summary} [{finding.report.class_}]{known}"


class View(Protocol):
    """What `redzone fuzz` shows a run with."""

    def __enter__(self) -> "View":
        """Take over the terminal."""

    def __exit__(self, kind: type[BaseException] | None, err: BaseException | None,
                 trace: TracebackType | None) -> None:
        """Give it back."""

    def show(self, progress: Progress) -> None:
        """New figures."""

    def tell(self, finding: Finding) -> None:
        """A new cause."""


def view(out: TextIO) -> View:
    """The view that fits an output."""
    if out.isatty():
        return RichView()
    return PlainView(out)


class PlainView:
    """A line every few seconds."""

    def __init__(self, out: TextIO):
        self.out = out
        self.last = time.monotonic()

    def __enter__(self) -> "PlainView":
        return self

    def __exit__(self, kind: type[BaseException] | None, err: BaseException | None,
                 trace: TracebackType | None) -> None:
        pass

    def show(self, progress: Progress) -> None:
        """Print figures when it is time."""
        now = time.monotonic()
        if now - self.last >= PLAIN_EVERY_S:
            self.last = now
            print(line(progress), file=self.out, flush=True)

    def tell(self, finding: Finding) -> None:
        """A new cause."""
        print(finding_line(finding), file=self.out, flush=True)


class RichView:
    """A panel that redraws itself."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.live import Live
        self.console = Console(stderr=True)
        self.live = Live(console=self.console, refresh_per_second=4, transient=True)

    def __enter__(self) -> "RichView":
        self.live.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, err: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.live.__exit__(kind, err, trace)

    def show(self, progress: Progress) -> None:
        """Redraw."""
        self.live.update(self._panel(progress))

    def tell(self, finding: Finding) -> None:
        """A new cause, above the panel."""
        self.console.print(finding_line(finding), style="bold red", markup=False,
                           highlight=False)

    def _panel(self, progress: Progress) -> Any:
        from rich.panel import Panel
        from rich.table import Table
        plan = progress.plan
        table = Table.grid(padding=(0, 3))
        for _ in range(4):
            table.add_column()
        table.add_row("elapsed", duration(progress.elapsed), "left", duration(progress.left))
        table.add_row("executions", count(progress.execs), "per second", count(progress.rate))
        table.add_row("edges", str(progress.edges), "corpus", str(progress.corpus))
        table.add_row("findings", str(len(progress.findings)), "CPU", f"{progress.cpu_s:.0f} s")
        for finding in progress.findings[-5:]:
            table.add_row("", f"{finding.hits}x", "", finding.report.summary)
        bugs = f", bugs {', '.join(b.id for b in plan.bugs)}" if plan.bugs else ""
        title = f"{plan.target.name}: {plan.engine}, {plan.sanitizer}{bugs}"
        return Panel(table, title=title, subtitle="Ctrl-C ends and keeps everything")
