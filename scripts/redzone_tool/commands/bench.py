# SPDX-License-Identifier: GPL-2.0-only
"""`redzone bench`: speed beside a no-op target, peak memory."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from redzone_tool import benchmark, catalogue, disturbance, locks, manifest, paths
from redzone_tool.errors import FINDING, OK
from redzone_tool.report import tables


@click.command()
@click.argument("targets", nargs=-1, metavar="[TARGET]…")
@click.option("--flavour", "flavours", multiple=True, metavar="NAME",
              help="Only these flavours; may be repeated.")
@click.option("--quick", is_flag=True,
              help="libfuzzer-address and afl-address only, short runs: below 2 minutes.")
@click.option("--seconds", type=click.FloatRange(min=1), default=None,
              help="Length of one run.")
@click.option("--memory", "with_memory", is_flag=True,
              help="Peak memory instead: harnesses while fuzzing, the tool with 100,000 files.")
@click.option("--canaries", "with_canaries", is_flag=True,
              help="Guards and canaries instead: speed and coverage without, no-op and with.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(targets: tuple[str, ...], flavours: tuple[str, ...], quick: bool,
            seconds: float | None, with_memory: bool, with_canaries: bool,
            as_json: bool) -> int:
    """Executions per CPU-second of each target and flavour as a ratio to a no-op target.

    Runs of target and no-op take turns in one invocation, pinned to one CPU, from the same
    seeds and options; the ratio is the median over the pairs. Trust ratios, not rates.
    With --memory exit code 1 when a limit is exceeded. With --canaries each run has the same
    number of executions.
    """
    chosen = [catalogue.target(name) for name in dict.fromkeys(targets)] or catalogue.targets()
    names = benchmark.flavours(flavours, quick)

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    data: dict[str, Any] = {"schema": benchmark.SCHEMA, "targets": []}
    with locks.exclusive(paths.out() / "bench", "bench"):
        if with_canaries:
            engines = list(dict.fromkeys(n.split("-")[0] for n in names))
            rows = list(disturbance.measure(chosen, engines, "address", say))
            data = {"schema": benchmark.SCHEMA, "canaries": [r.as_dict() for r in rows],
                    "machine": manifest.machine()}
            click.echo(json.dumps(data, indent=1) if as_json
                       else tables.plain(disturbance.table(rows)))
            return OK
        if with_memory:
            data["memory"] = [m.as_dict() for m in benchmark.memory(
                chosen, seconds or 20.0, say)]
        else:
            data["targets"] = [s.as_dict() for s in benchmark.speed(
                chosen, names, quick, say, seconds or 0.0)]
            data["machine"] = manifest.machine()
    if as_json:
        click.echo(json.dumps(data, indent=1))
    else:
        _print(data)
    return OK if all(m["within"] for m in data.get("memory", ())) else FINDING


def _print(data: dict[str, Any]) -> None:
    rows: list[tables.Row] = [
        [t["target"], t["flavour"], f"{t['execs_per_s']:,.0f}", f"{t['noop_execs_per_s']:,.0f}",
         f"{100 * t['ratio']:.1f} %", f"{100 * t['ratio_min']:.0f}–{100 * t['ratio_max']:.0f} %",
         str(t["runs"])] for t in data["targets"]]
    if rows:
        click.echo(tables.plain(("Executions per CPU-second", (
            "target", "flavour", "target/s", "no-op/s", "ratio", "range", "runs"), rows)))
    rows = [[m["what"], f"{m['peak_mib']:.0f}", f"{m['limit_mib']:.0f}",
             "yes" if m["within"] else "NO"] for m in data.get("memory", ())]
    if rows:
        click.echo(tables.plain(("Peak memory", ("process", "MiB", "limit", "within"), rows)))
