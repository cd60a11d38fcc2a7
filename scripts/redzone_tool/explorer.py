# SPDX-License-Identifier: GPL-2.0-only
"""What a reader wants to see of a guard: its source, one input, and what the port saw in it."""

from __future__ import annotations

import hashlib
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from redzone_tool import paths, replay
from redzone_tool.errors import ToolError

BEFORE, AFTER = 1, 2            # source lines around the guard
HEX_BYTES = 96
DECODED, VALUE = 40, 48         # lines, characters of a value


def explore(guards: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """By guard id: `source` lines, and the `input` that shows its outcome or violates it."""
    rows = list(guards)
    found: dict[str, dict[str, Any]] = {
        row["id"]: {"source": source(row["file"], row["line"])} for row in rows}
    for row in rows:
        shown = _input(row)
        if shown:
            found[row["id"]]["input"] = shown
    _decode(rows, found)
    return found


def source(file: str, line: int) -> list[tuple[int, str]]:
    """The lines around a guard; none when the file is not there."""
    try:
        text = (paths.root() / file).read_text(errors="replace").splitlines()
    except OSError:
        return []
    first = max(1, line - BEFORE)
    shown = textwrap.dedent("\n".join(
        each.expandtabs(8) for each in text[first - 1:line + AFTER])).split("\n")
    return list(enumerate(shown, first))


def _input(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """Its worst evidence's input, else the first that violated the guard."""
    _, name = _where(row)
    if not name:
        return None
    evidence = bool(row["evidence"])
    try:
        data = (paths.root() / name).read_bytes()
    except OSError:
        return None
    return {"what": "shows the outcome" if evidence else "the first that violates the guard",
            "file": name if evidence else "", "size": len(data),
            "sha256": hashlib.sha256(data).hexdigest()[:16], "hex": data[:HEX_BYTES].hex(" ")}


def _where(row: Mapping[str, Any]) -> tuple[str, str]:
    """Target and file of the input that says most of a guard."""
    if row["evidence"]:
        return row["evidence"][0]["target"], row["evidence"][0]["input"]
    return row["target"], row["first_input"]


def _decode(rows: Sequence[Mapping[str, Any]], found: dict[str, dict[str, Any]]) -> None:
    """One process a target decodes all of its inputs."""
    wanted: dict[str, dict[Path, list[str]]] = {}
    for row in rows:
        if "input" not in found[row["id"]]:
            continue
        target, name = _where(row)
        wanted.setdefault(target, {}).setdefault(paths.root() / name, []).append(row["id"])
    for target, files in wanted.items():
        try:
            for (_, names), line in zip(files.items(), replay.decode(target, list(files))):
                for name in names:
                    found[name]["input"]["decode"] = lines(line)
        except ToolError:
            continue        # the report is written whatever the decoder says


def lines(answer: Mapping[str, Any]) -> list[str]:
    """What the port saw, a line a value; cut to what a reader looks at."""
    shown: list[str] = []
    packets = answer.get("packets") or []
    for number, packet in enumerate([*packets, answer], 1):
        if len(packets) > 1 and number <= len(packets):
            shown.append(f"-- packet {number}")
        shown += [f"{key} {_short(value)}" for key, value in packet.get("fields", ())]
        shown += [f"violated {name}" for name in packet.get("violated", ())]
        shown += [f"verdict {key} {value}" for key, value in packet.get("verdict", ())]
    if answer.get("fault"):
        shown.append(f"fault {answer['fault']}")
    if len(shown) > DECODED:
        last = [line for line in shown[DECODED:] if line.startswith(("violated", "verdict"))][-3:]
        shown = [*shown[:DECODED], f"… {len(shown) - DECODED} more", *last]
    return shown


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= VALUE else f"{text[:VALUE]}… ({len(text)} characters)"
