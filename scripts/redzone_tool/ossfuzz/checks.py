# SPDX-License-Identifier: GPL-2.0-only
"""The published rules of OSS-Fuzz, checked on a $OUT that was built here.

Thresholds are those of its base-runner's bad_build_check.
"""

from __future__ import annotations

import configparser
import os
import re
import shutil
import signal
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from redzone_tool.engines import supervise
from redzone_tool.ossfuzz.environment import Build

LEAST_EDGES = 100
# Calls into a sanitizer's run time: at least in a build with it, at most in one without.
LEAST_CALLS = {"address": 1000, "memory": 1000, "undefined": 169}
MOST_CALLS = {"address": 0, "memory": 3, "undefined": 200}
RUNTIME = {"address": "__asan", "memory": "__msan", "undefined": "__ubsan"}
TIMEOUT_S = 25
RSS_LIMIT_MB = 2560
MOST_OUT_MIB = 512
RUNS = 4
AFL_START_S = 35
# Sections and keys that ClusterFuzz reads.
OPTION_SECTIONS = {"libfuzzer", "asan", "msan", "ubsan", "env", "afl", "honggfuzz"}
_NAME = re.compile(r"[a-z0-9_]+")
_EDGES = re.compile(r"INFO: Loaded \d+ modules? .*?\(.*?(?:counters|guards)\): (\d+)")
_CALL = re.compile(rb"call\s+[0-9a-f]+ <(__(?:asan|msan|ubsan))")


def targets_in(out: Path) -> list[Path]:
    """Files that OSS-Fuzz would take for targets: executable, and naming the entry point."""
    found = []
    for path in sorted(out.rglob("*")):
        if not path.is_file() or path.suffix == ".so" or not os.access(path, os.X_OK):
            continue
        data = path.read_bytes()
        if data[:4] == b"\x7fELF" or data[:2] == b"#!":
            if b"LLVMFuzzerTestOneInput" in data:
                found.append(path)
    return found


