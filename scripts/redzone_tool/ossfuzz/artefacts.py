# SPDX-License-Identifier: GPL-2.0-only
"""Copies the targets of a build tree to $OUT, each with corpus, dictionary and options.

Called by scripts/oss-fuzz/build.sh, so standard library only.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

from redzone_tool import paths, seeds
from redzone_tool.errors import ToolError

# The same date in every archive: equal inputs give equal archives.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def corpus(target: str, max_len: int) -> dict[str, bytes]:
    """Seeds and proof inputs by the name that a corpus gives them; longer ones are left out.

    Proof inputs are clean here: no bug is on in a build for continuous fuzzing.
    """
    inputs = [file.read_bytes() for file in seeds.files(target)]
    for folder in sorted((paths.root() / "crashes").iterdir()):
        facts = folder / "bug.toml"
        if facts.is_file() and tomllib.loads(facts.read_text("utf-8")).get("target") == target:
            inputs.append((folder / "input.bin").read_bytes())
    return {hashlib.sha1(data).hexdigest(): data
            for data in inputs if 0 < len(data) <= max_len}


def write_corpus(path: Path, inputs: dict[str, bytes]) -> None:
    """A `_seed_corpus.zip`."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(inputs.items()):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data)


def targets(tree: Path) -> list[dict[str, Any]]:
    """What the build says about its targets."""
    try:
        found = json.loads((tree / "targets.json").read_text(encoding="utf-8"))["targets"]
    except (OSError, ValueError, KeyError) as error:
        raise ToolError(f"{tree} is no build tree: {error}") from error
    return list(found)


def copy(tree: Path, out: Path) -> list[str]:
    """Everything `$OUT` is to hold; returns the names of the targets."""
    out.mkdir(parents=True, exist_ok=True)
    names = []
    for target in targets(tree):
        name = str(target["name"])
        shutil.copy2(tree / "bin" / name, out / name)
        for ending in (".dict", ".options"):
            file = tree / "bin" / f"{name}{ending}"
            if file.is_file():
                shutil.copyfile(file, out / file.name)
        write_corpus(out / f"{name}_seed_corpus.zip", corpus(name, int(target["max_len"])))
        names.append(name)
    return names


def main(arguments: list[str]) -> int:
    """artefacts.py BUILD_TREE OUT"""
    if len(arguments) != 2:
        print("usage: artefacts BUILD_TREE OUT", file=sys.stderr)
        return 2
    try:
        names = copy(Path(arguments[0]), Path(arguments[1]))
    except (ToolError, OSError) as error:
        print(f"redzone: {error}", file=sys.stderr)
        return 3
    print(f"redzone: {len(names)} targets in {arguments[1]}: {' '.join(names)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
