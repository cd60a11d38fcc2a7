# SPDX-License-Identifier: GPL-2.0-only
"""Scaffold of a target: a port that builds and runs, its harness, seeds and dictionary."""

import re
from dataclasses import dataclass
from pathlib import Path
from string import Template

from redzone_tool import paths
from redzone_tool.errors import ToolError

TEMPLATES = Path(__file__).parent / "templates" / "new"
FAMILIES = {"bt": "bluetooth", "net": "net", "media": "media", "nvme": "nvme"}
FORMS = ("frame", "records", "stream", "file")

_NAME = re.compile(r"^[a-z][a-z0-9]*_[a-z0-9_]+$")


@dataclass(frozen=True)
class Request:
    """What to make."""

    name: str
    family: str
    form: str = "frame"
    max_len: int = 4096

    @property
    def file(self) -> str:
        """The protocol's part of the name: `bt_smp` is in `smp.c`."""
        return self.name.split("_", 1)[1]


def request(name: str, family: str | None, form: str, max_len: int) -> Request:
    """Check a name and find its family."""
    if not _NAME.match(name):
        raise ToolError(f"'{name}' is no target name: lower case, FAMILY_PROTOCOL, as bt_smp")
    prefix = name.split("_", 1)[0]
    if family is None:
        family = FAMILIES.get(prefix)
    if family is None:
        raise ToolError(f"which family is '{name}' of? prefixes: "
                        f"{', '.join(FAMILIES)}; or give --family")
    return Request(name, family, form, max_len)


def create(wanted: Request, root: Path | None = None) -> list[Path]:
    """Write the files and add the CMake lines; returns what was made or changed."""
    root = root or paths.root()
    parser = root / "parsers" / wanted.family
    seeds = root / "seeds" / wanted.name
    files = {
        parser / f"{wanted.file}.c": "port.c",
        parser / f"{wanted.file}.h": "port.h",
        root / "harnesses" / f"{wanted.name}.c": "harness.c",
        seeds / "valid" / "two-records.scn": "valid.scn",
        seeds / "malformed" / "value-too-long.scn": "malformed.scn",
        seeds / "malformed" / "short-header.scn": "short.scn",
        root / "dictionaries" / f"{wanted.name}.dict": "dict",
    }
    there = [file for file in files if file.exists()]
    if there:
        raise ToolError(f"{there[0].relative_to(root)} exists: nothing was changed")
    lists = root / "harnesses" / "CMakeLists.txt"
    if re.search(rf"\bNAME {wanted.name}\b", lists.read_text()):
        raise ToolError(f"target {wanted.name} exists (harnesses/CMakeLists.txt): "
                        "nothing was changed")
    words = {"name": wanted.name, "file": wanted.file, "family": wanted.family,
             "FILE": wanted.file.upper(), "FAMILY": wanted.family.upper(),
             "title": wanted.file.replace("_", " ").capitalize()}
    changed = [_add_port(parser / "CMakeLists.txt", wanted),
               _add_target(lists, wanted)]
    for file, template in files.items():
        text = Template((TEMPLATES / template).read_text()).substitute(words)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return [*files, *changed]


def _add_port(lists: Path, wanted: Request) -> Path:
    """Put the source file into the family's port, which may not exist yet."""
    if not lists.exists():
        lists.parent.mkdir(parents=True, exist_ok=True)
        lists.write_text("# SPDX-License-Identifier: GPL-2.0-only\n"
                         f"redzone_port(NAME {wanted.family} SOURCES {wanted.file}.c)\n")
        return lists
    text = lists.read_text()
    match = re.search(rf"redzone_port\(\s*NAME {wanted.family}\b[^)]*?\bSOURCES\b", text)
    if match is None:
        raise ToolError(f"no redzone_port(NAME {wanted.family} SOURCES …) in {lists}")
    lists.write_text(f"{text[:match.end()]} {wanted.file}.c{text[match.end():]}")
    return lists


def _add_target(lists: Path, wanted: Request) -> Path:
    """Put the target's line behind the last one."""
    text = lists.read_text()
    line = (f"redzone_target(NAME {wanted.name} FAMILY {wanted.family} PORTS {wanted.family} "
            f"FORM {wanted.form} MAX_LEN {wanted.max_len})\n")
    ends = [m.end() for m in re.finditer(r"^redzone_target\([^)]*\)[^\n]*\n", text, re.MULTILINE)]
    at = ends[-1] if ends else len(text)
    lists.write_text(text[:at] + line + text[at:])
    return lists
