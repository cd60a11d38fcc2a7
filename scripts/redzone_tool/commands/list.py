# SPDX-License-Identifier: GPL-2.0-only
"""`redzone list`: targets, bugs and flavours."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from redzone_tool import build, catalogue, osv as osv_, paths, seeds


@click.command()
@click.option("--flavours", is_flag=True, help="List build flavours instead.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (stable, schema 1).")
@click.option("--osv", type=click.Path(path_type=Path), metavar="DIR",
              help="Write the bugs in the OSV format, one file each.")
def command(flavours: bool, as_json: bool, osv: Path | None) -> None:
    """List targets and historical bugs."""
    if osv is not None:
        files = osv_.write(catalogue.bugs(), osv)
        click.echo(f"{len(files)} records in {paths.shown(osv)}")
        return
    if flavours:
        names = build.flavours()
        click.echo(json.dumps({"schema": 1, "flavours": names}) if as_json else "\n".join(names))
        return
    data = catalogue_data()
    if as_json:
        click.echo(json.dumps(data, indent=1))
        return
    rows = [(t["name"], t["family"], str(t["guards"]), str(t["seeds"]), t["dictionary"] or "-")
            for t in data["targets"]]
    _table(("target", "family", "guards", "seeds", "dictionary"), rows)
    click.echo()
    titles = {b.id: b.title for b in catalogue.bugs()}
    _table(("bug", "target", "class", "title"),
           [(b["id"], b["target"], b["class"] + ("*" if b["memory_safety"] else ""),
             titles[b["id"]]) for b in data["bugs"]])
    if data["bugs"]:
        click.echo("\n* memory safety")


def catalogue_data() -> dict[str, Any]:
    """What `list --json` prints."""
    targets = catalogue.targets()
    by_file = Counter(g.file for g in catalogue.guards())
    return {
        "schema": 1,
        "targets": [{
            "name": t.name, "family": t.family, "port": list(t.port),
            "guards": sum(by_file[file] for file in t.port),
            "seeds": len(seeds.files(t.name)),
            "dictionary": t.dictionary if t.dictionary_path else None} for t in targets],
        "bugs": [{
            "id": b.id, "target": b.target, "class": b.class_,
            "memory_safety": b.memory_safety} for b in catalogue.bugs()]}


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    for row in [head, *rows]:
        click.echo("  ".join(word.ljust(width) for word, width in zip(row, widths)).rstrip())
