# SPDX-License-Identifier: GPL-2.0-only
"""`redzone coverage`: which lines of a port its seeds or a corpus reach."""

from __future__ import annotations

import json
from pathlib import Path

import click

from redzone_tool import (
    catalogue, corpus, coverage, coverage_gate, coverage_pages, guardtable, paths, seeds)
from redzone_tool.errors import FINDING, OK, USAGE, ToolError

SHOWN_FAULTS = 5


@click.command(short_help="Source coverage of ports by seeds or a corpus.")
@click.argument("targets", nargs=-1, metavar="[TARGET]…")
@click.option("--corpus", "folders", multiple=True, metavar="DIR",
              type=click.Path(path_type=Path),
              help="Inputs of this folder instead of the seeds; one target.")
@click.option("--add", is_flag=True, help="The seeds as well as --corpus.")
@click.option("--file", "patterns", multiple=True, metavar="GLOB",
              help="Only port files of such a name (smp*.c); may be repeated.")
@click.option("--uncovered", is_flag=True, help="List the lines and functions that never ran.")
@click.option("--least", type=click.FloatRange(0, 100), metavar="PERCENT",
              help="Exit code 1 if a file has fewer of its lines covered.")
@click.option("--html/--no-html", "html", default=True,
              help="Pages under out/coverage (default: yes).")
@click.option("--ablate", is_flag=True,
              help="Pages: also what the loss of each guard leads to (takes a minute).")
@click.option("--gate", is_flag=True,
              help="Compare the seeds of all targets with seeds/coverage.json: exit code 1 when "
                   "a target or a port file lost more than a point.")
@click.option("--renew", is_flag=True,
              help="Write seeds/coverage.json from the seeds as they are.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(targets: tuple[str, ...], folders: tuple[Path, ...], add: bool,
            patterns: tuple[str, ...], uncovered: bool, least: float | None, html: bool,
            ablate: bool, gate: bool, renew: bool, as_json: bool) -> int:
    """Lines, functions, regions and branches of the port files of TARGET that ran.

    With several targets (or none: all of them) a file counts as covered by any of them. Inputs
    are all seeds, valid and malformed; those that fault are listed and left out. The pages show
    each guard at its line: reached, violated and, with --ablate, the outcome of its loss. Beside
    them lie coverage.lcov and summary.json.
    """
    if gate or renew:
        if targets or folders or patterns:
            raise ToolError("--gate and --renew are about the seeds of all targets", USAGE)
        return _gate(renew, as_json)
    chosen = [catalogue.target(name) for name in dict.fromkeys(targets)] or catalogue.targets()
    if folders and len(chosen) != 1:
        raise ToolError("--corpus takes one target", USAGE)
    inputs = {t.name: ([] if folders and not add else seeds.files(t.name))
              + list(corpus.files_below(folders)) for t in chosen}
    name = "+".join(t.name for t in chosen) if targets else "all"
    pages = paths.out() / "coverage" / name[:100] if html else None
    result = coverage.measure(chosen, inputs, patterns, pages)
    if pages is not None:
        faults = set(result.faults)
        coverage_pages.annotate(pages, coverage_pages.merged(
            guardtable.rows(t, [f for f in inputs[t.name] if f not in faults], ablate)
            for t in chosen).values())
    if as_json:
        click.echo(json.dumps(result.as_dict(), indent=1))
    else:
        _print(result, uncovered)
    low = least is not None and any(f.counts["lines"].percent < least for f in result.files)
    return FINDING if low else OK


def _gate(renew: bool, as_json: bool) -> int:
    kept = None if renew else coverage_gate.read()
    now = coverage_gate.measure(catalogue.targets())
    if kept is None:
        coverage_gate.write(now)
    found = [] if kept is None else coverage_gate.problems(kept, now)
    if as_json:
        click.echo(json.dumps({"schema": coverage_gate.SCHEMA, "problems": found, "targets": {
            name: count.as_dict() for name, count in now.targets.items()}}, indent=1))
        return FINDING if found else OK
    for name, count in now.targets.items():
        click.echo(f"{name:16} {count.covered:>6}/{count.count:<6} {count.percent:5.1f} % of the "
                   "port's lines")
    for problem in found:
        click.echo(problem)
    if kept is None:
        click.echo(f"written: {paths.shown(coverage_gate.store())}, {len(now.targets)} targets, "
                   f"{len(now.files)} port files")
    elif not found:
        click.echo(f"no loss: {len(now.targets)} targets, {len(now.files)} port files")
    return FINDING if found else OK


def _print(result: coverage.Coverage, uncovered: bool) -> None:
    width = max(len(f.name) for f in result.files)
    click.echo(f"{'':{width}}" + "".join(f"{kind:>20}" for kind in coverage.KINDS))
    for file in result.files:
        click.echo(_row(file.name, width, [file.counts[kind] for kind in coverage.KINDS]))
    click.echo(_row("all", width, [result.total(kind) for kind in coverage.KINDS]))
    click.echo(f"{result.inputs} inputs of {', '.join(result.targets)}"
               + (f", {len(result.faults)} of them left out since they fault:"
                  if result.faults else ""))
    for path in result.faults[:SHOWN_FAULTS]:
        click.echo(f"  {paths.shown(path)}")
    if uncovered:
        for file in result.files:
            _print_uncovered(file)
    if result.html:
        click.echo(f"pages: {paths.shown(result.html)}")


def _row(name: str, width: int, counts: list[coverage.Count]) -> str:
    return f"{name:{width}}" + "".join(
        f"{f'{c.covered}/{c.count}':>12}{c.percent:>7.1f}%" for c in counts)


def _print_uncovered(file: coverage.File) -> None:
    if not file.uncovered:
        return
    click.echo(f"{file.name}: functions never called: {', '.join(file.functions) or 'none'}")
    source = (paths.root() / file.name).read_text(encoding="utf-8").splitlines()
    for first, last in file.uncovered:
        where = str(first) if first == last else f"{first}-{last}"
        click.echo(f"  {where:>11}  {source[first - 1].strip()}")
