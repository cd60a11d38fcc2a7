# SPDX-License-Identifier: GPL-2.0-only
"""`reproduce --export`: the program builds with the printed line and fails the same way."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest
from conftest import Run

from redzone_tool import catalogue, replay, reproducer, sanreport


def _fails_alike(redzone: Run, bug: catalogue.Bug, sanitizer: str, folder: Path) -> None:
    source = folder / f"{bug.id}-{sanitizer}.c"
    done = redzone("reproduce", bug.id, "--sanitizer", sanitizer, "--quiet", "--export",
                   str(source))
    assert done.returncode == 0, done.stdout + done.stderr
    line = re.search(r"^ \*\t(.*clang.*)$", source.read_text(), re.M)
    assert line is not None
    subprocess.run(shlex.split(line[1]), check=True, capture_output=True, timeout=120)
    ran = subprocess.run([source.with_suffix("")], capture_output=True, text=True, check=False,
                         timeout=120)
    report = sanreport.parse(ran.stderr)
    expected = bug.expected[sanitizer]
    assert report is not None and ran.returncode, ran.stderr
    assert (report.kind, report.function) == (expected.kind, expected.frame), bug.id


def test_a_program_fails_as_the_input_does(redzone: Run, tmp_path: Path) -> None:
    _fails_alike(redzone, catalogue.bug("CVE-2017-0781"), "address", tmp_path)
    done = redzone("reproduce", "CVE-2017-0781", "--sanitizer", "address", "--quiet", "--export",
                   str(tmp_path / "CVE-2017-0781-address.c"))
    assert done.returncode == 2 and "is there already" in done.stderr


@pytest.mark.full
def test_programs_of_other_sanitizers(redzone: Run, tmp_path: Path) -> None:
    _fails_alike(redzone, catalogue.bug("CVE-2026-63922"), "memory", tmp_path)
    _fails_alike(redzone, catalogue.bug("CVE-2007-4567"), "undefined", tmp_path)


def test_words_cannot_end_the_comment() -> None:
    outcome = replay.Outcome(None, sanreport.bare("SEGV", "*/ int x; /*\n"), 1, False)
    bug = catalogue.bug("CVE-2017-0781")
    made = reproducer.text(bug.target, b"\x01\x02", outcome, "libfuzzer-address-guards",
                           Path("x.c"), ["*/ system(1);"])
    comment = made.partition("/*")[2].partition("*/")[0]
    assert "system(1)" in comment and "0x01, 0x02," in made
