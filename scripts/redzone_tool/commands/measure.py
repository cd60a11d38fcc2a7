# SPDX-License-Identifier: GPL-2.0-only
"""`redzone measure`: the main job."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import Any

import click

from redzone_tool import catalogue, measure, paths
from redzone_tool.commands import _progress as progress
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
@click.option("--fresh", is_flag=True,
              help="Leave aside the inputs that earlier measurements kept (out/kept).")
@click.option("--json", "as_json", is_flag=True, help="Print the report's data as JSON.")
def command(targets: tuple[str, ...], seconds: float, trials: int, engines: tuple[str, ...],
            sanitizers: tuple[str, ...], corpus: Path | None, fresh: bool, as_json: bool) -> int:
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
        kept=not fresh, command=shlex.join(["redzone", *words]))
    with progress.view() as view:
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
