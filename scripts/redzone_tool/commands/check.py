# SPDX-License-Identifier: GPL-2.0-only
"""`redzone check`: is what the tree says about itself true?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from redzone_tool import audit, gen_bugs, paths
from redzone_tool.audit_page import branch_row
from redzone_tool.errors import FINDING, OK, USAGE, ToolError

SCHEMA = 1


def _print_json(data: dict[str, Any]) -> None:
    click.echo(json.dumps({"schema": SCHEMA, **data}, indent=1))


def _families(names: tuple[str, ...]) -> list[str]:
    there = audit.families(paths.root())
    for name in names:
        if name not in there:
            raise ToolError(f"no family '{name}' with ports (there are: {', '.join(there)})", USAGE)
    return list(names) or there


def check_guards(names: tuple[str, ...], as_json: bool, rows: bool) -> int:
    """Audit families, print, say whether all is explained."""
    audits = [audit.run(paths.root(), family) for family in _families(names)]
    if as_json:
        _print_json({"families": [item.data() for item in audits]})
    elif rows:
        for item in audits:
            for branch in item.unexplained:
                click.echo(branch_row(branch.file, branch.function, branch.condition))
    else:
        for item in audits:
            _print_audit(item)
    return FINDING if any(item.problems for item in audits) else OK


def _print_audit(item: audit.Audit) -> None:
    click.echo(
        f"{item.family}: {len(item.files)} files, {item.functions} functions, "
        f"{len(item.guards)} guards; {len(item.branches)} rejecting branches, of which "
        f"{sum(b.guarded for b in item.branches)} guarded, {len(item.why)} explained, "
        f"{len(item.unexplained)} unexplained")
    for share in item.shares:
        click.echo(f"  {share.file}: {share.matched} of {share.checks} rejecting checks "
                   f"have a guard here ({share.share:.0%})")
    for problem in item.problems:
        click.echo(f"  {problem}")


def check_bugs(as_json: bool) -> int:
    """Compare crashes/<id>/bug.toml with the ids that the ports use."""
    root = paths.root()
    try:
        ids = gen_bugs.catalogue_ids(root)
    except gen_bugs.BugError as error:
        raise ToolError(str(error), FINDING) from error
    uses = gen_bugs.port_uses(root)
    problems = gen_bugs.differences(ids, uses)
    if as_json:
        _print_json({
            "bugs": [
                {"id": bug_id, "token": gen_bugs.token(bug_id),
                 "uses": [f"{use.file}:{use.line}:{use.macro}" for use in uses
                          if use.token == gen_bugs.token(bug_id)]}
                for bug_id in ids
            ],
            "problems": problems,
        })
    else:
        click.echo(f"bugs: {len(ids)} in crashes/, {len(uses)} uses in ports, "
                   f"{len(problems)} disagreements")
        for problem in problems:
            click.echo(f"  {problem}")
    return FINDING if problems else OK


@click.group(invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> int:
    """Audit guards, bug ids and upstream counts; without a subcommand: guards and bugs."""
    status = OK
    if context.invoked_subcommand is None:
        status = check_bugs(False)
        if audit.families(paths.root()):
            status = max(status, check_guards((), False, False))
    return status


@command.command("guards")
@click.argument("families", nargs=-1, metavar="[FAMILY]...")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
@click.option("--rows", is_flag=True,
              help="Print table rows for what is not explained yet, to fill in on the page.")
def guards_command(families: tuple[str, ...], as_json: bool, rows: bool) -> int:
    """Rejecting branches that are no guard against the port-status page."""
    return check_guards(families, as_json, rows)


@command.command("bugs")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
def bugs_command(as_json: bool) -> int:
    """Bug ids in ports against crashes/<id>/bug.toml."""
    return check_bugs(as_json)


@command.command("upstream")
@click.argument("families", nargs=-1, metavar="[FAMILY]...")
@click.option("--kernel", type=click.Path(path_type=Path), required=True,
              help="Source tree of the modelled kernel version.")
@click.option("--list", "listed", metavar="FILE[:FUNCTION]",
              help="Only print the rejecting branches of a kernel file or function.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
def upstream_command(
    families: tuple[str, ...], kernel: Path, listed: str | None, as_json: bool
) -> int:
    """Counts of upstream's rejecting checks against a kernel source tree."""
    if not kernel.is_dir():
        raise ToolError(f"no kernel source folder {kernel}", USAGE)
    if listed:
        _list_upstream(kernel, listed)
        return OK
    checks = [audit.check_upstream(paths.root(), name, kernel) for name in _families(families)]
    if as_json:
        _print_json({"families": [vars(check) for check in checks]})
    else:
        for check in checks:
            click.echo(f"{check.family}: {check.rows} rows, {check.branches} rejecting checks "
                       f"counted upstream, {len(check.problems)} disagreements")
            for problem in check.problems:
                click.echo(f"  {problem}")
            for file, rest in check.left_out.items():
                names = ", ".join(f"{name} {count}" for name, count in rest.items())
                click.echo(f"  {file}: not modelled: {names or 'nothing that rejects'}")
    return FINDING if any(check.problems for check in checks) else OK


def _list_upstream(kernel: Path, listed: str) -> None:
    file, _, wanted = listed.partition(":")
    found = audit.upstream_branches(kernel, file)
    if wanted and wanted not in found:
        raise ToolError(f"{file} has no function {wanted}()", USAGE)
    for name, branches in found.items():
        if wanted in ("", name) and branches:
            click.echo(f"{name}: {len(branches)}")
            for branch in branches:
                click.echo(f"  {branch.line}: {branch.condition}  ({branch.how})")
