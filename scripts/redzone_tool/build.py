# SPDX-License-Identifier: GPL-2.0-only
"""Build trees: configure and build a flavour when it is needed, quickly when it is not."""

import fcntl
import json
import logging
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from redzone_tool import paths, seeds, setup
from redzone_tool.errors import ENVIRONMENT, ToolError, unknown

log = logging.getLogger("redzone")

QUIET_S = 1.0   # what takes longer is announced

_done: set[tuple[str, tuple[str, ...]]] = set()

_ERROR_LINE = re.compile(
    r"(error:|undefined reference|undefined symbol|duplicate symbol|No space left"
    r"|CMake Error|Error at |fatal:|ToolError|redzone: )")


@lru_cache(maxsize=1)
def flavours() -> list[str]:
    """The flavours there are: the visible configure presets."""
    try:
        presets = json.loads((paths.root() / "CMakePresets.json").read_text())
    except (OSError, ValueError) as err:
        raise ToolError(f"cannot read CMakePresets.json: {err}", ENVIRONMENT) from None
    return [p["name"] for p in presets.get("configurePresets", []) if not p.get("hidden")]


def check_flavour(flavour: str) -> str:
    """Return `flavour` if it exists."""
    if flavour not in flavours():
        raise unknown("flavour", flavour, flavours(), "`redzone list --flavours`")
    return flavour


def flavour(engine: str, sanitizer: str, guards: bool = False) -> str:
    """The name of the flavour for an engine and a sanitizer."""
    name = sanitizer if engine == "none" else f"{engine}-{sanitizer}"
    if engine == "none" and sanitizer == "none":
        name = "native"
    return check_flavour(name + ("-guards" if guards else ""))


def ensure(flavour: str, targets: Sequence[str] | None = None) -> Path:
    """Configure and build a flavour if needed; returns its build tree.

    `targets` are names of build targets; everything is built without them.
    """
    check_flavour(flavour)
    wanted = tuple(sorted(targets or ()))
    tree = paths.build_dir(flavour)
    if (flavour, wanted) in _done or (flavour, ()) in _done:
        return tree
    setup.ensure("build")
    _need_tools()
    check_space(paths.out())
    with _locked(flavour):
        if not (tree / "build.ninja").exists():
            configure(flavour)
        _ninja(flavour, wanted)
        seeds.ensure()
    _done.add((flavour, wanted))
    return tree


def configure(flavour: str) -> Path:
    """Run `cmake --preset` for a flavour; returns its build tree."""
    tree = paths.build_dir(flavour)
    _need_tools()
    _run(["cmake", "--preset", flavour, "-B", str(tree)], flavour, "configure")
    return tree


def check_space(folder: Path, need_mb: int = 32) -> None:
    """Fail in one line before a long job dies of a full disk."""
    probe = folder
    while not probe.exists() and probe != probe.parent:
        probe = probe.parent
    free_mb = shutil.disk_usage(probe).free >> 20
    if free_mb < need_mb:
        raise ToolError(f"no space left on device: {free_mb} MB free for {paths.shown(folder)}, "
                        f"at least {need_mb} MB needed", ENVIRONMENT)


def jobs() -> int:
    """How many compilers to run at once."""
    named = os.environ.get("REDZONE_JOBS", "")
    return int(named) if named.isdigit() and int(named) > 0 else len(os.sched_getaffinity(0))


def _need_tools() -> None:
    for tool in ("cmake", "ninja", "clang-19"):
        if shutil.which(tool) is None:
            raise ToolError(f"{tool} not found on PATH: run `scripts/redzone setup`", ENVIRONMENT)


@contextmanager
def _locked(flavour: str) -> Iterator[None]:
    """One build of a flavour at a time; a second one waits."""
    folder = paths.out() / "lock"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / f"build-{flavour}.lock", "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            log.info("redzone: waiting for another build of %s", flavour)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _ninja(flavour: str, targets: Sequence[str]) -> None:
    tree = paths.build_dir(flavour)
    _run(["ninja", "-C", str(tree), "-j", str(jobs()), *targets], flavour, "build")


def clean_env() -> dict[str, str]:
    """The environment for builds: flags of the user must not change a flavour."""
    env = dict(os.environ)
    for name in ("CFLAGS", "CPPFLAGS", "LDFLAGS", "CXXFLAGS", "CC", "CXX", "MAKEFLAGS",
                 "ASAN_OPTIONS", "UBSAN_OPTIONS", "MSAN_OPTIONS", "LSAN_OPTIONS"):
        env.pop(name, None)
    if not os.access(os.path.expanduser("~"), os.W_OK):
        env.setdefault("CCACHE_DIR", str(paths.out() / "ccache"))
    return env


def _run(command: list[str], flavour: str, step: str) -> None:
    log_file = paths.log_dir() / f"{step}-{flavour}.log"
    log_file.parent.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    told = False
    with open(log_file, "w", encoding="utf-8") as sink, subprocess.Popen(
            command, cwd=paths.root(), stdout=sink, stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL, env=clean_env()) as child:
        try:
            child.wait(QUIET_S)
        except subprocess.TimeoutExpired:
            told = True
            log.info("redzone: %s of %s", step, flavour)
        try:
            code = child.wait()
        except BaseException:
            child.terminate()
            raise
    if code == 0:
        if told:
            log.info("redzone: %s of %s took %.1f s", step, flavour, time.monotonic() - started)
        return
    if code < 0:
        raise ToolError(f"{step} of {flavour} was killed by signal {-code}", ENVIRONMENT)
    lines = log_file.read_text(errors="replace").splitlines()
    if any("No space left on device" in line for line in lines):
        raise ToolError(f"no space left on device (while building {flavour})", ENVIRONMENT)
    errors = [line for line in lines if _ERROR_LINE.search(line)][:5]
    raise ToolError(f"{step} of {flavour} failed, log: {paths.shown(log_file)}", ENVIRONMENT,
                    errors or lines[-5:])
