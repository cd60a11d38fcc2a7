# SPDX-License-Identifier: GPL-2.0-only
"""Bug ids for C, generated from crashes/*/bug.toml while building.

Run by CMake as a file, before anything else of the tool is there, so the standard
library is all it uses:

    python3 gen_bugs.py --root SOURCE --out BUILD/generated [--no-check]

It writes include/redzone/bugs.h (how many there are) and bugs_table.c (the id and the C
token of each), and fails with one line when the bugs named in the ports are not
exactly those that have a bug.toml. Files are rewritten only when they change.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Iterable

LICENCE = "/* SPDX-License-Identifier: GPL-2.0-only */\n"
ORIGIN = "/* Generated from crashes/<id>/bug.toml by gen_bugs.py: do not edit. */\n"

_LEXEME = re.compile(
    r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.DOTALL
)
_DEFINE = re.compile(r"^[ \t]*#[ \t]*define\b(?:[^\n]*\\\n)*[^\n]*$", re.MULTILINE)
_USE = re.compile(r"\b(malformed_in|fixed|triggered)\s*\(\s*([A-Za-z_]\w*)\s*[,)]")


class BugError(Exception):
    """The catalogue cannot be used; str() is the one line to print."""


@dataclass(frozen=True)
class Use:
    """One place in a port that names a bug."""

    token: str
    macro: str
    file: Path
    line: int


def token(bug_id: str) -> str:
    """The C spelling of a bug id: capitals, every other character an underscore."""
    return re.sub(r"[^A-Z0-9]", "_", bug_id.upper())


def catalogue_ids(root: Path) -> list[str]:
    """Ids of crashes/<id>/bug.toml, sorted; each folder must bear the id inside."""
    ids: dict[str, str] = {}
    for path in sorted((root / "crashes").glob("*/bug.toml")):
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise BugError(f"{path.relative_to(root)}: {error}") from error
        bug_id = data.get("id")
        if bug_id != path.parent.name:
            raise BugError(
                f"{path.relative_to(root)}: id {bug_id!r} is not its folder's name"
            )
        name = token(bug_id)
        if name in ids:
            raise BugError(f"{bug_id} and {ids[name]} have the same C token {name}")
        ids[name] = bug_id
    return [ids[name] for name in sorted(ids)]


def _blank(text: str) -> str:
    """As many lines, nothing on them: line numbers stay true."""
    return " " + "\n" * text.count("\n")


def uses_in(path: Path, text: str) -> list[Use]:
    """Bug tokens used in C text, not in comments, strings or macro definitions."""
    code = _LEXEME.sub(lambda match: _blank(match.group()), text)
    code = _DEFINE.sub(lambda match: _blank(match.group()), code)
    return [
        Use(match[2], match[1], path, code.count("\n", 0, match.start()) + 1)
        for match in _USE.finditer(code)
    ]


def port_uses(root: Path) -> list[Use]:
    """Every use of a bug in the sources below parsers/, in file order."""
    found: list[Use] = []
    for path in sorted((root / "parsers").rglob("*.[ch]")):
        text = path.read_text(encoding="utf-8")
        found += uses_in(path.relative_to(root), text)
    return found


def differences(ids: Iterable[str], uses: Iterable[Use]) -> list[str]:
    """What is in code without a bug.toml and the reverse; empty when all agree.

    A canary alone is no bug: a bug must also be switched by malformed_in()
    or fixed() somewhere.
    """
    known = {token(bug_id): bug_id for bug_id in ids}
    used = list(uses)
    problems: dict[str, None] = {}
    for use in used:
        if use.token not in known:
            problems[
                f"{use.file}:{use.line}: {use.macro}({use.token}) has no "
                f"crashes/<id>/bug.toml"
            ] = None
    switched = {use.token for use in used if use.macro != "triggered"}
    watched = {use.token for use in used}
    for name, bug_id in known.items():
        if name not in watched:
            problems[f"crashes/{bug_id}/bug.toml: no port names {name}"] = None
        elif name not in switched:
            problems[
                f"crashes/{bug_id}/bug.toml: {name} has a canary, but no "
                f"malformed_in() or fixed()"
            ] = None
    return list(problems)


def header(ids: Iterable[str]) -> str:
    """Text of redzone/bugs.h, for the run time alone: ports name bugs by their tokens."""
    lines = [LICENCE + ORIGIN + "#ifndef REDZONE_BUGS_H", "#define REDZONE_BUGS_H", ""]
    lines += [f"enum {{ RZ_BUG_COUNT = {len(list(ids))} }};", ""]
    lines += [
        "/* Both have RZ_BUG_COUNT entries and a NULL behind them. */",
        "extern const char *const rz_bug_ids[];\t\t/* public id */",
        "extern const char *const rz_bug_tokens[];\t/* C token */",
        "",
        "#endif /* REDZONE_BUGS_H */",
        "",
    ]
    return "\n".join(lines)


def table(ids: Iterable[str]) -> str:
    """Text of bugs_table.c: the names behind the numbers."""
    names = list(ids)
    rows = {"ids": names, "tokens": [token(bug_id) for bug_id in names]}
    lines = [LICENCE + ORIGIN + "#include <stddef.h>", "#include <redzone/bugs.h>"]
    for what, values in rows.items():
        lines += ["", f"const char *const rz_bug_{what}[] = {{"]
        lines += [f'\t"{value}",' for value in values]
        lines += ["\tNULL,", "};"]
    return "\n".join(lines + [""])


def write_if_changed(path: Path, text: str) -> bool:
    """Write @text unless the file holds it already; say whether it was written."""
    try:
        if path.read_text(encoding="utf-8") == text:
            return False
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return True


def generate(root: Path, out: Path, check: bool = True) -> list[str]:
    """Write both files below @out; returns the ids, raises BugError."""
    ids = catalogue_ids(root)
    if check:
        problems = differences(ids, port_uses(root))
        if problems:
            more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
            raise BugError(problems[0] + more)
    write_if_changed(out / "include" / "redzone" / "bugs.h", header(ids))
    write_if_changed(out / "bugs_table.c", table(ids))
    return ids


def main(arguments: list[str] | None = None) -> int:
    """Command line for CMake; exit code 1 with one line when ids disagree."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, required=True, help="source tree")
    parser.add_argument("--out", type=Path, required=True, help="generated/ folder")
    parser.add_argument(
        "--no-check", action="store_true", help="do not compare with the ports"
    )
    options = parser.parse_args(arguments)
    try:
        generate(options.root, options.out, not options.no_check)
    except (BugError, OSError) as error:
        print(f"gen_bugs: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
