# SPDX-License-Identifier: GPL-2.0-only
"""One input as a C program: no engine and no tool, only the port's library of a build tree."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Iterable
from pathlib import Path
from string import Template

from redzone_tool import build, paths, replay
from redzone_tool.errors import ENVIRONMENT, ToolError
from redzone_tool.replay import Outcome

_ROW = 12       # bytes a line


def text(target: str, data: bytes, outcome: Outcome, flavour: str, output: Path,
         about: Iterable[str]) -> str:
    """The program that does again what an outcome did."""
    title = outcome.report.summary if outcome.report else "an input that does not fault"
    options = {name: value.replace(":strip_path_prefix={root}/", "")
               for name, value in replay.SANITIZER_ENV.items()}
    env = [f'\tsetenv({_string(name)}, {_string(value)}, 1);'
           for name, value in sorted(outcome.env.items()) if name.startswith("REDZONE_")]
    template = Template((Path(__file__).parent / "templates" / "reproducer.c.in").read_text())
    return template.substitute(
        title=_comment(title), flavour=flavour, target=target,
        line=" ".join(shlex.quote(word) for word in command(target, flavour, output)),
        about="\n".join(f" * {_comment(line)}".rstrip() for line in about) or " *",
        data=_rows(data), env="\n".join(env) or "\t/* nothing is switched off */",
        asan=options["ASAN_OPTIONS"], ubsan=options["UBSAN_OPTIONS"],
        msan=options["MSAN_OPTIONS"])


def command(target: str, flavour: str, source: Path) -> list[str]:
    """The compiler's line: that of the replay binary with the program in place of its main."""
    tree = build.ensure(flavour, ["redzone-replay"])
    try:
        done = subprocess.run(["ninja", "-C", str(tree), "-t", "commands", "redzone-replay"],
                              capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as err:
        raise ToolError(f"ninja -t commands: {err}", ENVIRONMENT) from None
    line = done.stdout.strip().splitlines()[-1]
    words = [word for word in shlex.split(line) if word not in (":", "&&")]
    entry = re.compile(r"/entry_(\w+)\.dir/")
    kept = [words[0], "-g", "-fno-omit-frame-pointer", str(source.absolute())]
    skip = False
    for word in words[1:]:
        match = entry.search(word)
        if skip or word == "-o" or word.endswith("_targets.c.o") or (
                match and match[1] != target):
            skip = word == "-o"
            continue
        kept.append(str(tree / word) if re.fullmatch(r"[\w./+-]+\.(o|a)", word)
                    and not word.startswith("/") else word)
    return [*kept, "-o", str(source.absolute().with_suffix(""))]


def write(target: str, outcome: Outcome, output: Path, about: Iterable[str]) -> None:
    """Write the program beside nothing else: an existing file is not overwritten."""
    source = Path(outcome.command[-1])
    if not source.is_file():
        raise ToolError("only a raw input can be exported, not a scenario")
    data = source.read_bytes()
    flavour = Path(outcome.command[0]).parents[1].name
    made = text(target, data, outcome, flavour, output, about)
    try:
        with open(output, "x", encoding="utf-8") as file:
            file.write(made)
    except FileExistsError:
        raise ToolError(f"{paths.shown(output)} is there already") from None


def _rows(data: bytes) -> str:
    return "\n".join("\t" + " ".join(f"0x{byte:02x}," for byte in data[at:at + _ROW])
                     for at in range(0, len(data), _ROW))


def _comment(line: str) -> str:
    """A line of a comment: it cannot end it."""
    shown = "".join(c if c.isprintable() else "?" for c in line)
    return shown.replace("*/", "* /")


def _string(value: str) -> str:
    """A C string: JSON's is one, for text without control characters."""
    return json.dumps("".join(c for c in value if c.isprintable()))
