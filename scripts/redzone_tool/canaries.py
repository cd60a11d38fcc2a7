# SPDX-License-Identifier: GPL-2.0-only
"""Read the counter file that REDZONE_CANARIES names (guard_runtime.h has its layout)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from redzone_tool.errors import ToolError

MAGIC = b"RZCANRY1"
VERSION = 1
HEADER = struct.Struct("<8sIIIIQQ24x")
ENTRY = struct.Struct("<6Q")


@dataclass(frozen=True)
class Counter:
    """One guard or bug, counted in inputs; `violated` of a bug is `triggered`."""

    reached: int
    violated: int
    first_reached_exec: int
    first_violated_exec: int
    first_reached_cpu_ns: int
    first_violated_cpu_ns: int


@dataclass(frozen=True)
class Canaries:
    execs: int
    cpu_ns: int
    guards: tuple[Counter, ...]
    bugs: tuple[Counter, ...]


def parse(data: bytes, name: str = "canary file") -> Canaries:
    """Decode the bytes of a counter file; ToolError if they are none."""
    if len(data) < HEADER.size:
        raise ToolError(f"{name}: too short for a canary file")
    magic, version, nguards, nbugs, entry_size, execs, cpu_ns = HEADER.unpack_from(data)
    if magic != MAGIC or version != VERSION:
        raise ToolError(f"{name}: not a canary file of version {VERSION}")
    total = nguards + nbugs
    if entry_size < ENTRY.size or len(data) < HEADER.size + total * entry_size:
        raise ToolError(f"{name}: canary file is cut short")
    entries = tuple(
        Counter(*ENTRY.unpack_from(data, HEADER.size + i * entry_size))
        for i in range(total))
    return Canaries(execs, cpu_ns, entries[:nguards], entries[nguards:])


def read(path: Path) -> Canaries | None:
    """The counters in @path, or None when the run never wrote any."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    if not data.strip(b"\0"):
        return None
    return parse(data, str(path))


def inputs_dir(path: Path) -> Path:
    """Where a run keeps first inputs, if the folder is there when it starts."""
    return path.with_name(f"{path.name}.inputs")


def first_input(path: Path, kind: str, index: int) -> bytes | None:
    """The first input that violated a guard (kind `g`) or triggered a bug (kind `b`)."""
    try:
        return (inputs_dir(path) / f"{kind}{index}").read_bytes()
    except OSError:
        return None
