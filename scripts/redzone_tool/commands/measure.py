# SPDX-License-Identifier: GPL-2.0-only
"""`redzone measure`: the main job."""

from __future__ import annotations

import json
import shlex
import sys
import time
from pathlib import Path
from typing import Any

import click

from redzone_tool import catalogue, measure, paths
from redzone_tool.errors import FINDING, INTERRUPTED, OK
from redzone_tool.report import tables


@click.command()
@click.argument("targets", nargs=-1, metavar="[TARGET]…")
@click.option("--seconds", type=click.FloatRange(min=5), default=270, show_default=True,
              help="Wall time after the builds, over all stages.")
@click.option("--trials", type=click.IntRange(1, 1000), default=1, show_default=True,
              help="Fuzzing trials for each bug, engine and sanitizer.")
@click.option("--engine", "engines", type=click.Choice(catalogue.ENGINES), multiple=True,
              help="Fuzz with these engines only; may be repeated.")
@click.option("--sanitizer", "sanitizers", type=click.Choice(catalogue.SANITIZERS),
              multiple=True, help="Use these sanitizers only; may be repeated.")
@click.option("--corpus", type=click.Path(path_type=Path), default=None, metavar="DIR",
              help="Replay these inputs too (DIR/TARGET/ for several targets).")
@click.option("--json", "as_json", is_flag=True, help="Print the report's data as JSON.")
def command(targets: tuple[str, ...], seconds: float, trials: int, engines: tuple[str, ...],
            sanitizers: tuple[str, ...], corpus: Path | None, as_json: bool) -> int:
    """Measure every target, or those named: what lost checks lead to, who finds bugs, how fast.

    Builds, replays the seeds, ablates each guard, fuzzes for what is missing, brings back
    historical bugs one at a time and fuzzes the port as it is. Prints tables and writes
    out/report/index.html with data.json and CSV files. Ctrl-C keeps what was measured.

    Exit code 1 when the port as it is faulted, 4 when interrupted.
    """
    chosen = [catalogue.target(name) for name in dict.fromkeys(targets)] or catalogue.targets()
    words = [a for a in sys.argv[1:] if a != "--json"] or ["measure"]
    options = measure.Options(
        targets=tuple(chosen), seconds=seconds, trials=trials,
        engines=tuple(dict.fromkeys(engines)) or catalogue.ENGINES,
        sanitizers=tuple(s for s in catalogue.SANITIZERS if not sanitizers or s in sanitizers),
        corpus=corpus.absolute() if corpus else None,
        command=shlex.join(["redzone", *words]))
    view: _RichProgress | _PlainProgress
    view = _RichProgress() if sys.stderr.isatty() else _PlainProgress()
    with view:
        data = measure.run(options, view)
    if as_json:
        click.echo(json.dumps(data, indent=1))
    else:
        _print(data)
    if data["interrupted"]:
        click.echo("redzone: interrupted, results so far are in the report", err=True)
        return INTERRUPTED
    faults = any(t["clean_faults"] for t in data["targets"])
    return FINDING if data["clean"]["findings"] or faults else OK


def _print(data: dict[str, Any]) -> None:
    if sys.stdout.isatty():
        from rich.console import Console
        console = Console()
        for table in tables.tables(data):
            console.print(tables.rich_table(table))
    else:
        for text in tables.all_plain(data):
            click.echo(text + "\n")
    for line in tables.closing(data):
        click.echo(line)
    click.echo(f"report: {paths.shown(paths.out() / 'report' / 'index.html')}")


class _PlainProgress:
    """A line for each job."""

    def __init__(self) -> None:
        self.start = time.monotonic()
        self.name = ""

    def __enter__(self) -> "_PlainProgress":
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


class _RichProgress:
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

    def __enter__(self) -> "_RichProgress":
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
