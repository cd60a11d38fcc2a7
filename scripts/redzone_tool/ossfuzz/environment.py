# SPDX-License-Identifier: GPL-2.0-only
"""What OSS-Fuzz's builder sets before it runs build.sh, with the compilers of this machine."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from redzone_tool import build, paths
from redzone_tool.errors import ENVIRONMENT, ToolError, unknown

AFL_LIB = Path("/usr/lib/afl")

BASE_FLAGS = ("-O1 -fno-omit-frame-pointer -gline-tables-only -Wno-error"
              " -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION")
_UNDEFINED = ("array-bounds,bool,builtin,enum,function,integer-divide-by-zero,null,object-size,"
              "return,returns-nonnull-attribute,shift,signed-integer-overflow,unreachable,"
              "vla-bound,vptr")
SANITIZER_FLAGS = {
    "address": "-fsanitize=address -fsanitize-address-use-after-scope",
    "undefined": f"-fsanitize={_UNDEFINED},unsigned-integer-overflow"
                 f" -fno-sanitize-recover={_UNDEFINED} -fno-sanitize=function",
    "memory": "-fsanitize=memory -fsanitize-memory-track-origins",
    "coverage": "",
}
EDGE_FLAGS = {"libfuzzer": "-fsanitize=fuzzer-no-link",
              "afl": "-fsanitize-coverage=trace-pc-guard"}
COVERAGE_FLAGS = "-fprofile-instr-generate -fcoverage-mapping -pthread"

# What can be built and run here. The other engines come through LIB_FUZZING_ENGINE alone.
BUILDS = (("libfuzzer", "address"), ("libfuzzer", "undefined"), ("libfuzzer", "memory"),
          ("libfuzzer", "coverage"), ("afl", "address"))


@dataclass(frozen=True)
class Build:
    """One engine with one sanitizer in a scratch folder."""

    engine: str
    sanitizer: str
    folder: Path

    @property
    def name(self) -> str:
        """libfuzzer-address"""
        return f"{self.engine}-{self.sanitizer}"

    @property
    def out(self) -> Path:
        """What OSS-Fuzz calls $OUT."""
        return self.folder / "out"

    @property
    def work(self) -> Path:
        """What OSS-Fuzz calls $WORK."""
        return self.folder / "work"

    @property
    def log(self) -> Path:
        """What build.sh said."""
        return self.folder / "build.log"


def chosen(engines: tuple[str, ...], sanitizers: tuple[str, ...], folder: Path) -> list[Build]:
    """The builds that these options leave; all without any."""
    for given, known, what in ((engines, {e for e, _ in BUILDS}, "engine"),
                               (sanitizers, {s for _, s in BUILDS}, "sanitizer")):
        for name in given:
            if name not in known:
                raise unknown(what, name, sorted(known), "redzone oss-fuzz-check --help")
    found = [Build(e, s, folder / f"{e}-{s}") for e, s in BUILDS
             if (not engines or e in engines) and (not sanitizers or s in sanitizers)]
    if not found:
        raise ToolError("no engine and sanitizer left to check: afl is built with address only")
    return found


def environment(wanted: Build) -> dict[str, str]:
    """Variables for build.sh, as OSS-Fuzz's `compile` sets them."""
    compiler, cxx = shutil.which("clang-19"), shutil.which("clang++-19")
    if compiler is None or cxx is None:
        raise ToolError("clang-19 not found: run `scripts/redzone setup`", ENVIRONMENT)
    edges = COVERAGE_FLAGS if wanted.sanitizer == "coverage" else EDGE_FLAGS[wanted.engine]
    flags = " ".join(f for f in (BASE_FLAGS, SANITIZER_FLAGS[wanted.sanitizer], edges) if f)
    engine = "-fsanitize=fuzzer"
    if wanted.engine == "afl":
        engine = (f"{AFL_LIB}/libAFLDriver.a {AFL_LIB}/afl-compiler-rt.o"
                  f" -Wl,--dynamic-list={AFL_LIB}/dynamic_list.txt")
    env = build.clean_env()
    env.update(
        CC=compiler, CXX=cxx, CFLAGS=flags, CXXFLAGS=f"{flags} -stdlib=libstdc++",
        LIB_FUZZING_ENGINE=engine, SANITIZER=wanted.sanitizer, FUZZING_ENGINE=wanted.engine,
        ARCHITECTURE="x86_64", SRC=str(paths.root().parent), REDZONE_SRC=str(paths.root()),
        OUT=str(wanted.out), WORK=str(wanted.work), CCACHE_BASEDIR=str(paths.root()),
        NINJAFLAGS=f"-j{build.jobs()}", PATH=f"/usr/bin:{os.environ.get('PATH', '')}")
    return env
