# SPDX-License-Identifier: GPL-2.0-only
"""Scenario compiler: readable *.scn files to input bytes (language: seeds/README.md).

    python3 -m redzone_tool.scn --out DIR FILE|FOLDER...

A file FILE.scn becomes DIR/FILE.bin; a folder is walked and keeps its structure below DIR;
other files are copied as they are, except *.md. The same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import functools
import os
import sys
from pathlib import Path
from typing import Iterator, Sequence

from .errors import ToolError
from .scn_eval import Compiler
from .scn_lang import LayerDef, ScnError, Value
from .scn_model import Thunk
from .scn_parse import parse

LAYERS_DIR = Path(__file__).parent / "layers"


@functools.lru_cache(maxsize=None)
def _prelude() -> Compiler:
    """The layer templates and names of layers/*.scn."""
    compiler = Compiler("layers", {}, {})
    for path in sorted(LAYERS_DIR.glob("*.scn")):
        body = parse(path.read_text(encoding="utf-8"), f"layers/{path.name}")
        compiler.layout(body, compiler.globals, compiler.root)
    if compiler.out:
        raise ScnError("layers/: a template file may hold definitions only")
    return compiler


def layers() -> dict[str, LayerDef]:
    """The layer templates every scenario may use."""
    return dict(_prelude().layers)


def compile_text(text: str, file: str = "scenario", folder: Path | None = None) -> bytes:
    """Compile one scenario; ScnError names @file and the line."""
    prelude = _prelude()
    names: dict[str, Value | Thunk] = dict(prelude.globals)
    return Compiler(file, prelude.layers, names).compile(parse(text, file, folder))


def compile_file(path: Path) -> bytes:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScnError(f"{path}: cannot read: {error}") from error
    return compile_text(text, str(path), path.parent)


def sources(path: Path) -> Iterator[tuple[Path, Path]]:
    """(file, place below the output folder without the .scn) of everything under @path."""
    if path.is_dir():
        for folder, subdirs, files in os.walk(path):
            subdirs.sort()
            for name in sorted(files):
                file = Path(folder, name)
                if not name.startswith(".") and file.suffix != ".md":
                    yield file, file.relative_to(path)
    elif path.is_file():
        yield path, Path(path.name)
    else:
        raise ScnError(f"{path}: no such file or folder")


def _write(path: Path, data: bytes) -> None:
    """Write only what changed, so that build systems see a stable time."""
    if path.is_file() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def build(paths: Sequence[Path], out: Path, clean: bool = False) -> list[Path]:
    """Compile and copy @paths into @out; with @clean remove what is not made from them."""
    written: dict[Path, Path] = {}
    errors: list[str] = []
    for path in paths:
        for source, place in sources(path):
            target = out / (place.with_suffix(".bin") if place.suffix == ".scn" else place)
            if target in written:
                errors.append(f"{source}: makes the same file as {written[target]}")
                continue
            written[target] = source
            try:
                data = compile_file(source) if source.suffix == ".scn" else source.read_bytes()
                _write(target, data)
            except ScnError as error:
                errors.append(str(error))
            except OSError as error:
                errors.append(f"{source}: {error.strerror}")
    if errors:
        raise ScnError("\n".join(errors))
    if clean and out.is_dir():
        _remove_others(out, set(written))
    return sorted(written)


def _remove_others(out: Path, wanted: set[Path]) -> None:
    for path in sorted(out.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in wanted:
            path.unlink()


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="redzone_tool.scn", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--clean", action="store_true",
                        help="remove files in DIR that are not made from the sources")
    parser.add_argument("paths", nargs="+", type=Path, metavar="FILE|FOLDER")
    args = parser.parse_args(argv)
    try:
        build(args.paths, args.out, args.clean)
    except ToolError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
