# SPDX-License-Identifier: GPL-2.0-only
"""Small targets for engine tests, built as the flavours build theirs."""

import subprocess
from pathlib import Path

from redzone_tool import paths

CASES = Path(__file__).parent / "cases"
COMMON = paths.root() / "harnesses" / "common"
AFL = Path("/usr/lib/afl")


def libfuzzer(source: str, out: Path, sanitizer: str = "address") -> Path:
    """One file as a libFuzzer target."""
    _clang(["-O1", "-g", f"-fsanitize=fuzzer,{sanitizer}", str(CASES / source), "-o", str(out)])
    return out


def afl(source: str, out: Path, sanitizer: str = "address", cmplog: bool = False) -> Path:
    """One file as an AFL++ target with the stock driver, or its comparison-log twin."""
    sanitize = [] if cmplog else [f"-fsanitize={sanitizer}"]
    trace = "trace-pc-guard,trace-cmp" if cmplog else "trace-pc-guard"
    entry = out.with_suffix(".o")
    _clang(["-O1", "-g", *sanitize, f"-fsanitize-coverage={trace}",
            *(["-fno-builtin"] if cmplog else []), "-c", str(CASES / source), "-o", str(entry)])
    extra = [str(COMMON / "afl_reexec.c")]
    if cmplog:
        extra += [str(COMMON / "afl_cmplog.c"), "-Wl,--wrap=memcmp", "-Wl,--wrap=bcmp"]
    _clang(["-O1", *sanitize, str(entry), *extra, str(AFL / "libAFLDriver.a"),
            str(AFL / "afl-compiler-rt.o"), f"-Wl,--dynamic-list={AFL / 'dynamic_list.txt'}",
            "-o", str(out)])
    return out


def _clang(arguments: list[str]) -> None:
    subprocess.run(["clang-19", "-w", *arguments], check=True)
