# SPDX-License-Identifier: GPL-2.0-only
"""`redzone guards`: the guard table of a target."""

import json
from pathlib import Path

import click

from redzone_tool import catalogue, guardtable, paths, seeds
from redzone_tool.errors import ToolError


@click.command()
@click.argument("target")
@click.option("--guard", "guard_id", default=None, metavar="ID", help="Only this guard.")
@click.option("--corpus", type=click.Path(path_type=Path), default=None, metavar="FOLDER",
              help="Count over these inputs.  [default: both seed sets]")
@click.option("--ablate/--no-ablate", default=None,
              help="Also lose each guard in turn and say what that leads to.  "
                   "[default: with --json only]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (stable, schema 1).")
def command(target: str, guard_id: str | None, corpus: Path | None, ablate: bool | None,
            as_json: bool) -> None:
    """Show the guards of TARGET: how many inputs reach and violate each.

    With --ablate each guard is switched off at run time and the inputs that violate it are
    replayed under three sanitizers; `outcome` is the worst class seen. `redzone measure` does
    the same with more inputs and both skb layouts.
    """
    chosen = catalogue.target(target)
    known = catalogue.guards_of(chosen)
    if guard_id is not None:
        catalogue.guard(guard_id, known)
    files = _corpus_files(corpus) if corpus else seeds.files(chosen.name)
    table = guardtable.rows(chosen, files, as_json if ablate is None else ablate)
    if guard_id is not None:
        table = [row for row in table if row.guard.id == guard_id]
    if as_json:
        click.echo(json.dumps({"schema": 1, "target": chosen.name, "inputs": len(files),
                               "guards": [row.as_dict() for row in table]}, indent=1))
        return
    for row in table:
        outcome = f"  {row.outcome:16s}" if row.outcome is not None else ""
        bug = f"  [{row.guard.bug}]" if row.guard.bug else ""
        click.echo(f"{row.reached:6d} {row.violated:6d}{outcome}  {row.guard.id}  "
                   f"{row.guard.condition}{bug}")
    reached = sum(1 for row in table if row.reached)
    violated = sum(1 for row in table if row.violated)
    click.echo(f"{len(table)} guards, {reached} reached, {violated} violated "
               f"(columns 1 and 2, by {len(files)} inputs)")


def _corpus_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise ToolError(f"no such folder: {paths.shown(folder)}")
    found = sorted(p.absolute() for p in folder.rglob("*") if p.is_file())
    if not found:
        raise ToolError(f"{paths.shown(folder)} holds no files")
    return found
