# SPDX-License-Identifier: GPL-2.0-only
"""Runs the oracle: stored answers of tshark, or a live tshark on any capture."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from redzone_tool import capture, catalogue, decode, oracle, paths
from redzone_tool.errors import ENVIRONMENT, ToolError

# Packets of a capture that the stored answers cover
STORED_PACKETS = 200

# The preferences under which the stored answers were taken
PREFERENCES = (
    "ip.defragment:FALSE", "ipv6.defragment:FALSE", "tcp.desegment_tcp_streams:FALSE",
    "tcp.relative_sequence_numbers:FALSE", "ip.check_checksum:TRUE", "tcp.check_checksum:TRUE",
    "udp.check_checksum:TRUE",
)
BASE_FIELDS = (
    "frame.number", "frame.len", "frame.cap_len", "frame.encap_type", "frame.protocols",
    "_ws.malformed", "_ws.short",
)
STORED_NAMES = (
    "ipv6.version", "ipv6.plen", "ipv6.nxt", "ipv6.hlim", "ipv6.flow", "ipv6.src", "ipv6.dst",
    "ipv6.fraghdr.nxt", "ipv6.fraghdr.offset", "ipv6.fraghdr.more", "ipv6.fraghdr.ident",
    "ipv6.hopopts.nxt", "ipv6.hopopts.len", "ipv6.routing.nxt", "ipv6.routing.type",
    "ipv6.routing.segleft", "ipv6.dstopts.nxt", "ipv6.dstopts.len",
)


def kernel(target: str) -> oracle.Kernel:
    """The modelled functions, read from the headers of the target's port files."""
    folder = paths.root() / "parsers" / catalogue.target(target).family
    return oracle.Kernel({
        str(path.relative_to(paths.root())): path.read_text(encoding="utf-8")
        for path in sorted(folder.glob("*.c"))})


def run_stored(target: str, data: Path, flavour: str = "native-guards") -> oracle.Tally:
    """Compare with the stored answers for every capture of the sample data."""
    jobs = []
    for file, answer_file in oracle.stored_pairs(data):
        answers, complaint = oracle.stored(answer_file)
        try:
            packets = list(islice(capture.read(file), STORED_PACKETS))
        except capture.CaptureError:
            if answers or not complaint:
                raise
            packets = []
        jobs.append((file.name, answers, packets))
    return _compare(target, jobs, flavour, None)


def run_tshark(target: str, files: Sequence[Path], limit: int = 0,
               names: Sequence[str] | None = None,
               flavour: str = "native-guards") -> oracle.Tally:
    """Compare with a live tshark; @limit packets a file (0: all), @names of fields."""
    if not shutil.which("tshark"):
        raise ToolError("tshark is not installed (apt-get install tshark)", ENVIRONMENT)
    wanted = tuple(names) if names else STORED_NAMES
    jobs = []
    for file in files:
        packets = list(islice(capture.read(file), limit or None))
        jobs.append((file.name, tshark(file, wanted, limit), packets))
    return _compare(target, jobs, flavour, wanted)


# A guard that tests what is there, not what it says: nothing to read behind it
LENGTH_CHECK = re.compile(r"pull|len\b|sizeof|trailing|left|end\b|offset|<|>(?!\w)|^!\w+$|err")
ROUNDS = 6


def read_behind(target: str, frames: Sequence[bytes | None], lines: list[dict[str, Any]],
                known: oracle.Kernel, flavour: str) -> None:
    """Decode packets that a check on content rejected again, with that check switched off.

    Adds `fields_behind` and `ablated` to the lines of packets that were read further.
    """
    content = {guard.id for guard in catalogue.guards(flavour)
               if known.rejects(guard.id) and not LENGTH_CHECK.search(guard.condition)}
    stopped: dict[int, tuple[str, ...]] = {
        i: (str(line["rejected_by"]),) for i, line in enumerate(lines)
        if line.get("rejected_by") in content and oracle.rejected(line)}
    for _ in range(ROUNDS):
        groups: dict[tuple[str, ...], list[int]] = {}
        for i, guards in stopped.items():
            groups.setdefault(guards, []).append(i)
        stopped = {}
        for guards, members in groups.items():
            inputs = [decode.Input(i, frames[i]) for i in members]
            env = {"REDZONE_ABLATE": ",".join(guards)}
            for i, line in zip(members, decode.decode_inputs(target, inputs, flavour, env)):
                lines[i].update(fields_behind=line["fields"], ablated=list(guards))
                again = line.get("rejected_by")
                if again in content and again not in guards and oracle.rejected(line):
                    stopped[i] = (*guards, again)


def _compare(target: str, jobs: Iterable[tuple[str, list[dict[str, Any]], list[capture.Packet]]],
             flavour: str, names: Sequence[str] | None) -> oracle.Tally:
    jobs = list(jobs)
    inputs = [decode.from_packet(packet) for _, _, packets in jobs for packet in packets]
    lines = list(decode.decode_inputs(target, inputs, flavour))
    known = kernel(target)
    read_behind(target, [item.data for item in inputs], lines, known, flavour)
    decoded = iter(lines)
    total = oracle.Tally()
    for name, answers, packets in jobs:
        mine: dict[int, Mapping[str, Any]] = {
            packet.number: line for packet, line in zip(packets, decoded)}
        total.merge(oracle.compare(answers, mine, known, name, names=names))
    return total


def tshark(file: Path, names: Sequence[str], limit: int = 0) -> list[dict[str, Any]]:
    """tshark's answer in the form of the stored ones."""
    command = ["tshark", "-n", "-r", str(file), "-T", "json"]
    for preference in PREFERENCES:
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
