# SPDX-License-Identifier: GPL-2.0-only
"""What there is: targets, bugs and guards, as the build and `crashes/` state them."""

import json
import re
import subprocess
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from redzone_tool import build, paths
from redzone_tool.errors import ENVIRONMENT, ToolError, unknown

SANITIZERS = ("address", "undefined", "memory")
ENGINES = ("libfuzzer", "afl")

CLASSES = (
    "heap-oob-read", "heap-oob-write", "stack-oob", "global-oob", "uaf", "double-free",
    "uninit", "type-confusion", "null-deref", "int-overflow", "recursion", "assert", "hang",
    "leak", "div-zero", "logic")

MEMORY_SAFETY_CLASSES = frozenset({
    "heap-oob-read", "heap-oob-write", "stack-oob", "global-oob", "uaf", "double-free",
    "uninit", "type-confusion"})

# Expected results that are no sanitizer report: a digest differs, or nothing is seen.
DIGEST_KINDS = ("verdict", "output", "effects")
NO_REPORT = "none"
# A wild access that this sanitizer does not watch: the layout of the heap decides.
UNPREDICTABLE = "unpredictable"

_SCHEMA = 1


@dataclass(frozen=True)
class Target:
    """A fuzzable entry point, as the build exports it."""

    name: str
    family: str
    harness: str
    port: tuple[str, ...]
    max_len: int
    seeds: str
    dictionary: str
    form: str

    @property
    def dictionary_path(self) -> Path | None:
        """The dictionary, if the target has one."""
        path = paths.root() / self.dictionary
        return path if self.dictionary and path.is_file() else None


@dataclass(frozen=True)
class Expected:
    """What one sanitizer says about a proof input when the bug is on."""

    kind: str
    frame: str = ""

    @property
    def is_report(self) -> bool:
        """Whether a report is expected, not a digest difference or nothing."""
        return self.kind not in (NO_REPORT, UNPREDICTABLE, *DIGEST_KINDS)


@dataclass(frozen=True)
class Variant:
    """The proof input with one field changed, and what the root cause predicts for it."""

    name: str
    at: int
    put: bytes
    expect: str                     # "bug": faults as the proof input; "clean": no report
    length: int | None = None       # cut to this many bytes first
    expected: dict[str, Expected] = field(default_factory=dict)

    def of(self, data: bytes) -> bytes:
        """The variant of an input."""
        data = data[:self.length]
        return data[:self.at] + self.put + data[self.at + len(self.put):]


