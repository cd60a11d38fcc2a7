# SPDX-License-Identifier: GPL-2.0-only
"""`redzone campaign`: plan, run, resume, look at and export sets of trials."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from redzone_tool import catalogue, paths, report, results
from redzone_tool.campaign import data, export, run, spec, store
from redzone_tool.commands import _progress as progress
from redzone_tool.errors import FINDING, OK, ToolError
from redzone_tool.report import tables


@click.group()
def command() -> None:
    """Run planned sets of trials that survive interruptions.

    A campaign is targets x engines x sanitizers x what is changed x trials, each trial with its
    own RNG seed and budget. Everything is in out/campaigns/NAME/campaign.db; whatever ends the
    tool loses the running trials only, and `resume` runs exactly the missing ones.
    """


def _workers(function: Callable[..., int]) -> Callable[..., int]:
    for option in (
            click.option("--jobs", type=click.IntRange(1, 256), default=None,
                         help="Trials side by side.  [default: one a CPU]"),
            click.option("--scheduler", metavar="tcp://HOST:PORT", default="",
                         help="Hand the trials to Dask workers that see the same files."),
            click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")):
        function = option(function)
    return function


@command.command("run")
@click.argument("file", type=click.Path(path_type=Path), required=False, metavar="[FILE.toml]")
@click.option("--name", help="Name of the campaign.  [default: that of the file]")
@click.option("--target", "targets", multiple=True, help="May be repeated, as all below.")
@click.option("--engine", "engines", multiple=True, type=click.Choice(catalogue.ENGINES))
@click.option("--sanitizer", "sanitizers", multiple=True,
              type=click.Choice(catalogue.SANITIZERS))
@click.option("--mode", "modes", multiple=True, type=click.Choice(spec.MODES),
              help="clean: the port as it is; bugs: one bug a trial; all: all bugs at once; "
                   "guards: one lost guard a trial.")
@click.option("--bug", "bugs", multiple=True, help="Only these, in mode bugs.")
@click.option("--guard", "guards", multiple=True, help="These, in mode guards.")
@click.option("--trials", type=click.IntRange(1, 10000), default=None)
@click.option("--cpu-seconds", type=click.FloatRange(min=0.1), default=None,
              help="Budget of a trial: CPU time of the engine and all it starts,")
@click.option("--seconds", type=click.FloatRange(min=1), default=None, help="or wall time,")
@click.option("--executions", type=click.IntRange(1), default=None, help="or executions.")
@_workers
def run_(file: Path | None, name: str | None, jobs: int | None, scheduler: str, as_json: bool,
         **given: Any) -> int:
    """Begin a campaign from a TOML file, from options, or both (options win)."""
    table: dict[str, Any] = {}
    if file is not None:
        table = asdict(spec.read(file))
        table = {k: v for k, v in table.items() if v not in ((), 0.0, 0)}
    budgets = ("cpu_seconds", "seconds", "executions")
    if any(given[b] for b in budgets):
        table = {k: v for k, v in table.items() if k not in budgets}
    table.update({k: v for k, v in given.items() if v})
    plan = spec.of(table, str(file) if file else "campaign")
    name = name or (file.stem if file else "")
    if not name:
        raise ToolError("a campaign needs a name: --name, or a TOML file")
    folder = store.folder_of(name)
    if (folder / "campaign.db").exists():
        raise ToolError(f"campaign '{name}' exists: `redzone campaign resume {name}` goes on")
    with progress.view() as view:
        line = shlex.join(["redzone", *sys.argv[1:]])
        record = run.create(folder, plan, line, view)
        ended = run.resume(record, view, jobs or len(os.sched_getaffinity(0)),
                           scheduler=scheduler)
    return _close(record, ended, as_json)


@command.command("resume")
@click.argument("name")
@click.option("--retry-failed", is_flag=True, help="Also run trials again that failed.")
@click.option("--force", is_flag=True, help="Go on although a binary was rebuilt.")
@_workers
def resume_(name: str, retry_failed: bool, force: bool, jobs: int | None, scheduler: str,
            as_json: bool) -> int:
    """Run the trials that are missing."""
    record = store.Store.open(store.folder_of(name))
    with progress.view() as view:
        ended = run.resume(record, view, jobs or len(os.sched_getaffinity(0)), retry_failed,
                           scheduler, force)
    return _close(record, ended, as_json)


@command.command("status")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print all figures as JSON.")
def status_(name: str | None, as_json: bool) -> int:
    """Figures of a campaign, also while it runs; without a name: which there are."""
    if name is None:
        found = {n: store.Store.open(store.folder_of(n), write=False).counts()
                 for n in store.names()}
        if as_json:
            click.echo(json.dumps(found, indent=1))
        for each, counts in found.items() if not as_json else ():
            click.echo(f"{each}: {counts['done']} of {sum(counts.values())} trials done"
                       + (f", {counts['failed']} failed" if counts["failed"] else ""))
        return OK
    _print(data.collect(store.Store.open(store.folder_of(name), write=False)), as_json)
    return OK


@command.command("export")
@click.argument("name")
@click.option("--to", type=click.Path(path_type=Path), default=None, metavar="DIR",
              help="[default: export/ beside the campaign]")
def export_(name: str, to: Path | None) -> int:
    """Write campaign.json, CSV files and the inputs that were found."""
    folder = store.folder_of(name)
    record = store.Store.open(folder, write=False)
    written = export.write(record, to or folder / "export")
    for path in written:
        click.echo(paths.shown(path))
    return OK


@command.command("report")
@click.argument("name")
@click.option("--to", type=click.Path(path_type=Path), default=None, metavar="DIR",
              help="[default: report/ beside the campaign]")
@click.option("--measure", "measured", type=click.Path(path_type=Path), default=None,
              metavar="DATA.json",
              help="Show the guards of a measurement too: its out/report/data.json.")
def report_(name: str, to: Path | None, measured: Path | None) -> int:
    """Write the report: static pages with all tables as CSV, also while the campaign runs."""
    folder = store.folder_of(name)
    record = store.Store.open(folder, write=False)
    guards = results.read(measured) if measured else None
    page = report.write(guards, to or folder / "report", data.collect(record))
    export.inputs(record, page.parent / "inputs")
    click.echo(f"report: {paths.shown(page)}")
    return OK


def _close(record: store.Store, ended: run.Ended, as_json: bool) -> int:
    figures = data.collect(record)
    record.close()
    _print(figures, as_json)
    return FINDING if figures["failures"] else OK


def _print(figures: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(figures, indent=1))
        return
    for table in export.plain_tables(figures):
        click.echo(tables.plain(table) + "\n")
    for line in [*figures["failures"], *figures["notes"]]:
        click.echo(line)
    counts = figures["trials"]
    click.echo(f"{counts['done']} of {counts['planned_total']} trials done, "
               f"{counts['failed']} failed" + (
                   f"; CPU beside the engines: {100 * figures['overhead']:.1f} %"
                   if figures["overhead"] is not None else ""))
