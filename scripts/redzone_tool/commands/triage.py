# SPDX-License-Identifier: GPL-2.0-only
"""`redzone triage`: what a folder of crash inputs holds."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import click

from redzone_tool import build, catalogue, fuzz, manifest, sarif
from redzone_tool.commands import _progress
from redzone_tool.errors import FINDING, OK, USAGE, ToolError
from redzone_tool.triage import causes, cluster, collect, output, play, publish
from redzone_tool.triage import keep as keeping
from redzone_tool.triage.record import CLEAN


@click.command(short_help="Sort a folder of crash inputs by cause.")
@click.argument("given", nargs=-1, required=True, metavar="PATH...",
                type=click.Path(path_type=Path))
@click.option("--target", default="", help="Target of all inputs.  [default: by name, or tried]")
@click.option("--bugs", default=None, metavar="ID,…|all",
              help="Bugs the inputs were made with.  [default: found out]")
@click.option("--sanitizer", "sanitizers", type=click.Choice(catalogue.SANITIZERS), multiple=True,
              help="Default: all three.")
@click.option("--replays", type=click.IntRange(1, 100), default=2, show_default=True,
              help="How often a fault is repeated in each sanitizer.")
@click.option("--guards", is_flag=True, help="Also try clean inputs with each guard lost that "
              "they violate.")
@click.option("--no-attribute", is_flag=True, help="Do not look for the bugs an input needs.")
@click.option("--rule", type=click.Choice(tuple(cluster.RULES)), default=cluster.DEFAULT_RULE,
              show_default=True, help="How stacks of inputs that need no bug are compared.")
@click.option("--keep", is_flag=True, help="Write a folder for crashes/ for each new cause.")
@click.option("--keep-in", type=click.Path(path_type=Path), default=None, metavar="FOLDER",
              help="Where --keep writes.  [default: out/kept]")
@click.option("--sarif", "sarif_file", type=click.Path(path_type=Path, dir_okay=False),
              default=None, metavar="FILE", help="Also write the causes as SARIF 2.1.0.")
@click.option("--markdown", "markdown_file", type=click.Path(path_type=Path, dir_okay=False),
              default=None, metavar="FILE", help="Also write a summary for an issue tracker.")
@click.option("--all", "every", is_flag=True, help="Name every input of a cause.")
@click.option("--jobs", type=click.IntRange(1, 256), default=None,
              help="Replays at once.  [default: processors]")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(given: tuple[Path, ...], target: str, bugs: str | None, sanitizers: tuple[str, ...],
            replays: int, guards: bool, no_attribute: bool, rule: str, keep: bool,
            keep_in: Path | None, sarif_file: Path | None, markdown_file: Path | None,
            every: bool, jobs: int | None, as_json: bool) -> int:
    """Replay every crash input below PATH in each sanitizer and group them by cause.

    PATH is a file or a folder: AFL++ output, libFuzzer artifacts, OSS-Fuzz testcases, findings
    of `redzone fuzz`, the catalogue. The target is taken from names; without one all are tried.
    An input that is clean as it is is tried with each known bug brought back whose condition
    it meets. Files that are no inputs get one line each on standard error. Exit code 1 if
    anything faults, 2 if a PATH could not be used.
    """
    if target:
        catalogue.target(target)
    collector = collect.Collector(target, switches(bugs, target))
    sources = collector.collect(given)
    for skipped in collector.skipped:
        click.echo(f"redzone: {skipped.name}: {skipped.reason}", err=True)
    if not sources:
        raise ToolError("nothing to play in " + " ".join(collect.shown(p) for p in given))
    plan = play.Plan(sanitizers or catalogue.SANITIZERS, replays, attribute=not no_attribute,
                     guards=guards, workers=jobs or build.jobs())
    with tempfile.TemporaryDirectory(prefix="redzone-") as folder, _progress.view() as view:
        view.stage("replay", len(sources))
        entries = play.play(sources, plan, Path(folder),
                            view.step if sys.stderr.isatty() else lambda text: None)
    found = causes.causes(entries, rule)
    if as_json:
        click.echo(json.dumps(output.as_json(entries, collector.skipped, found, rule), indent=1))
    else:
        for line in output.lines(entries, found, every):
            click.echo(line)
    if sarif_file:
        log = publish.as_sarif(found, collector.skipped, str(manifest.source().get("commit") or ""))
        sarif_file.write_text(sarif.text(log))
    if markdown_file:
        markdown_file.write_text("\n".join(publish.markdown(entries, found)) + "\n")
    if keep or keep_in:
        _keep(found, keep_in or keeping.default_folder())
    if any(s.named for s in collector.skipped):
        return USAGE
    return FINDING if any(e.state != CLEAN for e in entries) else OK


def switches(bugs: str | None, target: str) -> dict[str, str]:
    """The environment of a --bugs option."""
    if not bugs:
        return {}
    if bugs == "all":
        return {"REDZONE_BUGS": bugs}
    known = (fuzz.check_bugs(bugs, catalogue.target(target)) if target
             else catalogue.bug_list(bugs))
    return {"REDZONE_BUGS": ",".join(b.id for b in known)}


def _keep(found: list[causes.Cause], folder: Path) -> None:
    for cause in found:
        if cause.known:
            continue
        home = keeping.keep(cause, folder)
        place = collect.shown(folder / cause.id)
        click.echo(f"kept: {place}" if home else f"already there: {place}", err=True)
