# SPDX-License-Identifier: GPL-2.0-only
"""Source coverage of ports: what the lines of a port see of seeds or a corpus.

The coverage flavour (clang's source-based coverage, solid guards) plays the inputs of each target;
llvm-cov reads what ran. Only the port files of the targets count: the userspace kernel and the
harnesses serve all of them.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from redzone_tool import build, catalogue, paths, replay
from redzone_tool.errors import ENVIRONMENT, USAGE, ToolError

SCHEMA = 1
FLAVOUR = "coverage"
KINDS = ("lines", "functions", "regions", "branches")
# Most crashing inputs that are set aside before coverage is given up
MAX_FAULTS = 1000


@dataclass(frozen=True)
class Count:
    """How many there are, and how many ran."""

    count: int
    covered: int

    @property
    def percent(self) -> float:
        return 100.0 * self.covered / self.count if self.count else 100.0

    def __add__(self, other: Count) -> Count:
        return Count(self.count + other.count, self.covered + other.covered)

    def as_dict(self) -> dict[str, Any]:
        return {"count": self.count, "covered": self.covered, "percent": round(self.percent, 2)}


@dataclass(frozen=True)
class File:
    """Coverage of one source file."""

    name: str
    counts: Mapping[str, Count]
    uncovered: tuple[tuple[int, int], ...]      # runs of lines, both ends included
    functions: tuple[str, ...]                  # those that never ran

    def as_dict(self) -> dict[str, Any]:
        return {"file": self.name, **{k: c.as_dict() for k, c in self.counts.items()},
                "uncovered_lines": [list(run) for run in self.uncovered],
                "uncovered_functions": list(self.functions)}


@dataclass
class Coverage:
    """Coverage of the ports of some targets by the inputs of all of them."""

    targets: list[str]
    files: list[File] = field(default_factory=list)
    inputs: int = 0
    faults: list[Path] = field(default_factory=list)
    html: Path | None = None

    def total(self, kind: str) -> Count:
        return sum((f.counts[kind] for f in self.files), Count(0, 0))

    def as_dict(self) -> dict[str, Any]:
        return {"schema": SCHEMA, "targets": self.targets, "inputs": self.inputs,
                "faults": [str(path) for path in self.faults],
                "total": {kind: self.total(kind).as_dict() for kind in KINDS},
                "files": [f.as_dict() for f in self.files],
                "html": str(self.html) if self.html else None}


def measure(targets: Sequence[catalogue.Target], inputs: Mapping[str, Sequence[Path]],
            patterns: Sequence[str] = (), html: Path | None = None) -> Coverage:
    """Play the inputs of each target and read the coverage of their ports.

    @patterns keep only port files that match one (`smp*.c`); @html is a folder for pages.
    """
    wanted = _port_files(targets, patterns)
    result = Coverage([t.name for t in targets], inputs=sum(map(len, inputs.values())))
    exe = replay.binary(FLAVOUR)
    with tempfile.TemporaryDirectory(prefix="redzone-coverage-") as folder:
        for target in targets:
            result.faults += play(target.name, list(inputs[target.name]),
                                  Path(folder, target.name))
        profile = _merge(Path(folder))
        found = _export(exe, profile)
        lcov = _lcov(exe, profile)
        lines = _lines(lcov)
        result.files = [_file(name, found, lines) for name in wanted if name in found["files"]]
        if html is not None:
            others = sorted(set(found["files"]) - {f.name for f in result.files})
            result.html = _html(exe, profile, others, html)
            (html / "coverage.lcov").write_text(_only(lcov, {f.name for f in result.files}),
                                                encoding="utf-8")
            (html / "summary.json").write_text(json.dumps(result.as_dict(), indent=1) + "\n",
                                               encoding="utf-8")
    if not result.files:
        raise ToolError("no port file of these targets has code that could run", ENVIRONMENT)
    return result


def _port_files(targets: Sequence[catalogue.Target], patterns: Sequence[str]) -> list[str]:
    files = list(dict.fromkeys(name for t in targets for name in t.port))
    kept = [name for name in files
            if not patterns or any(fnmatch(Path(name).name, p) or fnmatch(name, p)
                                   for p in patterns)]
    if not kept:
        raise ToolError(f"no port file matches {' or '.join(patterns)} "
                        f"(there are {', '.join(Path(f).name for f in files[:8])}, …)", USAGE)
    return kept


def play(target: str, files: list[Path], folder: Path) -> list[Path]:
    """Play all files that do not fault, profiles into @folder; returns the faulting ones.

    A process that faults writes no profile, so the rest is played again without the culprits.
    """
    faults: list[Path] = []
    while True:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        rest = [f for f in files if f not in set(faults)]
        env = {"LLVM_PROFILE_FILE": str(folder / "%p.profraw")}
        bad = [r.file for r in replay.run(target, rest, FLAVOUR, env) if r.fault] if rest else []
        if not bad:
            return faults
        faults += bad
        if len(faults) > MAX_FAULTS:
            raise ToolError(f"{target}: more than {MAX_FAULTS} inputs fault", ENVIRONMENT)


def _tool(name: str) -> str:
    exe = shutil.which(f"{name}-19") or shutil.which(name)
    if exe is None:
        raise ToolError(f"{name}-19 not found on PATH: run `scripts/redzone setup`", ENVIRONMENT)
    return exe


def _run(command: Sequence[str]) -> str:
    done = subprocess.run(command, cwd=paths.root(), capture_output=True, text=True,
                          errors="replace", check=False)
    if done.returncode:
        first = (done.stderr.strip().splitlines() or ["no message"])[0]
        raise ToolError(f"{Path(command[0]).name} failed: {first}", ENVIRONMENT)
    return done.stdout


def _merge(folder: Path) -> Path:
    raw = sorted(str(p) for p in folder.rglob("*.profraw"))
    if not raw:
        raise ToolError("no input was played: there are no seeds, or all of them fault", USAGE)
    out = folder / "merged.profdata"
    _run([_tool("llvm-profdata"), "merge", "-sparse", "-o", str(out), *raw])
    return out


def _export(exe: Path, profile: Path) -> dict[str, Any]:
    """Summaries by file, and the functions that never ran by file."""
    text = _run([_tool("llvm-cov"), "export", "-instr-profile", str(profile), str(exe),
                 "-skip-expansions"])
    document = json.loads(text)["data"][0]
    silent: dict[str, list[str]] = {}
    for function in document["functions"]:
        if not function["count"]:
            name = function["name"].rpartition(":")[2]
            silent.setdefault(_name(function["filenames"][0]), []).append(name)
    return {"files": {_name(f["filename"]): f["summary"] for f in document["files"]},
            "silent": silent}


def _name(path: str) -> str:
    """A file as the catalogue calls it, relative to the tree."""
    return path.removeprefix(f"{paths.root()}/").removeprefix("./")


def line_counts(exe: Path, folder: Path) -> dict[str, Count]:
    """Lines by file of all profiles below a folder; none of them when nothing was played."""
    if not any(folder.rglob("*.profraw")):
        return {}
    text = _run([_tool("llvm-cov"), "export", "-summary-only", "-instr-profile",
                 str(_merge(folder)), str(exe)])
    return {_name(f["filename"]): Count(f["summary"]["lines"]["count"],
                                        f["summary"]["lines"]["covered"])
            for f in json.loads(text)["data"][0]["files"]}


def _lcov(exe: Path, profile: Path) -> str:
    """The whole of it in lcov's format."""
    return _run([_tool("llvm-cov"), "export", "-format=lcov", "-instr-profile", str(profile),
                 str(exe)])


