# SPDX-License-Identifier: GPL-2.0-only
"""Compiling single files the way a flavour does, and looking into the objects."""

import json
import re
import shlex
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from redzone_tool import audit, build, paths

CLANG = "clang-19"
OBJDUMP = "llvm-objdump-19"


@lru_cache(maxsize=None)
def commands(flavour: str) -> dict[str, list[str]]:
    """Compiler command of each source of a flavour, by path relative to the tree."""
    tree = build.configure(flavour)
    document = json.loads((tree / "compile_commands.json").read_text())
    found = {}
    for entry in document:
        words = shlex.split(entry["command"])
        while not Path(words[0]).name.startswith("clang"):
            words.pop(0)
        file = Path(entry["file"]).resolve()
        if paths.root() in file.parents:
            found[str(file.relative_to(paths.root()))] = words
    return found


def compile_as(flavour: str, source: str, out: Path, *extra: str, text: Path | None = None) -> Path:
    """Compile a source of the tree with its flavour's command; @text stands in for the file."""
    words = list(commands(flavour)[source])
    for option in ("-o", "-MF", "-MT"):
        if option in words:
            position = words.index(option)
            del words[position:position + 2]
    words = [w for w in words if w not in ("-MD", "-c") and Path(w).name != Path(source).name]
    include = [f"-I{(paths.root() / source).parent}"] if text else []
    kind = [] if "-S" in extra else ["-c"]
    run([*words, *include, *kind, *extra, str(text or paths.root() / source), "-o", str(out)])
    return out


def run(command: list[str]) -> str:
    """Run a program that must succeed; its output."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{shlex.join(command)}\n{done.stderr[:4000]}"
    return done.stdout


def port_sources() -> list[str]:
    """Every port of the tree."""
    root = paths.root()
    return [str(path.relative_to(root)) for family in audit.families(root)
            for path in audit.port_files(root, family)]


def guard_include() -> Path:
    """Include root of <redzone/guard.h> and <redzone/sink.h>."""
    return paths.root() / "parsers" / "guard" / "include"


def disassembly(path: Path) -> dict[str, list[str]]:
    """Instructions of each function of an object, with relocations and without addresses."""
    text = run([OBJDUMP, "-dr", "--no-show-raw-insn", "--no-leading-addr", str(path)])
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.splitlines():
        start = re.match(r"^(?:[0-9a-f]+ )?<([^>+]+)>:$", line.strip())
        if start:
            lines = found.setdefault(start[1], [])
        elif line.strip() and not line.startswith(("Disassembly", str(path))):
            lines.append(" ".join(re.sub(r"^\s*[0-9a-f]+:\s+", "", line).split()))
    return found


@dataclass
class Seen:
    """What an engine is told by one function."""

    edges: int = 0
    callbacks: Counter[str] = field(default_factory=Counter)


_COUNTERS = re.compile(r"^(@__sancov_gen_[\w.]*) = private global \[(\d+) x i\d+\]", re.MULTILINE)
_DEFINE = re.compile(r"^define [^@]*@([\w.$]+)\(", re.MULTILINE)


def seen_by_engine(ir: Path) -> dict[str, Seen]:
    """Counted edges and comparison call-backs of each function, from instrumented LLVM IR."""
    text = ir.read_text()
    sizes = {name: int(size) for name, size in _COUNTERS.findall(text)}
    found = {}
    for match in _DEFINE.finditer(text):
        body = text[match.start():text.index("\n}", match.start())]
        names = set(re.findall(r"@__sancov_gen_[\w.]*", body))
        seen = Seen(max((sizes.get(name, 0) for name in names), default=0))
        seen.callbacks.update(re.findall(r"@(__sanitizer_cov_trace_\w+)\(", body))
        found[match[1]] = seen
    return found
