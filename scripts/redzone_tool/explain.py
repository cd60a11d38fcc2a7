# SPDX-License-Identifier: GPL-2.0-only
"""A fault for someone who has not seen it before: the line, the missing guard, the input."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from redzone_tool import catalogue, paths, replay, setup
from redzone_tool.catalogue import Bug, Guard
from redzone_tool.errors import ENVIRONMENT, ToolError
from redzone_tool.replay import Outcome

AROUND = 3          # lines of source before and behind
MAX_FIELDS = 40     # of a packet
MAX_PACKETS = 24
SWITCHES = ("REDZONE_BUGS", "REDZONE_ABLATE")


def explain(target: str, file: Path, outcome: Outcome) -> Iterator[str]:
    """Lines about one faulting run; the input is decoded with everything switched on again."""
    report = outcome.report
    if report is not None and report.file and report.line:
        yield from source(report.file, report.line)
    bugs = [b for b in catalogue.bugs() if b.id in _switched(outcome.env, "REDZONE_BUGS")]
    lost = set(_switched(outcome.env, "REDZONE_ABLATE"))
    bare = {k: v for k, v in outcome.env.items() if k not in SWITCHES}
    line: dict[str, Any] = next(replay.decode(target, [file], env=bare), {})
    violated = _violated(line)
    known = {g.id: g for g in catalogue.guards()}
    missing = [g for g in known.values() if g.id in lost
               or (g.bug in {b.id for b in bugs} and (g.id in violated or not violated))]
    yield from _missing(bugs, missing)
    yield from decoded(line, {g.id for g in missing})


def _switched(env: Mapping[str, str], name: str) -> list[str]:
    return [word for word in env.get(name, "").split(",") if word]


def source(name: str, number: int) -> Iterator[str]:
    """A line of a file of the tree and those around it."""
    file = (paths.root() / name).resolve()
    if paths.root() not in file.parents:
        return
    try:
        text = file.read_text(errors="replace").splitlines()
    except OSError:
        return
    if not 0 < number <= len(text):
        return
    yield f"where: {name}:{number}"
    for at in range(max(1, number - AROUND), min(len(text), number + AROUND) + 1):
        yield f"{'>' if at == number else ' '} {at:5d}  {text[at - 1].expandtabs(8)}"


def _missing(bugs: Sequence[Bug], missing: Sequence[Guard]) -> Iterator[str]:
    for guard in missing:
        yield f"missing guard: malformed({guard.condition})"
        yield f"        {guard.file}:{guard.line} in {guard.function}()  [{guard.id}]"
    sites = {guard.bug for guard in missing}
    for bug in bugs:
        if bug.id not in sites:
            yield f"missing, and no guard: {' '.join(str(bug.facts.get('fix', '')).split())}"


def _violated(line: Mapping[str, Any]) -> set[str]:
    return {name for part in (line, *line.get("packets", ())) for name in part.get("violated", ())}


def decoded(line: Mapping[str, Any], missing: set[str]) -> Iterator[str]:
    """The packets of an input; marked is where a missing guard would have stepped in."""
    if line.get("fault"):
        yield f"decoded: it faults with every guard on, too: {line['fault']}"
        return
    packets = list(line.get("packets", ()))
    if not packets:
        packets = [line]
    yield "decoded, with nothing switched off:"
    first = next((i for i, p in enumerate(packets) if missing & set(p.get("violated", ()))), None)
    start = max(0, (first or 0) - MAX_PACKETS + 2)
    if start:
        yield f"    ({start} packets before)"
    for number, packet in enumerate(packets[start:start + MAX_PACKETS], start + 1):
        yield from _packet(number, packet, missing)
    if len(packets) > start + MAX_PACKETS:
        yield f"    ({len(packets) - start - MAX_PACKETS} packets behind)"


def _packet(number: int, packet: Mapping[str, Any], missing: set[str]) -> Iterator[str]:
    here = missing & set(packet.get("violated", ()))
    verdict = ", ".join(f"{name} {value}" for name, value in packet.get("verdict", ()))
    yield (f"  {'>' if here else ' '} packet {number} at byte {packet.get('offset', 0)}"
           f"{': ' + verdict if verdict else ''}")
    fields = list(packet.get("fields", ()))
    if not here:
        names = " ".join(f"{name}={_short(value)}" for name, value in fields[:6])
        if names:
            yield f"        {names}{' ...' if len(fields) > 6 else ''}"
        return
    for at, (name, value) in enumerate(fields[-MAX_FIELDS:], 1):
        last = at == min(len(fields), MAX_FIELDS) and packet.get("rejected_by") in missing
        yield f"  {'>' if last else ' '}     {name} = {_short(value)}" + (
            "      <- the last field read before the guard rejects" if last else "")


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 48 else f"{text[:45]}..."


def debug(outcome: Outcome) -> int:
    """The same run in gdb, stopped where the sanitizer reports; gdb's exit code."""
    setup.ensure("gdb")
    env = replay.environment(outcome.env)
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "MSAN_OPTIONS"):
        env[name] += ":abort_on_error=1:handle_abort=0:detect_leaks=0"
    command = ["gdb", "-q", "-ex", "set pagination off", "-ex", "handle SIGPROF nostop noprint",
               "-ex", "run", "-ex", "backtrace 16", "--args", *outcome.command]
    try:
        return subprocess.run(command, env={**os.environ, **env}, check=False).returncode
    except OSError as err:
        raise ToolError(f"gdb: {err.strerror}", ENVIRONMENT) from None
