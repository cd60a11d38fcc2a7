# SPDX-License-Identifier: GPL-2.0-only
"""`redzone build`: configure and build flavours."""

import json

import click

from redzone_tool import build, paths


@click.command()
@click.argument("flavours", nargs=-1, metavar="[FLAVOUR]...")
@click.option("--all", "everything", is_flag=True, help="Every flavour.")
@click.option("--json", "as_json", is_flag=True, help="Print the build trees as JSON.")
def command(flavours: tuple[str, ...], everything: bool, as_json: bool) -> None:
    """Build FLAVOURs (default: libfuzzer-address+undefined and native-guards).

    A flavour is engine x sanitizer x guards; `redzone list --flavours` shows them. Build trees
    are in out/build, logs in out/log. Unchanged flavours take no time.
    """
    if everything:
        chosen = build.flavours()
    else:
        chosen = list(flavours) or ["libfuzzer-address+undefined", "native-guards"]
    for name in chosen:
        build.check_flavour(name)
    trees = {name: build.ensure(name) for name in chosen}
    if as_json:
        click.echo(json.dumps({"schema": 1, "flavours": {n: str(t) for n, t in trees.items()}}))
        return
    for name, tree in trees.items():
        click.echo(f"{name}: {paths.shown(tree)}")
