# SPDX-License-Identifier: GPL-2.0-only
"""New causes as folders of the catalogue: bug.toml, the proof input, the reports."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path

from redzone_tool import catalogue, paths
from redzone_tool.catalogue import SANITIZERS
from redzone_tool.errors import ToolError
from redzone_tool.triage import severity
from redzone_tool.triage.causes import Cause
from redzone_tool.triage.record import Entry, normalised


def keep(cause: Cause, folder: Path) -> Path | None:
    """
    Write `folder/<id>/` for a new cause, or return None if it is there already.

    What a person must say (what is wrong, the fix) is left empty, which the tests of the
    catalogue refuse until it is filled in.
    """
    entry = cause.smallest
    home = folder / cause.id
    folder.mkdir(parents=True, exist_ok=True)
    try:
        home.mkdir()
    except FileExistsError:
        return None
    _write(home / "input.bin", entry.data)
    _write(home / "bug.toml", toml(cause, entry).encode())
    for name, seen in entry.seen.items():
        if seen.report is not None:
            _write(home / f"report-{name}.txt", seen.text.encode(errors="replace"))
    catalogue.read_bug(home / "bug.toml")       # it must be readable as it stands
    return home


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
    with os.fdopen(handle, "wb") as file:
        file.write(data)


def toml(cause: Cause, entry: Entry) -> str:
    """The text of bug.toml, as far as it can be known."""
    report = entry.report
    if report is None:
        raise ToolError(f"{entry.name} does not fault")
    target = catalogue.target(entry.target)
    functions = normalised(report.frames)[:3] or [report.function or "unknown"]
    lines = [
        "# SPDX-License-Identifier: GPL-2.0-only",
        f"id = {_text(cause.id)}        # until the fix gives its commit",
        f"title = {_text(cause.title)}",
        f"product = {_text('redzone: ' + (report.file or target.harness))}",
        f"functions = [{', '.join(_text(f) for f in functions)}]",
        f"family = {_text(target.family)}",
        f"target = {_text(entry.target)}",
        "year = 0",
        f"cwe = {_text(severity.cwe(report))}",
        f"class = {_text(report.class_)}",
        'description = ""               # what is wrong, in own words',
        'fix = ""                       # what the fix does',
        'state = ""                     # stateless or stateful',
        'difficulty = ""                # easy, medium or hard',
        f"source = {_text('found by ' + _oracles(entry) + ' (redzone triage)')}",
        f"sha256 = {_text(hashlib.sha256(entry.data).hexdigest())}",
    ]
    env = {k: v for k, v in entry.env.items() if k not in ("REDZONE_BUGS", "REDZONE_ABLATE")}
    if env:
        lines += ["", "[env]", *(f"{name} = {_text(value)}" for name, value in env.items())]
    for name in SANITIZERS:
        lines += _expected(name, entry)
    return "\n".join(lines) + "\n"


def _expected(name: str, entry: Entry) -> list[str]:
    seen = entry.seen.get(name)
    lines = ["", f"[expected.{name}]"]
    if seen is None or seen.report is None:
        return [*lines, f"kind = {_text(catalogue.NO_REPORT)}"]
    lines.append(f"kind = {_text(seen.report.kind)}")
    if seen.report.function:
        lines.append(f"frame = {_text(seen.report.function)}")
    return lines


def _oracles(entry: Entry) -> str:
    return ", ".join(name for name, seen in entry.seen.items() if seen.faults)


def _text(text: str) -> str:
    """A TOML basic string."""
    escapes: Mapping[str, str] = {"\\": "\\\\", '"': '\\"'}

    def escaped(match: re.Match[str]) -> str:
        return escapes.get(match[0], f"\\u{ord(match[0]):04x}")

    return '"' + re.sub(r'[\\"\x00-\x1f\x7f]', escaped, text) + '"'


def default_folder() -> Path:
    """Not crashes/ itself: an entry without its code does not build."""
    return paths.out() / "kept"
