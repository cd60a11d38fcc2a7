# SPDX-License-Identifier: GPL-2.0-only
"""`redzone oss-fuzz-check`: would OSS-Fuzz take this tree?"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import click

from redzone_tool import locks, paths
from redzone_tool.errors import ENVIRONMENT, FINDING, OK, ToolError
from redzone_tool.ossfuzz import architectures, artefacts, checks, environment, project

SCHEMA = 1


@click.command(name="oss-fuzz-check",
               short_help="Build as OSS-Fuzz would and check its published rules.")
@click.option("--engine", "engines", multiple=True, metavar="E", help="libfuzzer or afl.")
@click.option("--sanitizer", "sanitizers", multiple=True, metavar="S",
              help="address, undefined, memory or coverage.")
@click.option("--architecture", "others", multiple=True, metavar="A",
              help="i386 or aarch64: compile for it, play the seeds where that runs.")
@click.option("--keep", is_flag=True, help="Keep the scratch folders (out/oss-fuzz).")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(engines: tuple[str, ...], sanitizers: tuple[str, ...], others: tuple[str, ...],
            keep: bool, as_json: bool) -> int:
    """Build with scripts/oss-fuzz/build.sh, without Docker, and check what came out.

    Each engine and sanitizer that runs here gets a scratch $OUT: targets found after moving it,
    instrumentation, start, seeds, dictionaries, options, size. Without options the other
    architectures are compiled for too, as far as this machine has what that takes. Exit code 1
    when a rule is broken.
    """
    folder = paths.out() / "oss-fuzz"
    results: dict[str, list[str]] = {"files": list(project.check(paths.root()))}
    warnings = project.to_fill(paths.root())
    done: dict[str, str] = {}
    every = not (engines or sanitizers or others)
    wanted = (environment.chosen(engines, sanitizers, folder)
              if every or engines or sanitizers else [])
    foreign = architectures.chosen(tuple(architectures.ARCHITECTURES) if every else others)
    with locks.exclusive(folder, "oss-fuzz-check"):
        for build in wanted:
            print(f"redzone: building as OSS-Fuzz would: {build.name}", file=sys.stderr)
            results[build.name] = list(checks.check(build, build_out(build)))
            if not keep:
                shutil.rmtree(build.folder)
        for architecture in foreign:
            print(f"redzone: compiling for {architecture.name}", file=sys.stderr)
            outcome = architectures.check(architecture, folder)
            if outcome.missing:
                warnings.append(f"{architecture.name} is not checked: {outcome.missing}")
            else:
                results[architecture.name] = outcome.problems
                done[architecture.name] = outcome.done
            if not keep:
                shutil.rmtree(folder / architecture.name, ignore_errors=True)
    if as_json:
        click.echo(json.dumps({"schema": SCHEMA, "warnings": warnings, "builds": [
            {"name": name, "problems": found} for name, found in results.items()]}, indent=1))
    else:
        for name, found in results.items():
            click.echo(f"{name}: {'ok' if not found else f'{len(found)} broken rules'}"
                       + (f", {done[name]}" if done.get(name) else ""))
            for problem in found:
                click.echo(f"  {problem}")
        for warning in warnings:
            click.echo(f"warning: {warning}")
    return FINDING if any(results.values()) else OK


def build_out(build: environment.Build) -> list[str]:
    """Run build.sh into an empty $OUT; the names of the targets that the build knows."""
    shutil.rmtree(build.folder, ignore_errors=True)
    for each in (build.out, build.work):
        each.mkdir(parents=True)
    script = paths.root() / "scripts" / "oss-fuzz" / "build.sh"
    with open(build.log, "w", encoding="utf-8") as log:
        done = subprocess.run(["bash", "-eux", str(script)], cwd=paths.root(), stdout=log,
                              stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False,
                              env=environment.environment(build))
    if done.returncode:
        lines = build.log.read_text(errors="replace").splitlines()
        raise ToolError(f"build.sh failed for {build.name}, log: {paths.shown(build.log)}",
                        ENVIRONMENT, [line for line in lines if "rror" in line][:5] or lines[-5:])
    [tree] = [path for path in build.work.iterdir() if (path / "targets.json").is_file()]
    return [str(target["name"]) for target in artefacts.targets(Path(tree))]
