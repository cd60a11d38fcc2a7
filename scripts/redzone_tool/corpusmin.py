# SPDX-License-Identifier: GPL-2.0-only
"""A smaller corpus that reaches and violates the same guards and covers the same edges.

First, smallest inputs first, whatever reaches or violates a guard that no input before it did;
then libFuzzer's merge adds what brings new edges. Inputs that fault are left out.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from redzone_tool import build, catalogue, corpus, paths, replay
from redzone_tool.engines.base import tail
from redzone_tool.engines.libfuzzer import SANITIZER_OPTIONS
from redzone_tool.errors import ENVIRONMENT, ToolError

GUARDS = "native-guards"
ENGINE = "libfuzzer-address"
# Inputs of one replay process
BATCH = 4096


@dataclass(frozen=True)
class Minimised:
    """What became of a corpus."""

    before: int
    after: int
    bytes_before: int
    bytes_after: int
    for_guards: int         # kept since they reach or violate a guard
    for_edges: int          # kept since they cover more
    faulting: int           # left out


def guard_cover(target: str, files: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """(Smallest inputs that together reach and violate what all do, inputs that fault)."""
    ordered = sorted(files, key=lambda p: (p.stat().st_size, p.name))
    seen: set[tuple[str, int]] = set()
    kept, faulting = [], []
    for start in range(0, len(ordered), BATCH):
        part = ordered[start:start + BATCH]
        for file, result in zip(part, replay.run(target, part, GUARDS), strict=True):
            if result.fault:
                faulting.append(file)
                continue
            features = {("reached", i) for i in result.reached}
            features |= {("violated", i) for i in result.violated}
            if features - seen:
                seen |= features
                kept.append(file)
    return kept, faulting


def minimise(target: str, folder: Path, out: Path) -> Minimised:
    """Write the smaller corpus to `out`, which may be `folder` itself: it is replaced at once."""
    catalogue.target(target)
    files = [p for p in corpus.files_below([folder]) if p.stat().st_size]
    if not files:
        raise ToolError(f"{paths.shown(folder)} holds no inputs")
    build.ensure(GUARDS)
    build.ensure(ENGINE)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".minimise-", dir=out.parent) as scratch:
        source, small = Path(scratch, "source"), Path(scratch, "small")
        source.mkdir()
        small.mkdir()
        kept, faulting = guard_cover(target, files)
        for file in set(files) - set(faulting):
            shutil.copyfile(file, source / corpus.content_name(file.read_bytes()))
        for file in kept:
            shutil.copyfile(file, small / corpus.content_name(file.read_bytes()))
        for_guards = len(list(small.iterdir()))
        merge(target, small, source, Path(scratch, "merge.log"))
        done = list(small.iterdir())
        result = Minimised(
            len(files), len(done), sum(p.stat().st_size for p in files),
            sum(p.stat().st_size for p in done), for_guards, len(done) - for_guards,
            len(faulting))
        replace(out, small, Path(scratch, "old"))
    return result


def merge(target: str, into: Path, source: Path, log: Path) -> None:
    """libFuzzer's merge: copies to `into` what covers more than it does."""
    info = catalogue.target(target)
    command = [str(paths.build_dir(ENGINE) / "bin" / target), "-merge=1",
               f"-max_len={info.max_len}", "-timeout=10", "-rss_limit_mb=1024",
               str(into), str(source)]
    env = {**build.clean_env(), **SANITIZER_OPTIONS, "TMPDIR": str(log.parent)}
    with open(log, "wb") as sink:
        done = subprocess.run(command, cwd=log.parent, env=env, stdin=subprocess.DEVNULL,
                              stdout=sink, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        text = tail(log).strip().splitlines()
        raise ToolError(f"merging the corpus of {target} failed (exit {done.returncode})",
                        ENVIRONMENT, text[-3:])


def replace(out: Path, new: Path, old: Path) -> None:
    """Put a folder in the place of another; a crash in between loses neither."""
    if out.exists():
        out.rename(old)
    new.rename(out)
