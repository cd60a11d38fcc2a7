# SPDX-License-Identifier: GPL-2.0-only
"""The guard audit: is the population of guards what the page says it is?

Guards are what redzone measures, so a rejecting branch that is no guard must be
explained on the family's port-status page, and every explanation must still have
its branch. The page also counts the rejecting checks of each modelled upstream
function and the guards here; the guards are counted anew, and the checks too where
a kernel source tree is at hand.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Iterable

from redzone_tool import audit_clang, audit_page, audit_text
from redzone_tool.audit_lex import disjuncts
from redzone_tool.audit_page import Page, UpstreamRow
from redzone_tool.audit_tree import Branch, Function, GuardUse, Judge, guard_uses
from redzone_tool.errors import ToolError

FAMILIES = ("bluetooth", "net", "media", "nvme")
NEEDED_SHARE = 0.9


@dataclass(frozen=True)
class Share:
    """Upstream's rejecting checks of one file, and how many have a guard here."""

    file: str
    checks: int
    matched: int

    @property
    def share(self) -> float:
        """Part of upstream's checks; 1 where there are none."""
        return self.matched / self.checks if self.checks else 1.0


@dataclass
class Audit:
    """What the audit of one family found."""

    family: str
    files: list[str] = field(default_factory=list)
    functions: int = 0
    guards: list[GuardUse] = field(default_factory=list)
    branches: list[Branch] = field(default_factory=list)
    merged: list[Branch] = field(default_factory=list)
    unexplained: list[Branch] = field(default_factory=list)
    why: dict[tuple[str, str, str], str] = field(default_factory=dict)
    shares: list[Share] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def unguarded(self) -> list[Branch]:
        """What needs an explanation."""
        return [b for b in self.branches if not b.guarded] + self.merged

    def data(self) -> dict[str, Any]:
        """For --json."""
        return {
            "family": self.family,
            "files": self.files,
            "functions": self.functions,
            "guards": len(self.guards),
            "rejecting": len(self.branches),
            "unguarded": [
                {"file": b.file, "line": b.line, "function": b.function,
                 "condition": b.condition, "how": b.how, "why": self.why.get(b.key)}
                for b in self.unguarded
            ],
            "upstream": [
                {"file": s.file, "checks": s.checks, "guarded": s.matched,
                 "share": round(s.share, 4)}
                for s in self.shares
            ],
            "problems": self.problems,
        }


def port_files(root: Path, family: str) -> list[Path]:
    """Sources of a family's ports."""
    return sorted((root / "parsers" / family).glob("*.c"))


def families(root: Path) -> list[str]:
    """Families that have ports."""
    return [family for family in FAMILIES if port_files(root, family)]


def merged_guards(guards: Iterable[GuardUse]) -> list[Branch]:
    """Guards that hold two conditions; each should be losable alone."""
    return [
        Branch(g.file, g.function, g.line,
               f"malformed_in({g.bug}, {g.condition})" if g.bug else f"malformed({g.condition})",
               "two conditions in one guard", False)
        for g in guards if len(disjuncts(g.condition, False)) > 1
    ]


def run(root: Path, family: str) -> Audit:
    """Audit one family; problems are collected, not raised."""
    files = port_files(root, family)
    if not files:
        raise ToolError(f"{family}: no ports below parsers/{family}")
    functions = audit_clang.functions(root, family, files)
    audit = Audit(family, [path.name for path in files], len(functions))
    audit.guards = [use for function in functions for use in guard_uses(function)]
    audit.branches = [b for f in by_file(functions).values() for b in Judge(f).branches()]
    audit.merged = merged_guards(audit.guards)
    try:
        page = audit_page.read(root / "parsers" / family)
    except ToolError as error:
        audit.problems.append(str(error))
        audit.unexplained = audit.unguarded
        return audit
    _compare_branches(audit, page)
    _compare_upstream(audit, page, functions)
    return audit


def by_file(functions: Iterable[Function]) -> dict[str, list[Function]]:
    """Functions grouped by the file that defines them."""
    groups: dict[str, list[Function]] = {}
    for function in functions:
        groups.setdefault(function.file, []).append(function)
    return groups


