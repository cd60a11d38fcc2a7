# SPDX-License-Identifier: GPL-2.0-only
"""`redzone setup`: install the packages redzone needs."""

import json

import click

from redzone_tool import setup


@click.command()
@click.option("--full", is_flag=True, help="Also what few tests need (tshark, chromium).")
@click.option("--check", is_flag=True, help="Install nothing; exit code 3 if something lacks.")
@click.option("--json", "as_json", is_flag=True, help="Print the packages as JSON.")
def command(full: bool, check: bool, as_json: bool) -> int:
    """Install what redzone needs from Debian's packages.

    Every command installs what it needs by itself; this installs all of it at once. Needs root
    or sudo; without them it prints the one line that an administrator can run.
    """
    groups = [name for name in setup.GROUPS if full or name != "full"]
    wanted = setup.packages(groups)
    absent = setup.missing(wanted)
    if as_json:
        click.echo(json.dumps({"schema": 1, "packages": wanted, "missing": absent}))
    elif absent:
        click.echo(f"{len(absent)} of {len(wanted)} packages missing: {' '.join(absent)}")
    if check:
        return 3 if absent else 0
    setup.ensure(*groups)
    if not as_json:
        click.echo(f"all {len(wanted)} packages are installed")
    return 0
