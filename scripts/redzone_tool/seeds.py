# SPDX-License-Identifier: GPL-2.0-only
"""Compiled seeds under `out/seeds`: made from `seeds/` when something changed there."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from redzone_tool import paths
from redzone_tool.errors import USAGE, ToolError

KINDS = ("valid", "malformed")

_current: set[str] = set()


def ensure() -> None:
    """Compile the seeds of every target whose sources or compiler changed."""
    folder = paths.root() / "seeds"
    if not folder.is_dir():
        return
    compiler = _state(paths.root() / "scripts" / "redzone_tool", "scn*.py", "layers/**/*")
    for target in sorted(p for p in folder.iterdir() if p.is_dir()):
        _ensure_target(target, compiler)


def files(target: str, *kinds: str) -> list[Path]:
    """The compiled seeds of a target, of these kinds or all."""
    ensure()
    found: list[Path] = []
    for kind in kinds or KINDS:
        folder = paths.seed_dir(target, kind)
        if folder.is_dir():
            found += sorted(p for p in folder.rglob("*") if p.is_file())
    return found


def _ensure_target(source: Path, compiler: str) -> None:
    name = source.name
    if name in _current:
        return
    state = hashlib.sha256((compiler + _state(source, "**/*")).encode()).hexdigest()
    out = paths.out() / "seeds" / name
    stamp = paths.out() / "seeds" / f".{name}.state"
    try:
        same = stamp.read_text() == state and out.is_dir()
    except OSError:
        same = False
    if not same:
        _compile(source, out)
        stamp.write_text(state)
    _current.add(name)


def _compile(source: Path, out: Path) -> None:
    from redzone_tool import scn
    for kind in KINDS:
        (out / kind).mkdir(parents=True, exist_ok=True)
        if not (source / kind).is_dir():
            continue
        try:
            scn.build([source / kind], out / kind, clean=True)
        except ToolError as err:
            lines = str(err).splitlines()
            raise ToolError(lines[0], USAGE, lines[1:6]) from None


def _state(folder: Path, *patterns: str) -> str:
    return "\n".join(_lines(folder, patterns))


def _lines(folder: Path, patterns: tuple[str, ...]) -> Iterator[str]:
    for pattern in patterns:
        for path in sorted(folder.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                stat = os.stat(path)
                yield f"{path.relative_to(folder)} {stat.st_size} {stat.st_mtime_ns}"
