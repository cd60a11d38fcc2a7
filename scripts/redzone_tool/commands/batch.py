# SPDX-License-Identifier: GPL-2.0-only
"""`redzone batch`: all targets in turn, unattended."""

from __future__ import annotations

import json
import os
import sys

import click

from redzone_tool import batch, catalogue, paths
from redzone_tool.errors import FINDING, INTERRUPTED, OK
from redzone_tool.report import tables

ENGINES = ("libfuzzer", "afl")


@click.command(short_help="Fuzz all targets in turn, unattended; corpora kept and pruned.")
@click.argument("targets", nargs=-1, metavar="[TARGET]…")
@click.option("--minutes", type=click.FloatRange(min=0.1), default=45, show_default=True,
              help="Wall time of the whole batch.")
@click.option("--slice", "slice_s", type=click.FloatRange(min=2), default=60, show_default=True,
              help="Seconds of one slice.")
@click.option("--jobs", type=click.IntRange(1, 256), default=None,
              help="Slices side by side, of different targets.  [default: one a CPU]")
@click.option("--engine", "engines", multiple=True, type=click.Choice(ENGINES),
              help="Default: both.")
@click.option("--sanitizer", "sanitizers", multiple=True,
              type=click.Choice(catalogue.SANITIZERS), help="Default: all three.")
@click.option("--changed", metavar="REV",
              help="Only targets whose code differs from this git revision.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(targets: tuple[str, ...], minutes: float, slice_s: float, jobs: int | None,
            engines: tuple[str, ...], sanitizers: tuple[str, ...], changed: str | None,
            as_json: bool) -> int:
    """Fuzz the ports as they are (no bug, no lost guard), in short slices, until time is up.

    The combination of target, engine and sanitizer that had the least CPU time is next. Each
    target keeps one corpus (out/corpus/TARGET/batch), pruned when it has grown: what reaches or
    violates a guard is kept first. A batch goes on where the last one ended, however it ended.
    Exit code 1 when something was found.
    """
    chosen = [catalogue.target(name) for name in dict.fromkeys(targets)] or catalogue.targets()
    if changed is not None:
        touched = {target.name for target in batch.changed_targets(changed)}
        chosen = [target for target in chosen if target.name in touched]
        if not chosen:
            click.echo(f"no target differs from {changed}")
            return OK
    plan = [batch.Job(target.name, engine, sanitizer) for target in chosen
            for engine in engines or ENGINES for sanitizer in sanitizers or catalogue.SANITIZERS]

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    runner = batch.Batch(plan, slice_s, jobs or len(os.sched_getaffinity(0)), say)
    runner.run(minutes * 60)
    if as_json:
        click.echo(json.dumps({**runner.state.data(), "interrupted": runner.interrupted,
                               "peak_mib": batch.peak_mib()}, indent=1))
    else:
        _print(runner)
    if runner.interrupted:
        click.echo("redzone: interrupted, results kept", err=True)
        return INTERRUPTED
    return FINDING if any(r.findings for r in runner.state.jobs.values()) else OK


def _print(runner: batch.Batch) -> None:
    rows: list[tables.Row] = []
    for name, record in sorted(runner.state.jobs.items()):
        target, combination = name.split(" ")
        rows.append([target, combination, f"{record.slices}", f"{record.cpu_s:,.0f}",
                     f"{record.execs:,}", f"{record.edges:,}", f"{len(record.findings)}",
                     f"{record.failed}" if record.failed else ""])
    click.echo(tables.plain(("Slices so far", ("target", "engine-sanitizer", "slices", "CPU s",
                                               "executions", "edges", "findings", "failed"),
                             rows)))
    for name, entry in sorted(runner.state.corpora.items()):
        click.echo(f"{name}: corpus {entry.files} files, {entry.bytes >> 10} KiB, "
                   f"pruned {entry.prunes} times")
    for problem in batch.within_limits(runner.state):
        click.echo(f"above the limit of {batch.MOST_FILES} files and {batch.MOST_MIB} MiB: "
                   f"{problem}")
    rate = runner.state.rate()
    hours = sum(r.cpu_s for r in runner.state.jobs.values()) / 3600
    if rate.value:
        click.echo(f"findings: {rate.value:.2f} per CPU-hour [{rate.low:.2f}, {rate.high:.2f}] "
                   f"in {hours:.2f} CPU-hours; inputs in {paths.shown(paths.out() / 'findings')}")
    else:
        click.echo(f"no finding in {hours:.2f} CPU-hours: at most {rate.high:.2f} per CPU-hour")
    click.echo(f"largest process: {batch.peak_mib()} MiB")
