# SPDX-License-Identifier: GPL-2.0-only
"""`redzone fuzz`: local fuzzing with a live view."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from redzone_tool import catalogue, fuzz, live, paths
from redzone_tool.errors import FINDING, INTERRUPTED, OK

SANITIZERS = (*catalogue.SANITIZERS, "address+undefined")


@click.command()
@click.argument("target")
@click.option("--engine", type=click.Choice(catalogue.ENGINES), default="libfuzzer",
              show_default=True, help="Fuzzing engine.")
@click.option("--sanitizer", type=click.Choice(SANITIZERS), default=None,
              help="Default: address+undefined for libfuzzer, address for afl.")
@click.option("--seconds", type=click.FloatRange(min=1), default=60, show_default=True,
              help="Wall time.")
@click.option("--jobs", type=click.IntRange(1, 256), default=1, show_default=True,
              help="Engine processes, each pinned to a CPU.")
@click.option("--bugs", default=None, metavar="ID,…|all",
              help="Bring these historical bugs back (guard build).")
@click.option("--cmplog", is_flag=True, help="AFL++: solve comparisons with a second build.")
@click.option("--corpus", type=click.Path(path_type=Path), default=None,
              help="Kept corpus.  [default: out/corpus/TARGET/ENGINE-SANITIZER]")
@click.option("--seed", type=click.IntRange(min=1), default=1, show_default=True,
              help="Seed of the engine's random numbers.")
@click.option("--stop-after", type=click.IntRange(min=0), default=0, metavar="N",
              help="End after N causes.  [default: use all the time]")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(target: str, engine: str, sanitizer: str | None, seconds: float, jobs: int,
            bugs: str | None, cmplog: bool, corpus: Path | None, seed: int, stop_after: int,
            as_json: bool) -> int:
    """Fuzz TARGET with a live view; findings are triaged as they come.

    The corpus is kept in out/corpus, findings in out/findings, one folder a cause with the
    input, the report and finding.json. Exit code 1 when something was found, 0 when clean.
    """
    chosen = catalogue.target(target)
    plan = fuzz.Plan(
        target=chosen, engine=engine,
        sanitizer=sanitizer or ("address+undefined" if engine == "libfuzzer" else "address"),
        seconds=seconds, jobs=jobs, seed=seed, bugs=fuzz.check_bugs(bugs, chosen),
        cmplog=cmplog, corpus=corpus.absolute() if corpus else None, max_findings=stop_after)
    fuzz.prepare(plan)
    if not as_json:
        bug_words = f", bugs {', '.join(bug.id for bug in plan.bugs)}" if plan.bugs else ""
        click.echo(f"{plan.target.name}: {plan.engine}, {plan.sanitizer}{bug_words}, "
                   f"{plan.seconds:.0f} s, {plan.jobs} job{'s' * (plan.jobs > 1)}", err=True)
    with live.view(sys.stderr) as view:
        summary = fuzz.run(plan, view.show, view.tell)
    if as_json:
        click.echo(json.dumps(as_dict(summary), indent=1))
    else:
        _print(summary)
    if summary.interrupted:
        click.echo("redzone: interrupted, results kept", err=True)
        return INTERRUPTED
    return FINDING if summary.findings else OK


def as_dict(summary: fuzz.Summary) -> dict[str, Any]:
    """The result for other programs."""
    plan = summary.plan
    return {
        "schema": 1, "target": plan.target.name, "engine": plan.engine,
        "sanitizer": plan.sanitizer, "bugs": [bug.id for bug in plan.bugs], "seed": plan.seed,
        "execs": summary.execs, "cpu_s": round(summary.cpu_s, 3),
        "wall_s": round(summary.wall_s, 3), "edges": summary.edges, "corpus": summary.corpus,
        "corpus_dir": str(summary.corpus_dir), "interrupted": summary.interrupted,
        "unconfirmed": [str(p) for p in summary.unconfirmed],
        "findings": [{"name": f.name, "input": str(f.folder / "input.bin"), "hits": f.hits,
                      **f.report.as_dict()} for f in summary.findings]}


def _print(summary: fuzz.Summary) -> None:
    rate = summary.execs / summary.cpu_s if summary.cpu_s else 0.0
    click.echo(f"{live.count(summary.execs)} executions in {summary.wall_s:.0f} s "
               f"({summary.cpu_s:.0f} CPU seconds, {live.count(rate)}/CPU second), "
               f"{summary.edges} edges, corpus {summary.corpus} in "
               f"{paths.shown(summary.corpus_dir)}")
    for finding in summary.findings:
        click.echo(f"{finding.hits:6d}x {finding.report.class_:15s} {finding.report.summary}")
        click.echo(f"        {paths.shown(finding.folder)}/input.bin")
    if summary.unconfirmed:
        click.echo(f"{len(summary.unconfirmed)} inputs did not fault again alone (slow machine, "
                   "or state from an earlier input): not counted")
    if not summary.findings:
        click.echo("no findings")
