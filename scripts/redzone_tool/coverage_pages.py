# SPDX-License-Identifier: GPL-2.0-only
"""Draws guards into the pages of llvm-cov: how often reached and violated, and the outcome."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from redzone_tool.guardtable import Row

STYLE = """
.rz-guard { font: 12px sans-serif; white-space: normal; margin: 1px 0 1px 2em;
  padding: 0 .5em; border-left: 4px solid #888; background: #f2f2f2; color: #222;
  display: table; }
.rz-violated { border-left-color: #0072b2; }
.rz-reached { border-left-color: #e69f00; }
.rz-silent { border-left-color: #d55e00; }
@media (prefers-color-scheme: dark) { .rz-guard { background: #333; color: #eee; } }
"""


# A row of the source table up to the end of its code; branches inside it have anchors too.
_LINE = re.compile(r"(<td class='line-number'><a name='L(\d+)' href='#L\2'>.*?"
                   r"<td class='code'><pre>.*?</pre>)", re.DOTALL)


def note(row: Row) -> str:
    """One guard as a line of HTML; no colour stands alone, the words say the same."""
    state = "violated" if row.violated else "reached" if row.reached else "silent"
    words = (f"guard: reached by {row.reached}, violated by {row.violated} inputs"
             if row.reached else "guard: reached by no input")
    if row.guard.bug:
        words += f"; the check that {row.guard.bug} lacked"
    if row.outcome is not None:
        words += f"; lost: {row.outcome}"
    return (f"<span class='rz-guard rz-{state}' title='{html.escape(row.guard.id)}'>"
            f"{html.escape(words)}</span>")


def merged(tables: Iterable[Sequence[Row]]) -> dict[str, Row]:
    """Guards of several targets, each once, with the inputs of all of them."""
    found: dict[str, Row] = {}
    for table in tables:
        for row in table:
            known = found.get(row.guard.id)
            if known is None:
                found[row.guard.id] = Row(row.guard, row.reached, row.violated, row.outcome,
                                          row.outcomes)
            else:
                known.reached += row.reached
                known.violated += row.violated
                known.outcome = known.outcome or row.outcome
    return found


def annotate(folder: Path, rows: Iterable[Row]) -> int:
    """Write the notes into the pages below `folder`; returns how many were placed."""
    by_file: dict[str, list[Row]] = {}
    for row in rows:
        by_file.setdefault(row.guard.file, []).append(row)
    placed = 0
    for file, guards in by_file.items():
        page = folder / "coverage" / f"{file}.html"
        if page.is_file():
            text, count = marked(page.read_text(encoding="utf-8"), guards)
            page.write_text(text, encoding="utf-8")
            placed += count
    style = folder / "style.css"
    with open(style, "a", encoding="utf-8") as sheet:
        sheet.write(STYLE)
    return placed


def marked(text: str, guards: Iterable[Row]) -> tuple[str, int]:
    """A page with the notes behind the code of their lines."""
    notes: dict[int, str] = {}
    for row in guards:
        notes[row.guard.line] = notes.get(row.guard.line, "") + note(row)
    placed = 0

    def put(match: re.Match[str]) -> str:
        nonlocal placed
        words = notes.pop(int(match[2]), "")
        placed += words.count("<span")
        return match[1] + words

    text = _LINE.sub(put, text)
    return text, placed
