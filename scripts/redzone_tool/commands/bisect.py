# SPDX-License-Identifier: GPL-2.0-only
"""`redzone bisect`: the commit that made an input fault, or made it clean."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from redzone_tool import bisect, catalogue, findings, locks, paths, reproduce
from redzone_tool.errors import FINDING, OK

SANITIZERS = (*catalogue.SANITIZERS, reproduce.COMBINED, "none")


@click.command(short_help="Find the commit that changed whether an input faults.")
@click.argument("input_", metavar="ID|FILE")
@click.option("--old", required=True, metavar="REV", help="Where the range begins.")
@click.option("--new", default="HEAD", show_default=True, metavar="REV", help="Where it ends.")
@click.option("--target", default=None, help="Target of FILE, where its folder does not tell.")
@click.option("--bugs", is_flag=True, help="ID: with the bug brought back.")
@click.option("--sanitizer", type=click.Choice(SANITIZERS), default="address",
              show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(input_: str, old: str, new: str, target: str | None, bugs: bool, sanitizer: str,
            as_json: bool) -> int:
    """Play one input (a proof input by its ID, or FILE) in builds of the commits from --old to
    --new, and name the first that does as --new does. Works in a work tree of its own
    (out/bisect); commits that do not build are passed over. Exit code 1 when the answer is a
    range.
    """
    file, env = Path(input_), {}
    if not file.exists() and "/" not in input_:
        bug = catalogue.bug(input_)
        file, target = bug.input, bug.target
        if bugs:
            env = {**bug.env, "REDZONE_BUGS": bug.id}
    else:
        reproduce.readable(file)
        record = findings.record_of(file) or {}
        env = {str(k): str(v) for k, v in record.get("env", {}).items()}
    chosen = catalogue.target(target or reproduce.target_of(file)).name

    def say(step: bisect.Step) -> None:
        click.echo(f"{step.commit[:12]} {step.state}: {step.seen}  ({step.subject})", err=True)

    with locks.exclusive(paths.out() / "bisect", "redzone bisect"):
        answer = bisect.bisect(chosen, file, sanitizer, env, bisect.commits(old, new), say)
    assert answer.first is not None
    if as_json:
        click.echo(json.dumps({"schema": 1, **asdict(answer)}, indent=1))
    else:
        does = "is clean" if answer.first.state == bisect.CLEAN else "faults"
        click.echo(f"first commit where it {does}: {answer.first.commit[:12]} "
                   f"{answer.first.subject}")
        for commit in answer.between:
            click.echo(f"  or {commit[:12]}, which could not be judged")
    return FINDING if answer.between else OK
