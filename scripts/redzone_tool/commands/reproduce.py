# SPDX-License-Identifier: GPL-2.0-only
"""`redzone reproduce`: play one input and say whether what was expected happened."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from redzone_tool import catalogue, explain, findings, fuzz, replay, reproduce, reproducer
from redzone_tool.errors import FINDING, OK, ToolError
from redzone_tool.reproduce import Check

SANITIZERS = (*catalogue.SANITIZERS, reproduce.COMBINED, "none")


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="ID|FILE...")
@click.option("--target", default=None, help="Target of FILE, where its folder does not tell.")
@click.option("--bugs", default=None, metavar="ID,…|all", help="Bugs to bring back for FILE.")
@click.option("--sanitizer", "sanitizers", type=click.Choice(SANITIZERS), multiple=True,
              help="Default: all three for an ID, address+undefined for a FILE.")
@click.option("--expect", default="any", metavar="any|clean|KIND[:FUNCTION]", show_default=True,
              help="What FILE is expected to do.")
@click.option("--ablate", default=None, metavar="GUARD,…", help="Guards to switch off for FILE.")
@click.option("--skb", type=click.Choice(("strict", "kernel")), default=None,
              help="Packet layout for FILE.  [default: strict]")
@click.option("--explain/--no-explain", "explained", default=True, show_default=True,
              help="Say which line, which missing guard and which field.")
@click.option("--export", type=click.Path(path_type=Path, dir_okay=False), default=None,
              metavar="FILE.c", help="Write the first fault as a C program without engine.")
@click.option("--gdb", is_flag=True, help="Then run it in gdb, stopped where it is reported.")
@click.option("--quiet", is_flag=True, help="One line a run, no reports.")
@click.option("--json", "as_json", is_flag=True, help="Print the checks as JSON.")
def command(inputs: tuple[str, ...], target: str | None, bugs: str | None,
            sanitizers: tuple[str, ...], expect: str, ablate: str | None, skb: str | None,
            explained: bool, export: Path | None, gdb: bool, quiet: bool, as_json: bool) -> int:
    """Run a known bug (ID) or any input (FILE) and print the symbolised report.

    For an ID the bug is switched on, where its bug.toml says what each sanitizer reports, and
    off, where all must be clean. A FILE (raw or .scn) is expected to fault unless --expect says
    otherwise. The first fault of each input is explained: its line, the guard that was missing,
    and the input as the port decodes it with that guard. Exit code 0 only if what was expected
    happened.
    """
    met = True
    shown: list[Check] = []
    told: set[str] = set()
    env = {"REDZONE_ABLATE": ablate, "REDZONE_SKB": skb}
    wanted = Wanted(target, bugs, sanitizers, expect,
                    {name: value for name, value in env.items() if value})
    for word in inputs:
        for check in _checks(word, wanted):
            met = met and check.met
            shown.append(check)
            if not as_json:
                _print(check, quiet)
            if explained and not quiet and not as_json and check.outcome.report and (
                    word not in told):
                told.add(word)
                _explain(check)
    faulted = next((c.outcome for c in shown if c.outcome.report), None)
    if (gdb or export) and faulted is None:
        raise ToolError("nothing faults: there is nothing to debug or to export", FINDING)
    if export and faulted:
        target, file = faulted.command[1], Path(faulted.command[-1])
        about = explain.explain(target, file, faulted) if file.is_file() else ()
        reproducer.write(target, faulted, export, about)
    if gdb and faulted:
        explain.debug(faulted)
    if as_json:
        click.echo(json.dumps({"schema": 1, "checks": [_as_dict(c) for c in shown]}, indent=1))
    return OK if met else FINDING


@dataclass(frozen=True)
class Wanted:
    """What the options ask for."""

    target: str | None
    bugs: str | None
    sanitizers: tuple[str, ...]
    expect: str
    env: dict[str, str]


def _checks(word: str, wanted: Wanted) -> Iterator[Check]:
    file = Path(word)
    if not file.exists() and "/" not in word:
        yield from reproduce.check_bug(catalogue.bug(word), wanted.sanitizers)
        return
    if file.is_dir() and (file / "bug.toml").is_file():
        bug = catalogue.read_bug(file / "bug.toml")
        yield from reproduce.check_bug(bug, wanted.sanitizers)
        return
    reproduce.readable(file)
    chosen = catalogue.target(wanted.target or reproduce.target_of(file))
    record = findings.record_of(file) or {}
    env = {str(k): str(v) for k, v in record.get("env", {}).items()} | wanted.env
    if wanted.bugs is not None:
        env.pop("REDZONE_BUGS", None)
    for name in env.get("REDZONE_ABLATE", "").split(","):
        if name:
            catalogue.guard(name, catalogue.guards_of(chosen))
    expect = wanted.expect
    brought_back = fuzz.check_bugs(wanted.bugs, chosen)
    if record and expect == "any":
        report = record["report"]
        expect = report["kind"] + (f":{report['function']}" if report["function"] else "")
    for sanitizer in wanted.sanitizers or (str(record.get("sanitizer", reproduce.COMBINED)),):
        yield reproduce.check_file(
            chosen.name, file, sanitizer, brought_back, env,
            guards=bool(record.get("guards")) or "REDZONE_ABLATE" in env, expect=expect)


def _print(check: Check, quiet: bool) -> None:
    mark = "as expected" if check.met else "NOT AS EXPECTED"
    if quiet:
        click.echo(f"{mark}: {check.label}: {check.seen}")
        return
    click.echo(f"== {check.label}")
    click.echo(f"$ {replay.command_line(check.outcome)}")
    if check.outcome.text.strip():
        click.echo(check.outcome.text.rstrip())
    click.echo(f"expected: {check.expected}")
    click.echo(f"seen:     {check.seen}")
    click.echo(f"{mark}\n")


def _explain(check: Check) -> None:
    target, file = check.outcome.command[1], Path(check.outcome.command[-1])
    if file.is_file():
        for line in explain.explain(target, file, check.outcome):
            click.echo(line)
        click.echo()


def _as_dict(check: Check) -> dict[str, object]:
    report = check.outcome.report
    return {"label": check.label, "sanitizer": check.sanitizer, "expected": check.expected,
            "seen": check.seen, "met": check.met,
            "command": replay.command_line(check.outcome),
            "report": report.as_dict() if report else None}
