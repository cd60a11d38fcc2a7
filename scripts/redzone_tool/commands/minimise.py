# SPDX-License-Identifier: GPL-2.0-only
"""`redzone minimise`: a smaller input with the same cause."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import click

from redzone_tool import catalogue, locks, minimise
from redzone_tool.commands.triage import switches
from redzone_tool.errors import FINDING, OK, ToolError
from redzone_tool.triage import collect, confine, play


@click.command(short_help="Make an input smaller and keep why it faults.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--target", default="", help="Target of FILE.  [default: by name, or tried]")
@click.option("--bugs", default=None, metavar="ID,…",
              help="Bugs FILE was made with.  [default: found out]")
@click.option("--sanitizer", type=click.Choice(catalogue.SANITIZERS), default=None,
              help="Whose report must stay.  [default: the first that sees it]")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), default=None,
              help="Where the result goes.  [default: FILE.min]")
@click.option("--seconds", type=click.FloatRange(0), default=0.0,
              help="Stop after so long; the next run goes on.  [default: when done]")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(file: Path, target: str, bugs: str | None, sanitizer: str | None,
            output: Path | None, seconds: float, as_json: bool) -> int:
    """Leave out of FILE what its fault does not need.

    The kind of report, its access and its top three frames must stay, and where bugs are needed
    the result is clean without them. Parts of the input (records, packets) go first, then bytes
    inside them with lengths repaired, then any bytes; a control trailer goes if it can. Ctrl-C
    keeps the best so far, and the same command goes on from there. Exit code 1 if FILE does not
    fault or --seconds was not enough.
    """
    if target:
        catalogue.target(target)
    output = output or file.with_name(file.name + ".min")
    collector = collect.Collector(target, switches(bugs, target))
    sources = collector.collect([file])
    if len(sources) != 1:
        why = collector.skipped[0].reason if collector.skipped else "name one file"
        raise ToolError(f"{collect.shown(file)}: {why}")
    state = minimise.state_of(output)
    state.parent.mkdir(parents=True, exist_ok=True)
    wanted = (sanitizer,) if sanitizer else catalogue.SANITIZERS
    with tempfile.TemporaryDirectory(prefix="redzone-") as name, locks.exclusive(
            output, "redzone minimise"):
        folder = Path(name)
        entry, = play.play(sources, play.Plan(wanted, 1, workers=1), folder / "play")
        if not entry.spokesman:
            raise ToolError(f"{entry.name} does not fault: {entry.note or 'clean'}", FINDING)
        with confine.pool(1) as executor:
            try:
                progress, trial = minimise.minimise(
                    entry, entry.spokesman, catalogue.target(entry.target).form, state, folder,
                    executor, seconds)
            except KeyboardInterrupt:
                _write_saved(state, output)
                raise
    output.write_bytes(progress.best)
    if progress.done:
        state.unlink(missing_ok=True)
    if as_json:
        click.echo(json.dumps({
            "schema": 1, "file": entry.name, "output": collect.shown(output),
            "size": entry.size, "minimised": len(progress.best), "done": progress.done,
            "cause": progress.cause, "target": entry.target, "env": entry.env,
            "plays": trial.plays}, indent=1))
    else:
        click.echo(f"{collect.shown(output)}: {entry.size} to {len(progress.best)} bytes"
                   f"{'' if progress.done else ' so far'}, {trial.plays} plays; {progress.cause}")
    return OK if progress.done else FINDING


def _write_saved(state: Path, output: Path) -> None:
    try:
        output.write_bytes(bytes.fromhex(json.loads(state.read_text())["best"]))
    except (OSError, ValueError, KeyError):
        pass