def run(command: list[str], folder: Path, seconds: float,
        env: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Exit code and output; -9 when the time was up, and nothing of it is left running."""
    child = subprocess.Popen(
        command, cwd=folder, env={"PATH": "/usr/bin:/bin", "HOME": str(folder), **(env or {})},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        start_new_session=True)
    try:
        text, _ = child.communicate(timeout=seconds)
        return child.returncode, text.decode(errors="replace")
    except subprocess.TimeoutExpired:
        for pid in supervise.tree_of(child.pid):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        text, _ = child.communicate()
        return -9, text.decode(errors="replace")


def check(build: Build, names: Iterable[str]) -> Iterator[str]:
    """Every broken rule of one build, one line each."""
    found = targets_in(build.out)
    wanted = sorted(names)
    if sorted(p.name for p in found) != wanted:
        yield f"targets in $OUT: {' '.join(p.name for p in found)}; built: {' '.join(wanted)}"
    size = sum(p.stat().st_size for p in build.out.rglob("*") if p.is_file()) >> 20
    if size > MOST_OUT_MIB:
        yield f"$OUT holds {size} MiB, more than {MOST_OUT_MIB}"
    with tempfile.TemporaryDirectory(prefix="redzone-oss-fuzz-") as folder:
        # ClusterFuzz unpacks $OUT somewhere else than where it was built.
        moved = Path(folder) / "moved"
        shutil.copytree(build.out, moved)
        before = listing(moved)
        for path in targets_in(moved):
            for problem in check_target(build, path, Path(folder)):
                yield f"{path.name}: {problem}"
        if listing(moved) != before:
            yield "something was written into $OUT while targets ran"


def listing(folder: Path) -> list[tuple[str, int]]:
    """Names and sizes of all files."""
    return sorted((str(p.relative_to(folder)), p.stat().st_size)
                  for p in folder.rglob("*") if p.is_file())


def check_target(build: Build, path: Path, scratch: Path) -> Iterator[str]:
    """Broken rules of one target."""
    if not _NAME.fullmatch(path.name):
        yield "the name has other characters than a-z, 0-9 and _"
    yield from check_options(path.with_name(f"{path.name}.options"))
    yield from check_sanitizer(build, path)
    seeds = scratch / f"{path.name}-seeds"
    count = unpack(path.with_name(f"{path.name}_seed_corpus.zip"), seeds)
    if not count:
        yield "there is no seed corpus"
        return
    if build.engine == "afl":
        yield from check_afl(path, seeds, scratch)
    elif build.sanitizer == "coverage":
        yield from check_coverage(path, seeds, scratch)
    else:
        yield from check_libfuzzer(path, seeds, count)


def unpack(archive: Path, folder: Path) -> int:
    """The inputs of a `_seed_corpus.zip`; how many there are."""
    folder.mkdir()
    try:
        with zipfile.ZipFile(archive) as file:
            file.extractall(folder)
    except (OSError, zipfile.BadZipFile):
        return 0
    return sum(1 for p in folder.rglob("*") if p.is_file())


def check_options(path: Path) -> Iterator[str]:
    """An options file has sections and keys that the runner understands."""
    options = configparser.ConfigParser()
    try:
        if not options.read(path, encoding="utf-8"):
            yield "there is no .options file"
            return
    except configparser.Error as error:
        yield f"its .options file cannot be read: {' '.join(str(error).split())}"
        return
    for section in options.sections():
        if section not in OPTION_SECTIONS:
            yield f"its .options file has an unknown section [{section}]"
    values = dict(options["libfuzzer"]) if options.has_section("libfuzzer") else {}
    for key, value in values.items():
        if key != "dict" and not re.fullmatch(r"-?\d+", value):
            yield f"its .options file: {key} = {value} is no number"
    if int(values.get("timeout", "0") or 0) > TIMEOUT_S:
        yield f"its timeout is above {TIMEOUT_S} s"
    if int(values.get("rss_limit_mb", "0") or 0) > RSS_LIMIT_MB:
        yield f"its rss_limit_mb is above {RSS_LIMIT_MB}"


def check_sanitizer(build: Build, path: Path) -> Iterator[str]:
    """The sanitizer asked for is in, and no other."""
    done = subprocess.run(["objdump", "-d", "--no-show-raw-insn", str(path)],
                          capture_output=True, check=False)
    calls = {name: 0 for name in RUNTIME}
    for match in _CALL.finditer(done.stdout):
        for name, prefix in RUNTIME.items():
            calls[name] += match[1] == prefix.encode()
    for name, count in calls.items():
        if name == build.sanitizer:
            if build.engine == "libfuzzer" and count < LEAST_CALLS[name]:
                yield f"only {count} calls into {name}'s run time: not built with it?"
        elif count > MOST_CALLS[name]:
            yield f"{count} calls into {name}'s run time in a build with {build.sanitizer}"


def check_libfuzzer(path: Path, seeds: Path, count: int) -> Iterator[str]:
    """Starts, has edges, takes its dictionary, and plays its seeds clean."""
    dictionary = path.with_name(f"{path.name}.dict")
    words = [str(path), "-seed=1337", f"-runs={RUNS}"]
    if dictionary.is_file():
        words.append(f"-dict={dictionary}")
    code, text = run(words, path.parent, 60)
    if code or f"Done {RUNS} runs" not in text:
        yield f"does not start (exit {code}): {last_line(text)}"
        return
    edges = _EDGES.search(text)
    if edges is None or int(edges[1]) < LEAST_EDGES:
        yield f"fewer than {LEAST_EDGES} edges: {edges[1] if edges else 'none'}"
    code, text = run([str(path), "-runs=0", f"-timeout={TIMEOUT_S}",
                      f"-rss_limit_mb={RSS_LIMIT_MB}", str(seeds)], path.parent, 600)
    if code:
        yield f"faults on its own seeds (exit {code}): {last_line(text)}"
    read = re.search(r"INFO:\s+(\d+) files found", text)
    if read is None or int(read[1]) != count:
        yield f"read {read[1] if read else 'no'} seeds of {count}"


def check_afl(path: Path, seeds: Path, scratch: Path) -> Iterator[str]:
    """afl-fuzz takes the target and starts."""
    out = scratch / f"{path.name}-afl"
    env = {"AFL_NO_UI": "1", "AFL_NO_AFFINITY": "1", "AFL_SKIP_CPUFREQ": "1",
           "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES": "1", "AFL_FORKSRV_INIT_TMOUT": "30000"}
    code, text = run(["afl-fuzz", "-t", "5000+", "-V", "3", "-i", str(seeds), "-o", str(out),
                      "--", str(path)], scratch, AFL_START_S + 60, env)
    if "All set and ready to roll" not in text:
        yield f"afl-fuzz does not take it (exit {code}): {last_line(text)}"
    if any((out / "default" / "crashes").glob("id*")):
        yield "afl-fuzz found a crash at once"


def check_coverage(path: Path, seeds: Path, scratch: Path) -> Iterator[str]:
    """A profile comes out and llvm-cov reads it."""
    raw = scratch / f"{path.name}.profraw"
    data = scratch / f"{path.name}.profdata"
    code, text = run([str(path), "-runs=0", str(seeds)], scratch, 600,
                     {"LLVM_PROFILE_FILE": str(raw)})
    if code or not raw.is_file():
        yield f"leaves no profile (exit {code}): {last_line(text)}"
        return
    run(["llvm-profdata-19", "merge", "-sparse", str(raw), "-o", str(data)], scratch, 120)
    code, text = run(["llvm-cov-19", "report", str(path), f"-instr-profile={data}"],
                     scratch, 120)
    total = re.search(r"^TOTAL\s+(\d+)", text, re.MULTILINE)
    if code or total is None or int(total[1]) == 0:
        yield f"llvm-cov reads no regions: {last_line(text)}"


def last_line(text: str) -> str:
    """The most telling line of an output."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if "ERROR" in line or "SUMMARY" in line or "[-]" in line]
    return (telling or lines or ["no output"])[-1][:200]