@dataclass(frozen=True)
class Bug:
    """One historical defect under `crashes/<id>/`."""

    id: str
    target: str
    family: str
    class_: str
    title: str
    folder: Path
    expected: dict[str, Expected]
    year: int = 0
    cwe: str = ""
    product: str = ""
    state: str = "stateless"
    difficulty: str = ""
    sha256: str = ""
    aliases: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    env: dict[str, str] = field(default_factory=dict)
    variants: tuple[Variant, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def token(self) -> str:
        """The name of the bug in C."""
        return re.sub(r"[^A-Z0-9]", "_", self.id.upper())

    @property
    def input(self) -> Path:
        """The proof input."""
        return self.folder / "input.bin"

    @property
    def memory_safety(self) -> bool:
        """Whether the class is memory corruption or disclosure.

        An integer overflow counts when address sanitizer shows an access it led to.
        """
        if self.class_ == "int-overflow":
            kind = self.expected.get("address", Expected(NO_REPORT)).kind
            return "overflow" in kind or kind in ("heap-use-after-free", "double-free")
        return self.class_ in MEMORY_SAFETY_CLASSES


@dataclass(frozen=True)
class Guard:
    """One safety check on untrusted input, as the guard table of a build has it."""

    index: int
    id: str
    file: str
    line: int
    function: str
    condition: str
    bug: str | None


def targets() -> list[Target]:
    """All targets, by name."""
    document = _targets_json()
    if document.get("schema") != _SCHEMA:
        raise ToolError(f"targets.json has schema {document.get('schema')}, expected {_SCHEMA}",
                        ENVIRONMENT)
    return sorted((Target(
        name=entry["name"], family=entry["family"], harness=entry["harness"],
        port=tuple(entry["port"]), max_len=int(entry["max_len"]), seeds=entry["seeds"],
        dictionary=entry.get("dictionary") or "", form=entry["form"])
        for entry in document["targets"]), key=lambda t: t.name)


def target(name: str) -> Target:
    """The target of that name."""
    known = {t.name: t for t in targets()}
    if name not in known:
        raise unknown("target", name, known, "`redzone list`")
    return known[name]


def bugs(target_name: str | None = None) -> list[Bug]:
    """All bugs of the catalogue, or those of one target, by id."""
    files = sorted((paths.root() / "crashes").glob("*/bug.toml"))
    found = [_known_bug(file, file.stat().st_mtime_ns) for file in files]
    return [b for b in found if target_name in (None, b.target)]


@lru_cache(maxsize=2048)
def _known_bug(file: Path, mtime_ns: int) -> Bug:
    """An entry is read once for each state of its file: campaigns ask at every trial."""
    return read_bug(file)


def bug(name: str) -> Bug:
    """The bug of that id or alias, whatever its case."""
    known = bugs()
    for entry in known:
        if name.lower() in (n.lower() for n in (entry.id, *entry.aliases)):
            return entry
    raise unknown("bug", name, [b.id for b in known], "`redzone list`")


def bug_list(text: str | None, target_name: str | None = None) -> list[Bug]:
    """The bugs of a comma-separated list of ids, or `all`."""
    if not text:
        return []
    if text == "all":
        return bugs(target_name)
    return [bug(word.strip()) for word in text.split(",") if word.strip()]


def read_bug(file: Path) -> Bug:
    """One `bug.toml`."""
    try:
        facts = tomllib.loads(file.read_text())
    except (OSError, ValueError) as err:
        raise ToolError(f"{paths.shown(file)}: {err}") from None
    try:
        expected = _expected(facts.get("expected", {}))
        return Bug(
            id=facts["id"], target=facts["target"], family=facts["family"],
            class_=facts["class"], title=facts["title"], folder=file.parent, expected=expected,
            year=int(facts.get("year", 0)), cwe=str(facts.get("cwe", "")),
            product=facts.get("product", ""), state=facts.get("state", "stateless"),
            difficulty=facts.get("difficulty", ""), sha256=facts.get("sha256", ""),
            aliases=tuple(facts.get("aliases", ())), functions=tuple(facts.get("functions", ())),
            env={k: str(v) for k, v in facts.get("env", {}).items()},
            variants=tuple(_variant(entry) for entry in facts.get("variants", ())),
            facts=facts)
    except (KeyError, TypeError, AttributeError, ValueError) as err:
        raise ToolError(f"{paths.shown(file)}: missing or wrong key {err}") from None


def _expected(table: dict[str, Any]) -> dict[str, Expected]:
    return {sanitizer: Expected(str(entry["kind"]), str(entry.get("frame", "")))
            for sanitizer, entry in table.items()}


def _variant(entry: dict[str, Any]) -> Variant:
    if entry["expect"] not in ("bug", "clean"):
        raise ValueError("expect (bug or clean)")
    return Variant(name=str(entry["name"]), at=int(entry.get("at", 0)),
                   put=bytes.fromhex(entry.get("bytes", "")), expect=entry["expect"],
                   length=entry.get("length"), expected=_expected(entry.get("expected", {})))


def guards(flavour: str = "native-guards") -> list[Guard]:
    """The guard table of a guard build, in index order."""
    table = guard_table(flavour)
    return [Guard(index=int(g["index"]), id=g["id"], file=g["file"], line=int(g["line"]),
                  function=g["function"], condition=g["condition"], bug=g.get("bug"))
            for g in table["guards"]]


def guards_of(target_: Target, flavour: str = "native-guards") -> list[Guard]:
    """The guards of the ports a target drives."""
    files = set(target_.port)
    return [g for g in guards(flavour) if g.file in files]


def guard(name: str, known: Sequence[Guard]) -> Guard:
    """The guard of that id among `known`."""
    by_id = {g.id: g for g in known}
    if name not in by_id:
        raise unknown("guard", name, by_id, "`redzone guards TARGET`")
    return by_id[name]


def guard_table(flavour: str = "native-guards", exe: Path | None = None) -> dict[str, Any]:
    """What `redzone-replay --guards` of a build says, or another replay binary."""
    binary = exe or build.ensure(flavour) / "bin" / "redzone-replay"
    try:
        done = subprocess.run([binary, "--guards"], capture_output=True, text=True, check=True)
        table = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.CalledProcessError) as err:
        raise ToolError(f"{paths.shown(binary)} --guards failed: {err}", ENVIRONMENT) from None
    assert isinstance(table, dict)
    return table


def _targets_json() -> dict[str, Any]:
    """The newest exported list of targets; configures a build tree when none is current."""
    # build.ninja is written at every configuration, targets.json only when it changes.
    trees = sorted((p for p in (paths.out() / "build").glob("*/build.ninja")
                    if p.with_name("targets.json").exists()),
                   key=lambda p: p.stat().st_mtime, reverse=True)
    inputs = [paths.root() / "CMakeLists.txt", *(paths.root() / "harnesses").glob("CMakeLists*"),
              *(paths.root() / "parsers").glob("*/CMakeLists.txt"),
              *(paths.root() / "cmake").glob("*.cmake")]
    newest = max((p.stat().st_mtime for p in inputs if p.exists()), default=0.0)
    if not trees or trees[0].stat().st_mtime < newest:
        file = build.configure("native-guards") / "targets.json"
    else:
        file = trees[0].with_name("targets.json")
    try:
        document = json.loads(file.read_text())
    except (OSError, ValueError) as err:
        raise ToolError(f"{paths.shown(file)}: {err}", ENVIRONMENT) from None
    assert isinstance(document, dict)
    return document
