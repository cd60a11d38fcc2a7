# SPDX-License-Identifier: GPL-2.0-only
"""What an import finds below the paths it is given: files, fuzzers' output folders, zip files.

Names inside an archive are never used as paths, and sizes that it states are never believed.
"""

from __future__ import annotations

import io
import lzma
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from redzone_tool.errors import ToolError

MOST_DEPTH = 16                 # folders in folders
MOST_FILE = 64 << 20            # bytes of a file, or of one in an archive
MOST_ENTRIES = 200_000          # files in an archive
MOST_ARCHIVE = 1 << 30          # bytes of all files in an archive, unpacked

ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06")
README = re.compile(r"readme(\.[a-z]+)?", re.IGNORECASE)
# AFL++ names what it keeps id:000000,… (id_000000,… where a colon may not be in a name), in
# folders of these names; a restarted run sets the older ones aside as crashes.2026-01-01-…
AFL_NAME = re.compile(r"id[:_]\d{6}\b.*")
AFL_FOLDER = re.compile(r"(queue|crashes|hangs)(\..*)?")
AFL_MARKS = ("fuzzer_stats", "fuzzer_setup", "plot_data", "fuzz_bitmap")
# libFuzzer names a corpus' files by their SHA-1, and what it reports so:
LIBFUZZER_NAME = re.compile(r"[0-9a-f]{40}")
ARTEFACT = re.compile(r"(crash|leak|timeout|oom|slow-unit)-[0-9a-f]{40}|minimized-from-.*")


@dataclass(frozen=True)
class Found:
    """A file to import; @data is None when it is left out, and @note says why."""

    label: str                  # for messages
    name: str                   # its last part: what its suffix and stem say
    data: bytes | None
    note: str = ""
    origin: str = "file"
    whole: bool = False         # an engine's input: taken as it is, not cut


def find(paths: Iterable[Path]) -> Iterator[Found]:
    """Everything below some paths, in a fixed order."""
    for path in paths:
        if not path.exists():
            raise ToolError(f"cannot read {path}: no such file or folder")
        if path.is_dir():
            yield from _folder(path)
        else:
            yield from _file(path, path.name, "file", named=True)


def _folder(top: Path) -> Iterator[Found]:
    afl = _afl_roots(top)
    for folder, subdirs, names in os.walk(top):
        here = Path(folder)
        if len(here.relative_to(top).parts) >= MOST_DEPTH and subdirs:
            yield Found(str(here), "", None, f"folders more than {MOST_DEPTH} deep")
            subdirs.clear()
        subdirs[:] = sorted(d for d in subdirs if not d.startswith("."))
        root = next((r for r in (here, *here.parents) if r in afl), None)
        for name in sorted(names):
            if name.startswith("."):
                continue
            origin = _origin(name, here.relative_to(root).parts if root else None)
            if origin is None:
                continue
            yield from _file(here / name, name, origin)


def _afl_roots(top: Path) -> set[Path]:
    """Output folders of AFL++ instances at or below @top, and around it (queue/ itself)."""
    found = {folder for folder in (top.parent,)
             if AFL_FOLDER.fullmatch(top.name) and _is_afl(folder)}
    for folder, subdirs, _ in os.walk(top):
        subdirs[:] = [d for d in subdirs if not d.startswith(".")]
        if _is_afl(Path(folder)):
            found.add(Path(folder))
            subdirs.clear()
        elif len(Path(folder).relative_to(top).parts) >= MOST_DEPTH:
            subdirs.clear()
    return found


def _is_afl(folder: Path) -> bool:
    queue = folder / "queue"
    if not queue.is_dir():
        return False
    if any((folder / mark).exists() for mark in AFL_MARKS):
        return True
    return any(AFL_NAME.fullmatch(entry.name) for entry in os.scandir(queue))


