# SPDX-License-Identifier: GPL-2.0-only
"""
Which files are crash inputs, and of which target: single files, folders, AFL++ output trees,
libFuzzer artifact folders, OSS-Fuzz testcases, findings and catalogue entries of redzone.

The folder may be hostile. Nothing in it is executed, followed out of it or written to; what
is no input gets one line that says why.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from redzone_tool import catalogue, findings, paths
from redzone_tool.errors import ToolError

MAX_SIZE = 1 << 20      # larger than any target takes
MAX_FILES = 20_000

# What engines and redzone leave beside inputs.
_NOT_INPUTS = frozenset({
    "README.txt", "README.md", "fuzzer_stats", "fuzzer_setup", "fuzz_bitmap", "plot_data",
    "cmdline", "target_hash", "is_main_node", ".cur_input", "finding.json", "report.txt",
    "bug.toml", "minimise.json", ".gitignore"})
_AFL_MARKS = frozenset({"fuzzer_stats", "fuzzer_setup", "cmdline"})
_AFL_INPUTS = re.compile(r"^(crashes|hangs)(\..*)?$")


@dataclass(frozen=True)
class Source:
    """One input as it was found."""

    path: Path
    name: str                   # printable
    data: bytes = field(repr=False)
    sha256: str
    target: str = ""            # empty: all are tried
    target_from: str = ""       # option, finding, bug, name, folder, afl
    env: dict[str, str] = field(default_factory=dict)   # as it was made with


@dataclass(frozen=True)
class Skipped:
    """A file that is no input, and why."""

    name: str
    reason: str
    named: bool = False         # the user named it, rather than a folder above it


def printable(text: str) -> str:
    """A name as one printable line; what is not printable is escaped."""
    text = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def shown(path: Path) -> str:
    """A path as one printable line."""
    return printable(paths.shown(path))


class Collector:
    """Reads the inputs below some paths."""

    def __init__(self, target: str = "", env: dict[str, str] | None = None,
                 max_size: int = MAX_SIZE):
        self.names = sorted((t.name for t in catalogue.targets()), key=len, reverse=True)
        self.target = target
        self.env = env or {}
        self.max_size = max_size
        self.skipped: list[Skipped] = []
        self._afl: dict[Path, str] = {}

    def collect(self, given: Sequence[Path]) -> list[Source]:
        """All inputs, in order of their names; each file once."""
        found: list[Source] = []
        seen: set[str] = set()
        for path in given:
            for file, named in self._files(path):
                real = os.path.realpath(file)
                if real in seen:
                    continue
                seen.add(real)
                if len(found) >= MAX_FILES:
                    self.skipped.append(Skipped(
                        shown(path), f"more than {MAX_FILES} inputs: the rest is left out", True))
                    return found
                source = self._source(file, named)
                if source is not None:
                    found.append(source)
        return found

    def _files(self, path: Path) -> Iterator[tuple[Path, bool]]:
        try:
            mode = path.stat().st_mode
        except OSError as err:
            self._skip(path, _why(err), True)
            return
        except ValueError:
            self._skip(path, "no such name", True)
            return
        if not stat.S_ISDIR(mode):
            yield path, True
            return
        yield from ((file, False) for file in self._walk(path))

    def _walk(self, top: Path) -> Iterator[Path]:
        for folder, folders, files in os.walk(top, onerror=self._unlisted):
            here = Path(folder)
            if _AFL_MARKS & set(files) or {"queue", "crashes"} <= set(folders):
                folders[:] = [f for f in folders if _AFL_INPUTS.match(f)]
                files = []
            for name in [*folders]:
                if (here / name).is_symlink():
                    folders.remove(name)
                    self._skip(here / name, "symbolic link to a folder, not followed")
            folders.sort()
            for name in sorted(files):
                if name in _NOT_INPUTS:
                    continue
                if (here / name).is_symlink():
                    self._skip(here / name, "symbolic link, not followed (name it to play it)")
                else:
                    yield here / name

    def _unlisted(self, err: OSError) -> None:
        self._skip(Path(err.filename), _why(err))

    def _skip(self, path: Path, reason: str, named: bool = False) -> None:
        self.skipped.append(Skipped(shown(path), reason, named))

    def _source(self, path: Path, named: bool) -> Source | None:
        try:
            data = self._read(path)
        except ValueError as err:
            self._skip(path, str(err), named)
            return None
        except OSError as err:
            self._skip(path, _why(err), named)
            return None
        env: dict[str, str] = {}
        target, why = self.target, "option"
        record = findings.record_of(path)
        bug = _entry(path)
        if record is not None:
            env = {str(k): str(v) for k, v in dict(record.get("env", {})).items()}
        elif bug is not None:
            env = {**bug.env, "REDZONE_BUGS": bug.id}
        if not target:
            target, why = self._target(path, record, bug)
        env |= self.env
        return Source(path, shown(path), data, hashlib.sha256(data).hexdigest(), target,
                      why if target else "", env)

    def _read(self, path: Path) -> bytes:
        """The bytes of a regular file; never waits at a pipe or a device."""
        if path.suffix == ".scn":
            return self._scenario(path)
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                raise ValueError("no regular file")
            if status.st_size > self.max_size:
                raise ValueError(f"{status.st_size} bytes, more than any target takes")
            data = file.read(self.max_size + 1)
        if not data:
            raise ValueError("empty")
        return data

    @staticmethod
    def _scenario(path: Path) -> bytes:
        from redzone_tool import scn
        try:
            return scn.compile_file(path)
        except ToolError as err:
            raise ValueError(" ".join(str(err).split())) from None

    def _target(self, path: Path, record: dict[str, object] | None,
                bug: catalogue.Bug | None) -> tuple[str, str]:
        if record is not None and record.get("target") in self.names:
            return str(record["target"]), "finding"
        if bug is not None:
            return bug.target, "bug"
        named = self._in_name(path.name)
        if named:
            return named, "name"
        absolute = Path(os.path.abspath(path))
        for folder in absolute.parents:
            afl = self._afl_target(folder)
            if afl:
                return afl, "afl"
            named = self._in_name(folder.name)
            if named:
                return named, "folder"
        return "", ""

    def _in_name(self, name: str) -> str:
        """The target that a file or folder name holds, as OSS-Fuzz's testcases do."""
        for target in self.names:
            if re.search(rf"(?<![A-Za-z0-9]){re.escape(target)}(?![A-Za-z0-9])", name):
                return target
        return ""

    def _afl_target(self, folder: Path) -> str:
        if folder not in self._afl:
            self._afl[folder] = ""
            for mark in sorted(_AFL_MARKS):
                try:
                    text = (folder / mark).read_text(errors="replace")[:20_000]
                except OSError:
                    continue
                words = [Path(w).name for w in re.split(r"\s+", text)]
                known = [w for w in words if w in self.names]
                if known:
                    self._afl[folder] = known[-1]
                    break
        return self._afl[folder]


def _entry(path: Path) -> catalogue.Bug | None:
    """The catalogue entry whose proof input this is."""
    if path.name != "input.bin" or not (path.parent / "bug.toml").is_file():
        return None
    try:
        return catalogue.read_bug(path.parent / "bug.toml")
    except ToolError:
        return None


def _why(err: OSError) -> str:
    return (err.strerror or str(err)).lower()
