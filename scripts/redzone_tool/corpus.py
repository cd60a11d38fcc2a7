# SPDX-License-Identifier: GPL-2.0-only
"""Corpora: captures and files to inputs, named by content; statistics of a folder."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from redzone_tool import catalogue, corpusfiles, decode
from redzone_tool.errors import ENVIRONMENT, ToolError
from redzone_tool.inputs import Input


@dataclass
class Imported:
    """What an import did."""

    written: int = 0
    known: int = 0              # the folder had it, or it came twice
    too_long: int = 0
    empty: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    origins: Counter[str] = field(default_factory=Counter)      # files, by what they were

    @property
    def seen(self) -> int:
        return self.written + self.known + self.too_long + self.empty + self.skipped.total()


@dataclass(frozen=True)
class Stats:
    """Sizes of a corpus."""

    files: int
    bytes: int
    smallest: int
    median: int
    largest: int
    duplicates: int


def content_name(data: bytes) -> str:
    """The name an input has in a corpus."""
    return hashlib.sha1(data).hexdigest()


def files_below(paths: Iterable[Path]) -> Iterator[Path]:
    """Files and, for folders, every file below them, in a fixed order."""
    for path in paths:
        if path.is_dir():
            for folder, subdirs, names in os.walk(path):
                subdirs.sort()
                for name in sorted(names):
                    if not name.startswith("."):
                        yield Path(folder, name)
        elif path.exists():
            yield path
        else:
            raise ToolError(f"cannot read {path}: no such file or folder")


def import_files(paths: Sequence[Path], out: Path, target: catalogue.Target,
                 kind: str = "auto") -> Imported:
    """Cut files into inputs of a target and write the new ones to @out.

    Folders are walked, output folders of AFL++ and libFuzzer known as such, zip files opened.
    Each input is named by its content, so that importing twice changes nothing. Inputs longer
    than the target's limit are counted and left out, since an engine would cut them; captures
    of many packets are cut so that they fit.
    """
    result = Imported()
    seen: set[str] = set()
    try:
        out.mkdir(parents=True, exist_ok=True)
        for found in corpusfiles.find(paths):
            if found.data is None:
                result.skipped[found.note] += 1
                continue
            result.origins[found.origin] += 1
            if not found.data:
                result.empty += 1
                continue
            for item in _inputs(found, target, kind):
                _import_one(item, out, target.max_len, seen, result)
    except OSError as error:
        raise ToolError(f"cannot write to {out}: {error.strerror}", ENVIRONMENT) from error
    if not result.seen:
        raise ToolError(f"nothing to import in {', '.join(str(path) for path in paths)}")
    return result


def _inputs(found: corpusfiles.Found, target: catalogue.Target, kind: str) -> Iterable[Input]:
    """The inputs of one file; what an engine kept is one as it is."""
    assert found.data is not None
    if found.whole and kind == "auto":
        return [Input(1, found.data, len(found.data), len(found.data))]
    if kind == "scenario" or (kind == "auto" and found.name.endswith(".scn")):
        if found.origin != "file":
            return [Input(1, None, note="a scenario in a zip")]
        return decode.split(Path(found.label), target, kind, target.max_len)
    return decode.split_bytes(found.data, found.label, target, kind, target.max_len)


def _import_one(item: Input, out: Path, max_len: int, seen: set[str],
                result: Imported) -> None:
    if item.data is None:
        result.skipped[item.note] += 1
        return
    if not item.data:
        result.empty += 1
        return
    if max_len and len(item.data) > max_len:
        result.too_long += 1
        return
    name = content_name(item.data)
    target = out / name
    if name in seen or target.exists():
        result.known += 1
    else:
        target.write_bytes(item.data)
        result.written += 1
    seen.add(name)


def stats(folder: Path) -> Stats:
    """Count and sizes of the files of a corpus; duplicates by content."""
    if not folder.is_dir():
        raise ToolError(f"cannot read {folder}: no such folder")
    sizes: list[int] = []
    by_size: dict[int, list[Path]] = {}
    for path in files_below([folder]):
        size = path.stat().st_size
        sizes.append(size)
        by_size.setdefault(size, []).append(path)
    if not sizes:
        raise ToolError(f"{folder} holds no files")
    duplicates = 0
    for size, same in by_size.items():
        if len(same) > 1:
            duplicates += len(same) - len({content_name(path.read_bytes()) for path in same})
    sizes.sort()
    return Stats(len(sizes), sum(sizes), sizes[0], sizes[len(sizes) // 2], sizes[-1], duplicates)
