# SPDX-License-Identifier: GPL-2.0-only
"""Where things are: the tree, the output folder, the sample data."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def root() -> Path:
    """The source tree."""
    return ROOT


def out() -> Path:
    """The folder of everything generated: REDZONE_OUT, or `out/` in the tree."""
    named = os.environ.get("REDZONE_OUT")
    return Path(named).absolute() if named else ROOT / "out"


def build_dir(flavour: str) -> Path:
    """The build tree of one flavour."""
    return out() / "build" / flavour


def log_dir() -> Path:
    """Logs of builds, installs and engines."""
    return out() / "log"


def seed_dir(target: str, kind: str) -> Path:
    """Compiled seeds of a target; `kind` is `valid` or `malformed`."""
    return out() / "seeds" / target / kind


def corpus_dir(target: str, name: str) -> Path:
    """A corpus that local fuzzing keeps."""
    return out() / "corpus" / target / name


def findings_dir(target: str) -> Path:
    """Triaged findings of local fuzzing."""
    return out() / "findings" / target


def data_dir() -> Path | None:
    """The sample data of other projects, if REDZONE_DATA names an existing folder."""
    named = os.environ.get("REDZONE_DATA")
    if not named:
        return None
    path = Path(named)
    return path if path.is_dir() else None


def shown(path: Path) -> str:
    """A path as a user wants to read it: relative to the current folder where it lies inside."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