def _only(lcov: str, files: set[str]) -> str:
    """The records of some files, their names relative to the tree."""
    kept = []
    for record in lcov.split("end_of_record\n"):
        match = re.search(r"^SF:(.*)$", record, re.MULTILINE)
        if match and _name(match[1]) in files:
            kept.append(record.replace(match[0], f"SF:{_name(match[1])}") + "end_of_record\n")
    return "".join(kept)


def _lines(lcov: str) -> dict[str, dict[int, int]]:
    """How often each line ran."""
    result: dict[str, dict[int, int]] = {}
    now: dict[int, int] = {}
    for line in lcov.splitlines():
        if line.startswith("SF:"):
            now = result.setdefault(_name(line[3:]), {})
        elif match := re.match(r"DA:(\d+),(\d+)", line):
            now[int(match[1])] = int(match[2])
    return result


def runs(lines: Mapping[int, int]) -> tuple[tuple[int, int], ...]:
    """Lines that never ran, joined where nothing that ran lies between them."""
    found: list[tuple[int, int]] = []
    open_ = False
    for number in sorted(lines):
        if lines[number]:
            open_ = False
        elif open_:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
            open_ = True
    return tuple(found)


def _file(name: str, found: Mapping[str, Any], lines: Mapping[str, Mapping[int, int]]) -> File:
    summary = found["files"][name]
    counts = {kind: Count(summary[kind]["count"], summary[kind]["covered"]) for kind in KINDS}
    return File(name, counts, runs(lines.get(name, {})), tuple(found["silent"].get(name, ())))


def _html(exe: Path, profile: Path, others: Sequence[str], folder: Path) -> Path:
    """Pages with each line's count; the index lists the files."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    build.check_space(folder)
    command = [_tool("llvm-cov"), "show", "-format=html", "-output-dir", str(folder),
               "-instr-profile", str(profile), "-show-line-counts-or-regions",
               "-show-branches=count", "-project-title", "redzone", str(exe)]
    if others:
        command.append("-ignore-filename-regex=(^|/)(" + "|".join(map(re.escape, others)) + ")$")
    _run(command)
    return folder / "index.html"
