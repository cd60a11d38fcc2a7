# SPDX-License-Identifier: GPL-2.0-only
"""`redzone compare`: did bugs and lost guards get easier or harder to find?"""

from __future__ import annotations

import json

import click

from redzone_tool.campaign import compare, data, store
from redzone_tool.errors import FINDING, OK
from redzone_tool.report import figures, tables


@click.command()
@click.argument("a")
@click.argument("b")
@click.option("--event", type=click.Choice([data.TRIGGER, data.DETECT]), default=data.DETECT,
              show_default=True, help="Until what happened.")
@click.option("--unit", type=click.Choice(data.UNITS), default="executions", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(a: str, b: str, event: str, unit: str, as_json: bool) -> int:
    """Compare two campaigns: which bugs and lost guards took longer in B than in A.

    For each one the exact Mann-Whitney test of the times (trials that ran out of budget tie),
    corrected by Holm over all of them, with the effect size A12 and the log-rank test beside it.
    Both sides are cut to the time that all trials of both were watched.

    Exit code 1 when something is slower in B, so that CI can hold a change to it.
    """
    sides = [store.Store.open(store.folder_of(name), write=False) for name in (a, b)]
    found = compare.compare(sides[0], sides[1], event, unit)
    if as_json:
        click.echo(json.dumps(found, indent=1))
    else:
        shown = figures.count if unit == "executions" else figures.seconds
        rows: list[tables.Row] = [[
            p["subject"], f"{p['engine']}-{p['sanitizer']}", p["mode"],
            f"{p['hits_a']}/{p['trials_a']}", f"{p['hits_b']}/{p['trials_b']}",
            shown(p["median_a"]), shown(p["median_b"]),
            f"{p['a12']:.2f} [{p['a12_low']:.2f}, {p['a12_high']:.2f}]", f"{p['p']:.2g}",
            f"{p['adjusted']:.2g}", p["verdict"]] for p in found["pairs"]]
        click.echo(tables.plain((f"{found['b']} against {found['a']}: {event}, {unit}", (
            "bug or guard", "engine-sanitizer", "mode", "hits A", "hits B", "median A",
            "median B", "A12 (B longer)", "p", "p (Holm)", "B is"), rows)) + "\n")
        for line in found["notes"]:
            click.echo(line)
        click.echo(f"{found['slower']} slower, {found['faster']} faster of "
                   f"{len(found['pairs'])}; only in A: {len(found['only_a'])}, only in B: "
                   f"{len(found['only_b'])}")
    return FINDING if found["slower"] else OK
