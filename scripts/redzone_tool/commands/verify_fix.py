# SPDX-License-Identifier: GPL-2.0-only
"""`redzone verify-fix`: what a fix changes, in every flavour that replays."""

from __future__ import annotations

import json

import click

from redzone_tool import catalogue, verifyfix
from redzone_tool.errors import FINDING, OK


@click.command(short_help="Show a known bug before and after its fix, in all flavours.")
@click.argument("bug_id", metavar="ID")
@click.option("--sanitizer", "sanitizers", type=click.Choice(catalogue.SANITIZERS), multiple=True,
              help="Default: all three.")
@click.option("--solid/--no-solid", default=True, show_default=True,
              help="Also the builds without switches, which have the fix only.")
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
def command(bug_id: str, sanitizers: tuple[str, ...], solid: bool, as_json: bool) -> int:
    """Play the proof input of ID and its variants, before the fix (its switch on) and after.

    Before, each sanitizer must report what bug.toml expects; after, all must be clean, and so
    must be the solid builds. Exit code 0 only if all of that holds.
    """
    bug = catalogue.bug(bug_id)
    rows = []
    for row in verifyfix.rows(bug, sanitizers or catalogue.SANITIZERS, solid):
        rows.append(row)
        if not as_json:
            mark = "ok   " if row.ok else "WRONG"
            click.echo(f"{mark} {row.flavour}, {row.input}")
            if row.before:
                click.echo(f"        before: {row.before}")
                if not row.ok:
                    click.echo(f"        wanted: {row.expected}")
            click.echo(f"        after:  {row.after}")
    wrong = sum(not row.ok for row in rows)
    if as_json:
        click.echo(json.dumps({"schema": 1, "bug": bug.id, "fixed": not wrong,
                               "rows": [row.as_dict() for row in rows]}, indent=1))
    else:
        click.echo(f"{bug.id}: {len(rows)} rows, {wrong} wrong")
    return FINDING if wrong else OK
