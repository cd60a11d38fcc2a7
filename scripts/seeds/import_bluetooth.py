#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Cuts the captures that were generated for this project into seeds of the Bluetooth targets.

    REDZONE_DATA=… import_bluetooth.py [TARGET…]

Of all inputs that the captures `gen-*` (BlueZ's testers against a running kernel) and the lines of
pdus/*.jsonl from them give, those are written to seeds/TARGET/valid that together reach and
violate the guards that all of them do, the smallest first. Left out are inputs that fault, that
violate the check of a known bug or trigger its canary. Captures of other projects are never used.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from redzone_tool import capture, catalogue, corpusmin, families, paths, replay  # noqa: E402
from redzone_tool.families import bluetooth  # noqa: E402

TARGETS = tuple(bluetooth.CUTTERS)
GENERATED = re.compile(r"(generated|bench)/gen-[^/]+$")
GUARDS = "native-guards"


def captures(area: Path) -> list[Path]:
    """The captures made for this project."""
    found = [p for folder in ("generated", "bench") for p in sorted((area / folder).glob("gen-*"))]
    assert all(GENERATED.search(str(p)) for p in found)
    return found


def lines(file: Path) -> list[str]:
    """The lines of a file of PDUs that come from such captures."""
    return [line for line in file.read_text(encoding="utf-8").splitlines()
            if GENERATED.search(json.loads(line)["file"])]


def short(name: str) -> str:
    """What a seed is called after: the tester, its test's number, a word or two of its title."""
    name = re.sub(r"\.btsnoop$", "", name).removeprefix("gen-")
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].rstrip("-")


def inputs(target: catalogue.Target, area: Path) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of everything that the generated data gives for a target."""
    for file in captures(area):
        for item in families.inputs(target, capture.read(file), target.max_len):
            if item.data:
                side = item.frames[0].about["direction"]
                yield f"gen-{short(file.name)}-{item.number}-{side}", item.data
    for file in sorted((area / "pdus").glob("*.jsonl")):
        if families.takes_units(target, file.stem):
            for item in families.units(target, file.stem, lines(file)):
                if item.data:
                    yield f"gen-{file.stem.replace('_', '-')}-{item.number}", item.data


def chosen(target: catalogue.Target, area: Path, folder: Path) -> list[Path]:
    """The files to keep."""
    known: set[bytes] = set()
    files = []
    for name, data in inputs(target, area):
        if data not in known and len(data) <= target.max_len:
            known.add(data)
            files.append(folder / name)
            files[-1].write_bytes(data)
    bugs = {g.index for g in catalogue.guards(GUARDS) if g.bug}
    sound = [Path(r.file) for r in replay.run(target.name, files, GUARDS)
             if not r.fault and not r.triggered and not r.violated & bugs]
    kept, _ = corpusmin.guard_cover(target.name, sound)
    print(f"{target.name}: {len(files)} inputs, {len(sound)} sound, {len(kept)} kept, "
          f"{sum(p.stat().st_size for p in kept)} bytes")
    return kept


def main(names: list[str]) -> int:
    data = paths.data_dir()
    if data is None:
        print("REDZONE_DATA names no folder with the sample data", file=sys.stderr)
        return 2
    known = {t.name: t for t in catalogue.targets()}
    for name in names or [n for n in TARGETS if n in known]:
        out = ROOT / "seeds" / name / "valid"
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="redzone-import-") as folder:
            kept = chosen(known[name], data / "bluetooth", Path(folder))
            for old in out.glob("gen-*.bin"):
                old.unlink()
            for file in kept:
                (out / f"{file.name}.bin").write_bytes(file.read_bytes())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