def _compare_branches(audit: Audit, page: Page) -> None:
    rows = {row.key: row for row in page.branches}
    for row in page.branches:
        if rows[row.key] is not row:
            audit.problems.append(f"{row.page}:{row.line}: the row stands there twice")
        if not any(character.isalpha() for character in row.why):
            audit.problems.append(
                f"{row.page}:{row.line}: no reason why `{row.condition}` is no guard")
    found = {branch.key for branch in audit.unguarded}
    for branch in audit.unguarded:
        if branch.key in rows:
            audit.why[branch.key] = rows[branch.key].why
        else:
            audit.unexplained.append(branch)
            audit.problems.append(
                f"{branch.file}:{branch.line}: {branch.function}(): `{branch.condition}` "
                f"rejects ({branch.how}), is no guard and is not explained")
    for row in page.branches:
        if row.key not in found:
            audit.problems.append(
                f"{row.page}:{row.line}: {row.file}: {row.function}() has no unguarded "
                f"rejecting branch `{row.condition}`")


def _compare_upstream(audit: Audit, page: Page, functions: list[Function]) -> None:
    counts = Counter(guard.function for guard in audit.guards)
    known = {function.name for function in functions}
    named: Counter[str] = Counter()
    for row in page.upstream:
        where = f"{row.page}:{row.line}"
        named.update(row.ports)
        for name in row.ports:
            if name not in known:
                audit.problems.append(f"{where}: there is no port function {name}()")
        real = sum(counts[name] for name in row.ports)
        if real != row.guards:
            audit.problems.append(
                f"{where}: {', '.join(row.functions) or '-'}: the page says {row.guards} guards "
                f"here, there are {real}")
        if row.no_input > row.branches:
            audit.problems.append(f"{where}: more checks excepted than there are")
        if (row.no_input or row.checks != row.guards) and len(row.why) < 3:
            audit.problems.append(
                f"{where}: {row.checks} checks against {row.guards} guards needs a reason")
    for name, times in named.items():
        if times > 1:
            audit.problems.append(f"{page.folder.name}: {name}() is counted in {times} rows")
    for name in sorted(set(counts) - set(named)):
        audit.problems.append(
            f"{page.folder.name}: {name}() has {counts[name]} guards and is in no upstream row")
    audit.shares = shares(page.upstream)
    for share in audit.shares:
        if share.share < NEEDED_SHARE:
            audit.problems.append(
                f"{page.folder.name}: {share.file}: {share.matched} of {share.checks} rejecting "
                f"checks have a guard here ({share.share:.0%}), {NEEDED_SHARE:.0%} are needed")


def shares(rows: Iterable[UpstreamRow]) -> list[Share]:
    """Per upstream file; more guards in one function never make up for fewer in another."""
    checks: Counter[str] = Counter()
    matched: Counter[str] = Counter()
    for row in rows:
        checks[row.file] += row.checks
        matched[row.file] += min(row.checks, row.guards)
    return [Share(file, checks[file], matched[file]) for file in sorted(checks)]


@dataclass(frozen=True)
class UpstreamCheck:
    """A page's rows against a kernel source tree."""

    family: str
    rows: int
    branches: int
    left_out: dict[str, dict[str, int]]  # file -> function -> rejecting branches not modelled
    problems: list[str]


def upstream_functions(kernel: Path, file: str) -> dict[str, Function]:
    """Functions of a kernel file by name; raises ToolError when there is no such file."""
    path = kernel / file
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        raise ToolError(f"{file} is not in the kernel source {kernel}") from None
    return {function.name: function for function in audit_text.functions(text, path.name)}


def upstream_branches(kernel: Path, file: str) -> dict[str, list[Branch]]:
    """Rejecting branches of every function of a kernel file."""
    found = upstream_functions(kernel, file)
    judge = Judge(list(found.values()))
    return {name: judge.of(function) for name, function in found.items()}


def check_upstream(root: Path, family: str, kernel: Path) -> UpstreamCheck:
    """Count the rejecting branches of every upstream function that a page names."""
    page = audit_page.read(root / "parsers" / family)
    problems: list[str] = []
    modelled = {row.file for row in page.upstream if row.functions}
    files = {file: upstream_branches(kernel, file) for file in sorted(modelled)}
    total = 0
    for row in page.upstream:
        found = files.get(row.file, {})
        missing = [name for name in row.functions if name not in found]
        for name in missing:
            problems.append(f"{row.page}:{row.line}: {row.file} has no function {name}()")
        real = sum(len(found[name]) for name in row.functions if name in found)
        total += real
        if real != row.branches and not missing:
            problems.append(
                f"{row.page}:{row.line}: {', '.join(row.functions)}: the page says "
                f"{row.branches} rejecting checks, the source has {real}")
    named = {(row.file, name) for row in page.upstream for name in row.functions}
    left_out = {
        file: {name: len(branches) for name, branches in found.items()
               if branches and (file, name) not in named}
        for file, found in files.items()
    }
    return UpstreamCheck(family, len(page.upstream), total, left_out, problems)
