# SPDX-License-Identifier: GPL-2.0-only
"""`redzone oracle`: does the port read what tshark reads?"""

from __future__ import annotations

import json
from pathlib import Path

import click

from redzone_tool import oracle, oracle_run, paths
from redzone_tool.errors import FINDING, ToolError

SCHEMA = 1
LEAST_AGREEMENT = 0.995
LEAST_COVERED = 0.95
SHOWN = 20


def show(tally: oracle.Tally, differences: int) -> None:
    """Counts per field name, reasons, and some of the differences."""
    kinds = (oracle.EQUAL, oracle.DIFFERS, oracle.MISSING, oracle.REJECTED)
    click.echo(f"{'field':36}{'compared':>10}" + "".join(f"{kind:>10}" for kind in kinds))
    for name, counts in sorted(tally.names.items()):
        compared = counts[oracle.EQUAL] + counts[oracle.DIFFERS]
        click.echo(f"{name:36}{compared:>10}" + "".join(f"{counts[k]:>10}" for k in kinds))
    click.echo(f"{'all':36}{tally.compared:>10}"
               + "".join(f"{tally.kinds[k]:>10}" for k in kinds))
    click.echo(f"{tally.packets} packets with {tally.occurrences} occurrences: "
               f"{tally.compared} compared ({tally.covered:.2%}), "
               f"{tally.kinds[oracle.EQUAL]} equal ({tally.agreement:.3%} of compared)")
    for (kind, reason), count in tally.reasons.most_common():
        click.echo(f"  {kind:9}{count:6}  {reason}")
    if tally.behind:
        click.echo(f"  of these {tally.behind.total()} behind checks that were switched off:")
        for guards, count in tally.behind.most_common():
            click.echo(f"  {'':9}{count:6}  {guards}")
    if tally.extra:
        click.echo("  only the port reads: "
                   + ", ".join(f"{n} {name}" for name, n in tally.extra.most_common()))
    for found in [f for f in tally.findings if f.kind == oracle.DIFFERS][:differences]:
        click.echo(f"  {found.file} frame {found.frame}: {found.name}[{found.index}] tshark "
                   f"{found.expected}, port {found.got}: {found.reason}")


def finish(tally: oracle.Tally, as_json: bool, differences: int, least: float,
           least_covered: float) -> int:
    if as_json:
        click.echo(json.dumps({"schema": SCHEMA, **tally.data()}, indent=1))
    else:
        show(tally, differences)
    if not tally.compared:
        raise ToolError("nothing was compared: no packet with such fields", FINDING)
    return FINDING if tally.agreement < least or tally.covered < least_covered else 0


@click.group(short_help="Compare the port's reading of captures with tshark's.")
def command() -> None:
    """Compare what the port reads in captures with what tshark reads.

    Exit code 0 if at least 99.5 % of the compared occurrences are equal (and, for the stored
    answers, at least 95 % of all occurrences could be compared); 1 otherwise, or if nothing
    could be compared.
    """


@command.command()
@click.argument("target", default="net_ipv6")
@click.option("--json", "as_json", is_flag=True)
@click.option("--differences", default=SHOWN, show_default=True, help="How many to list.")
def stored(target: str, as_json: bool, differences: int) -> int:
    """Use the answers stored with the sample data (REDZONE_DATA)."""
    data = paths.data_dir()
    if data is None:
        raise ToolError("REDZONE_DATA names no folder with the sample data")
    return finish(oracle_run.run_stored(target, data), as_json, differences, LEAST_AGREEMENT,
                  LEAST_COVERED)


@command.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--target", default="net_ipv6", show_default=True)
@click.option("--limit", default=0, help="Packets of each file (0: all).")
@click.option("--field", "names", multiple=True, help="Field to compare (default: the stored set).")
@click.option("--json", "as_json", is_flag=True)
@click.option("--differences", default=SHOWN, show_default=True, help="How many to list.")
def tshark(files: tuple[Path, ...], target: str, limit: int, names: tuple[str, ...],
           as_json: bool, differences: int) -> int:
    """Ask the installed tshark about FILES."""
    tally = oracle_run.run_tshark(target, files, limit, names)
    return finish(tally, as_json, differences, LEAST_AGREEMENT, 0.0)
