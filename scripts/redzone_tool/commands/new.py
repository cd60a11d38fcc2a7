# SPDX-License-Identifier: GPL-2.0-only
"""`redzone new`: scaffold a target."""

import click

from redzone_tool import newtarget, paths


@click.command()
@click.argument("target")
@click.option("--family", default=None,
              help="Folder under parsers/.  [default: from the prefix: bt, net, media, nvme]")
@click.option("--form", type=click.Choice(newtarget.FORMS), default="frame", show_default=True,
              help="Form of the input.")
@click.option("--max-len", type=click.IntRange(1, 1 << 24), default=4096, show_default=True,
              help="Longest input an engine makes.")
def command(target: str, family: str | None, form: str, max_len: int) -> None:
    """Scaffold TARGET (as bt_smp): port, harness, seeds, dictionary and CMake lines.

    What is made builds and runs at once: a small record parser with two guards, to be replaced
    by the real port. docs/porting.md says how.
    """
    made = newtarget.create(newtarget.request(target, family, form, max_len))
    for file in made:
        click.echo(file.relative_to(paths.root()))
    click.echo(f"next: scripts/redzone guards {target}; "
               f"scripts/redzone fuzz {target} --seconds 10")
