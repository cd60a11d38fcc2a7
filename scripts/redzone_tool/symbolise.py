# SPDX-License-Identifier: GPL-2.0-only
"""
Symbolise many reports with one llvm-symbolizer.

A sanitizer that symbolises its own report costs 0.2 s a fault; ablation sees hundreds of
faults and runs with symbolize=0, and the few reports that are kept are read here.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Sequence

_BARE = re.compile(
    r"^(\s*#\d+ 0x[0-9a-f]+)\s+\((/[^()]+)\+0x([0-9a-f]+)\)(?: \(BuildId: [0-9a-f]+\))?$",
    re.MULTILINE)

SYMBOLIZERS = ("llvm-symbolizer-19", "llvm-symbolizer")


def symbolise(texts: Sequence[str],
              known: dict[tuple[str, str], list[str]] | None = None) -> list[str]:
    """The reports with `(module+0xoffset)` frames replaced by function, file and line.

    `known` holds places looked up before, and those looked up now.
    """
    names = {} if known is None else known
    wanted = sorted({(m[2], m[3]) for text in texts for m in _BARE.finditer(text)} - set(names))
    names.update(_look_up(wanted))
    if not names:
        return list(texts)

    def expand(match: re.Match[str]) -> str:
        inlined = names.get((match[2], match[3]))
        if not inlined:
            return match[0]
        return "\n".join(f"{match[1]} in {place}" for place in inlined)

    return [_renumber(_BARE.sub(expand, text)) for text in texts]


def _look_up(wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], list[str]]:
    binary = next((b for b in SYMBOLIZERS if shutil.which(b)), None)
    if binary is None or not wanted:
        return {}
    asked = "".join(f'"{module}" 0x{offset}\n' for module, offset in wanted)
    try:
        done = subprocess.run([binary, "--output-style=JSON", "--relativenames"], input=asked,
                              capture_output=True, text=True, check=False, timeout=120)
    except (OSError, subprocess.TimeoutExpired):
        return {}
    names: dict[tuple[str, str], list[str]] = {}
    for key, line in zip(wanted, done.stdout.splitlines()):
        try:
            symbols = json.loads(line).get("Symbol", [])
        except ValueError:
            continue
        places = [_place(symbol) for symbol in symbols if symbol.get("FunctionName")]
        if places:
            names[key] = places
    return names


def _place(symbol: dict[str, object]) -> str:
    file = symbol.get("FileName") or ""
    if not file:
        return str(symbol["FunctionName"])
    return f"{symbol['FunctionName']} {file}:{symbol.get('Line', 0)}:{symbol.get('Column', 0)}"


def _renumber(text: str) -> str:
    """Inlined callers share their frame's number: count anew from each #0."""
    lines, number, last = [], 0, -1
    for line in text.split("\n"):
        match = re.match(r"^(\s*#)(\d+)( .*)$", line)
        if match:
            if int(match[2]) == 0 and last != 0:
                number = 0
            last = int(match[2])
            line = f"{match[1]}{number}{match[3]}"
            number += 1
        else:
            last = -1
        lines.append(line)
    return "\n".join(lines)
