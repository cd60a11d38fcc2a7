# SPDX-License-Identifier: GPL-2.0-only
"""The two audit tables of a family's port-status pages (parsers/<family>/*.md).

    | file | function | condition | why no guard |
    | upstream file | upstream function | rejecting checks | guards here | port function
    | why different |  (all in one line)

Cells may be set as code; `\\|` stands for a bar. In `rejecting checks`, `9 - 2` means:
nine by the audit's rule, two of which test no input (own state, failed allocation).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Sequence

from redzone_tool.audit_lex import normal
from redzone_tool.errors import ToolError

BRANCHES = ("file", "function", "condition", "why no guard")
UPSTREAM = (
    "upstream file", "upstream function", "rejecting checks", "guards here", "port function",
    "why different",
)


@dataclass(frozen=True)
class BranchRow:
    """An explained branch without a guard."""

    page: str  # file name
    line: int
    file: str
    function: str
    condition: str
    why: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What audit_tree.Branch.key is compared with."""
        return self.file, self.function, normal(self.condition)


@dataclass(frozen=True)
class UpstreamRow:
    """Functions of the modelled source and those that stand for them here."""

    page: str  # file name
    line: int
    file: str
    functions: tuple[str, ...]
    branches: int  # by the audit's rule
    no_input: int  # of these, tests of something that input cannot influence
    guards: int
    ports: tuple[str, ...]
    why: str

    @property
    def checks(self) -> int:
        """Rejecting checks on input."""
        return self.branches - self.no_input


@dataclass(frozen=True)
class Page:
    """Both tables, of all pages of a family."""

    folder: Path
    branches: list[BranchRow]
    upstream: list[UpstreamRow]


def cells(line: str) -> list[str]:
    """Cells of a table line, code marks and escapes removed."""
    parts = re.split(r"(?<!\\)\|", line.strip())
    if len(parts) < 3 or parts[0].strip() or parts[-1].strip():
        return []
    plain = [part.strip().replace("\\|", "|") for part in parts[1:-1]]
    return [re.sub(r"^(`+) ?(.*?) ?\1$", r"\2", part) for part in plain]


def table(text: str, heading: Sequence[str]) -> list[tuple[int, list[str]]]:
    """Rows (with line numbers) of every table that has exactly this heading."""
    rows: list[tuple[int, list[str]]] = []
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        row = cells(line) if line.lstrip().startswith("|") else []
        if not row:
            inside = False
        elif [cell.lower() for cell in row] == list(heading):
            inside = True
        elif inside and not all(re.fullmatch(r":?-+:?", cell) for cell in row):
            rows.append((number, row))
    return rows


def names(cell: str) -> tuple[str, ...]:
    """`a()`, `b` -> a, b; a dash or nothing -> none."""
    found = (re.sub(r"[`\s]|\(\)", "", part) for part in cell.split(","))
    return tuple(name for name in found if name not in ("", "-", "–", "—"))


def read(folder: Path) -> Page:
    """The tables of a family's pages; raises ToolError where a row cannot be read."""
    if not (folder / "README.md").is_file():
        raise ToolError(f"{folder.name}: no port-status page README.md")
    page = Page(folder, [], [])
    for path in sorted(folder.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        for line, row in table(text, BRANCHES):
            if len(row) != len(BRANCHES):
                raise ToolError(f"{folder.name}/{path.name}:{line}: {len(row)} cells, expected 4")
            page.branches.append(
                BranchRow(path.name, line, row[0], row[1].removesuffix("()"), row[2], row[3]))
        page.upstream.extend(_upstream(path, line, row) for line, row in table(text, UPSTREAM))
    return page


def _upstream(path: Path, line: int, row: list[str]) -> UpstreamRow:
    where = f"{path.parent.name}/{path.name}:{line}"
    if len(row) != len(UPSTREAM):
        raise ToolError(f"{where}: {len(row)} cells, expected {len(UPSTREAM)}")
    checks = re.fullmatch(r"(\d+)(?:\s*[-−–]\s*(\d+))?", row[2])
    if not checks or not row[3].isdigit():
        raise ToolError(f"{where}: rejecting checks are `N` or `N - M`, guards here a number")
    return UpstreamRow(
        path.name, line, row[0], names(row[1]), int(checks[1]), int(checks[2] or 0), int(row[3]),
        names(row[4]), row[5],
    )


def branch_row(file: str, function: str, condition: str, why: str = "") -> str:
    """A line for the first table."""
    text = condition.replace("|", "\\|")
    return f"| `{file}` | `{function}` | `{text}` | {why} |"
