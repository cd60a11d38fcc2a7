# SPDX-License-Identifier: GPL-2.0-only
"""`redzone test`: the quick tier for every commit, the full one for releases and CI."""

import time

import click

from redzone_tool import testing
from redzone_tool.errors import FINDING, OK


@click.command()
@click.option("--full", is_flag=True, help="Everything: all sanitizers, bugs on and off, "
              "ablation, end-to-end fuzzing, data tests where REDZONE_DATA is set.")
@click.option("--jobs", type=click.IntRange(min=1), default=None,
              help="Processes at once.  [default: one a CPU]")
def command(full: bool, jobs: int | None) -> int:
    """Run the tests: unit tests, hostile-kernel tests, tool tests, the guard audit.

    The last line is `N passed, N failed, N skipped`; tests on the sample data are skipped, and
    named, unless REDZONE_DATA names its folder.
    """
    started = time.monotonic()
    total = testing.run(full, click.echo, jobs)
    click.echo(f"all of it in {time.monotonic() - started:.0f} s")
    for line in testing.summary(total):
        click.echo(line)
    return FINDING if total.failed else OK