def _origin(name: str, inside: Sequence[str] | None) -> str | None:
    """Where a file comes from; None if it is no input. @inside: its folders in AFL++'s output."""
    if inside is not None:
        match = AFL_FOLDER.fullmatch(inside[0]) if inside else None
        if match is None or len(inside) > 1 or not AFL_NAME.fullmatch(name):
            return None
        return f"AFL++ {match[1]}"
    if README.fullmatch(name):
        return None
    if ARTEFACT.fullmatch(name):
        return "libFuzzer artefact"
    return "libFuzzer corpus" if LIBFUZZER_NAME.fullmatch(name) else "file"


def _file(path: Path, name: str, origin: str, named: bool = False) -> Iterator[Found]:
    """One file, or what its archive holds. What the user named must be readable."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise ToolError(f"cannot read {path}: no regular file")
        is_zip = origin == "file" and _is_zip(path)
        if status.st_size > MOST_FILE and not is_zip:
            raise ToolError(f"{path} is larger than {MOST_FILE >> 20} MiB")
        if is_zip:
            yield from _archive(path)
            return
        data = path.read_bytes()
    except OSError as error:
        if named:
            raise ToolError(f"cannot read {path}: {error.strerror}") from error
        yield Found(str(path), name, None, f"cannot be read: {error.strerror}")
    except ToolError as error:
        if named:
            raise
        yield Found(str(path), name, None, str(error).replace(f"{path} is ", ""))
    else:
        yield Found(str(path), name, data, "", origin, origin != "file")


def _is_zip(path: Path) -> bool:
    with open(path, "rb") as file:
        return file.read(4) in ZIP_MAGICS


def _archive(path: Path) -> Iterator[Found]:
    """The files of a zip; ToolError where it is none or a bomb."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise ToolError(f"{path}: damaged zip: {error}") from error
    with archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(entries) > MOST_ENTRIES:
            raise ToolError(f"{path} holds {len(entries)} files, more than {MOST_ENTRIES}")
        afl = _afl_prefixes(entries)
        total = 0
        for entry in entries:
            found = _entry(archive, entry, path, afl)
            if found is None:
                continue
            total += len(found.data or b"")
            if total > MOST_ARCHIVE:
                raise ToolError(f"{path} unpacks to more than {MOST_ARCHIVE >> 20} MiB: "
                                "not read further")
            yield found


def _parts(name: str) -> tuple[str, ...]:
    return PurePosixPath(name.replace("\\", "/")).parts


def _afl_prefixes(entries: Iterable[zipfile.ZipInfo]) -> set[tuple[str, ...]]:
    """Folders in an archive that are output of AFL++."""
    found = set()
    for entry in entries:
        parts = _parts(entry.filename)
        if len(parts) >= 2 and parts[-2] == "queue" and AFL_NAME.fullmatch(parts[-1]):
            found.add(parts[:-2])
    return found


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path,
           afl: set[tuple[str, ...]]) -> Found | None:
    """One file of an archive; None if it is no input."""
    parts = _parts(entry.filename)
    name = parts[-1] if parts else ""
    label = f"{path}:" + "".join(c if c.isprintable() else "?" for c in entry.filename)
    if any(part.startswith(".") and part not in (".", "..") for part in parts):
        return None
    prefix = next((parts[:i] for i in range(len(parts)) if parts[:i] in afl), None)
    origin = _origin(name, parts[len(prefix):-1] if prefix is not None else None)
    if origin is None:
        return None
    if stat.S_ISLNK(entry.external_attr >> 16):
        return Found(label, name, None, "a link in a zip")
    if entry.flag_bits & 1:
        return Found(label, name, None, "encrypted in its zip")
    try:
        with archive.open(entry) as file:
            data = file.read(MOST_FILE + 1)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, EOFError,
            OSError, ValueError) as error:
        return Found(label, name, None, f"damaged in its zip ({type(error).__name__})")
    if len(data) > MOST_FILE:
        return Found(label, name, None, f"larger than {MOST_FILE >> 20} MiB")
    if zipfile.is_zipfile(io.BytesIO(data)) and data[:4] in ZIP_MAGICS:
        return Found(label, name, None, "a zip inside a zip")
    return Found(label, name, data, "", f"zip, {origin}" if origin != "file" else "zip",
                 origin != "file")
