# SPDX-License-Identifier: GPL-2.0-only
"""Runs the oracle: stored answers of tshark, or a live tshark on any capture."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from redzone_tool import capture, catalogue, decode, families, oracle, paths
from redzone_tool.errors import ENVIRONMENT, ToolError
from redzone_tool.inputs import Input

BASE_FIELDS = (
    "frame.number", "frame.len", "frame.cap_len", "frame.encap_type", "frame.protocols",
    "_ws.malformed", "_ws.short",
)

Job = tuple[str, list[dict[str, Any]], list[capture.Packet]]


def kernel(target: str) -> oracle.Kernel:
    """The modelled functions, read from the headers of the target's port files."""
    folder = paths.root() / "parsers" / catalogue.target(target).family
    return oracle.Kernel({
        str(path.relative_to(paths.root())): path.read_text(encoding="utf-8")
        for path in sorted(folder.glob("*.c"))})


def run_stored(target: str, data: Path, flavour: str = "native-guards") -> oracle.Tally:
    """Compare with the stored answers for every capture of the sample data."""
    rules = families.rules(catalogue.target(target))
    jobs: list[Job] = []
    for file, answer_file in oracle.stored_pairs(data, rules.area):
        answers, complaint = oracle.stored(answer_file)
        try:
            packets = list(islice(capture.read(file), rules.first_packets or None))
        except capture.CaptureError:
            if answers or not complaint:
                raise
            packets = []
        jobs.append((file.name, answers, packets))
    return _compare(target, rules, jobs, flavour, None)


def run_tshark(target: str, files: Sequence[Path], limit: int = 0,
               names: Sequence[str] | None = None,
               flavour: str = "native-guards") -> oracle.Tally:
    """Compare with a live tshark; @limit packets a file (0: all), @names of fields."""
    if not shutil.which("tshark"):
        raise ToolError("tshark is not installed (apt-get install tshark)", ENVIRONMENT)
    rules = families.rules(catalogue.target(target))
    wanted = tuple(names) if names else rules.names
    jobs: list[Job] = []
    for file in files:
        packets = list(islice(capture.read(file), limit or None))
        jobs.append((file.name, tshark(file, wanted, rules.preferences, limit), packets))
    return _compare(target, rules, jobs, flavour, wanted)


# A guard that tests what is there, not what it says: nothing to read behind it
LENGTH_CHECK = re.compile(r"pull|len\b|sizeof|trailing|left|end\b|offset|<|>(?!\w)|^!\w+$|err")
ROUNDS = 6


# Where a packet lies: index of its input, its number in the capture
Place = tuple[int, int]
Lines = dict[Place, dict[str, Any]]


def read(target: str, inputs: Sequence[Input], which: Sequence[int], flavour: str,
         env: Mapping[str, str] | None = None) -> Lines:
    """Decode the inputs of these indices; each packet's line by its place."""
    found: Lines = {}
    answers = decode.decode_inputs(target, [inputs[i] for i in which], flavour, env)
    for i, line in zip(which, answers):
        for part in decode.by_frame(inputs[i], line) if inputs[i].frames else [line]:
            found[i, int(part["frame"])] = part
    return found


def read_behind(target: str, inputs: Sequence[Input], lines: Lines, known: oracle.Kernel,
                rules: oracle.Rules, flavour: str) -> None:
    """Decode packets that a check on content rejected again, with that check switched off.

    Adds `fields_behind` and `ablated` to the lines of packets that were read further. An input
    of many packets is played whole for each set of checks; one that ends in a fault then (the
    check protected something) has nothing more to tell.
    """
    content = {guard.id for guard in catalogue.guards(flavour)
               if known.rejects(guard.id) and not LENGTH_CHECK.search(guard.condition)}
    stopped: dict[Place, tuple[str, ...]] = {
        place: (str(line["rejected_by"]),) for place, line in lines.items()
        if line.get("rejected_by") in content and rules.rejected(line)}
    for _ in range(ROUNDS):
        groups: dict[tuple[str, ...], list[Place]] = {}
        for place, guards in stopped.items():
            groups.setdefault(guards, []).append(place)
        stopped = {}
        for guards, places in groups.items():
            again = _ablated(target, inputs, sorted({i for i, _ in places}), flavour, guards)
            for place in places:
                line = again.get(place)
                if line is None or "fields" not in line:
                    continue
                lines[place].update(fields_behind=line["fields"], ablated=list(guards))
                guard = line.get("rejected_by")
                if guard in content and guard not in guards and rules.rejected(line):
                    stopped[place] = (*guards, guard)


def _ablated(target: str, inputs: Sequence[Input], which: Sequence[int], flavour: str,
             guards: Sequence[str]) -> Lines:
    env = {"REDZONE_ABLATE": ",".join(guards)}
    try:
        return read(target, inputs, which, flavour, env)
    except ToolError:
        found: Lines = {}
        for i in which:
            with contextlib.suppress(ToolError):
                found.update(read(target, inputs, [i], flavour, env))
        return found


def _compare(target: str, rules: oracle.Rules, jobs: Sequence[Job], flavour: str,
             names: Sequence[str] | None) -> oracle.Tally:
    info = catalogue.target(target)
    cut = [list(families.inputs(info, packets)) for _, _, packets in jobs]
    inputs = [item for items in cut for item in items]
    known = kernel(target)
    lines = read(target, inputs, range(len(inputs)), flavour)
    read_behind(target, inputs, lines, known, rules, flavour)
    total = oracle.Tally()
    first = 0
    for (name, answers, _), items in zip(jobs, cut):
        mine: dict[int, Mapping[str, Any]] = {
            number: line for (i, number), line in lines.items()
            if first <= i < first + len(items)}
        first += len(items)
        total.merge(oracle.compare(answers, mine, known, rules, name, names=names))
    return total


def tshark(file: Path, names: Sequence[str], preferences: Sequence[str] = (),
           limit: int = 0) -> list[dict[str, Any]]:
    """tshark's answer in the form of the stored ones."""
    command = ["tshark", "-n", "-r", str(file), "-T", "json"]
    for preference in preferences:
        command += ["-o", preference]
    if limit:
        command += ["-c", str(limit)]
    for name in (*BASE_FIELDS, *names):
        command += ["-e", name]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    try:
        packets = json.loads(done.stdout or "[]")
    except ValueError as error:
        raise ToolError(f"tshark gave no answer for {file}: {_first(done.stderr)}",
                        ENVIRONMENT) from error
    if done.returncode and not packets:
        raise ToolError(f"tshark failed on {file}: {_first(done.stderr)}", ENVIRONMENT)
    return [_packet(packet["_source"]["layers"]) for packet in packets]


def _packet(layers: Mapping[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    for name, values in layers.items():
        if name in ("_ws.malformed", "_ws.short"):
            answer[name] = True
        elif name == "frame.protocols":
            answer[name] = str(values[0]).split(":")
        elif name.startswith("frame."):
            answer[name] = int(values[0])
        else:
            answer[name] = values
    return answer


def known_fields(prefix: str) -> list[str]:
    """All field names of the installed tshark that begin with @prefix."""
    done = subprocess.run(["tshark", "-G", "fields"], capture_output=True, text=True,
                          errors="replace", check=False)
    rows = (line.split("\t") for line in done.stdout.splitlines() if line.startswith("F\t"))
    return sorted({row[2] for row in rows if row[2].startswith(prefix)})


def _first(text: str) -> str:
    lines = [line for line in text.splitlines() if line and not line.startswith("Running as")]
    return lines[0] if lines else "no message"
