# SPDX-License-Identifier: GPL-2.0-only
"""Debian packages a command needs: look fast, install what is missing.

Standard library only: this runs before the packages of the tool itself are there.
"""

import hashlib
import json
import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from redzone_tool import paths
from redzone_tool.errors import ENVIRONMENT, ToolError

log = logging.getLogger("redzone")

GROUPS: dict[str, tuple[str, ...]] = {
    "cli": ("python3-click", "python3-rich"),
    "build": (
        "clang-19", "llvm-19", "lld-19", "libclang-rt-19-dev", "cmake", "ninja-build", "gcc",
        "libc6-dev", "make", "git", "libcmocka-dev", "libmbedtls-dev", "zlib1g-dev", "afl++",
        "ccache"),
    "fuzz": ("afl++", "util-linux"),
    "stats": (
        "python3-jinja2", "python3-numpy", "python3-scipy", "python3-pandas",
        "python3-statsmodels", "python3-matplotlib", "python3-scapy"),
    "inputs": ("python3-scapy",),
    "gdb": ("gdb",),
    "cluster": ("python3-numpy", "python3-scipy"),
    "audit": ("python3-clang-19",),
    "test": (
        "python3-pytest", "python3-pytest-xdist", "python3-clang-19", "python3-cryptography",
        "python3-jsonschema", "flake8", "mypy"),
    "dask": ("python3-distributed",),
    "full": ("tshark", "python3-distributed", "chromium"),
    "oss-fuzz": ("python3-yaml", "binutils", "file"),
}

# What a command needs beyond `cli`; commands not named here get everything but tests.
COMMANDS: dict[str, tuple[str, ...]] = {
    "setup": (),
    "list": ("build",),
    "build": ("build",),
    "new": ("build",),
    "guards": ("build",),
    "fuzz": ("build", "fuzz"),
    "reproduce": ("build",),
    "triage": ("build", "cluster"),
    "verify-fix": ("build",),
    "minimise": ("build", "inputs"),
    "decode": ("build", "inputs"),
    "corpus": ("build", "inputs"),
    "oracle": ("build", "inputs"),
    "coverage": ("build",),
    "check": ("build", "audit"),
    "bench": ("build", "fuzz"),
    "batch": ("build", "fuzz", "stats"),
    "bisect": ("build",),
    "campaign": ("build", "fuzz", "stats"),
    "compare": ("stats",),
    "oss-fuzz-check": ("build", "fuzz", "oss-fuzz"),
    "test": ("build", "fuzz", "stats", "inputs", "audit", "test", "oss-fuzz"),
}
DEFAULT_GROUPS = ("build", "fuzz", "stats", "inputs", "audit")

DPKG_STATUS = Path("/var/lib/dpkg/status")
APT_LISTS = Path("/var/lib/apt/lists")
LISTS_FRESH_DAYS = 7


class _Stderr(logging.Handler):
    """Writes to what stderr is now: live views put themselves in its place to keep lines apart."""

    def emit(self, record: logging.LogRecord) -> None:
        print(self.format(record), file=sys.stderr, flush=True)


def log_to_stderr() -> None:
    """Let progress notes of library code appear on stderr, one plain line each."""
    if not log.handlers:
        handler = _Stderr()
        handler.setFormatter(logging.Formatter("%(message)s"))
        log.addHandler(handler)
        log.setLevel(logging.INFO)


def packages(groups: Iterable[str]) -> list[str]:
    """The packages of some groups, each once."""
    return sorted({name for group in groups for name in GROUPS[group]})


def missing(names: Iterable[str]) -> list[str]:
    """Which packages dpkg does not know as installed."""
    wanted = sorted(set(names))
    try:
        done = subprocess.run(
            ["dpkg-query", "-W", "-f=${Package} ${db:Status-Abbrev}\n", *wanted],
            capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise ToolError(
            "dpkg-query not found: redzone sets itself up on Debian 12 only; elsewhere install "
            "the packages named in scripts/redzone_tool/setup.py and set REDZONE_NO_SETUP=1",
            ENVIRONMENT) from None
    present = {line.split()[0] for line in done.stdout.splitlines() if line.split()[1:] == ["ii"]}
    return [name for name in wanted if name not in present]


def ensure(*groups: str) -> None:
    """Install the packages of these groups unless they are there; cheap when they are."""
    if os.environ.get("REDZONE_NO_SETUP"):
        return
    wanted = packages(groups)
    stamp = paths.out() / ".setup.json"
    if _stamped(stamp, wanted):
        return
    absent = missing(wanted)
    if absent:
        install(absent)
        still = missing(absent)
        if still:
            raise ToolError(f"apt-get left uninstalled: {' '.join(still)}", ENVIRONMENT)
    _write_stamp(stamp, wanted)


def install_line(names: Iterable[str]) -> str:
    """The line a user without root rights hands to their administrator."""
    return ("apt-get update && apt-get install -y --no-install-recommends "
            + " ".join(names))


def install(names: list[str]) -> None:
    """Install packages with apt-get, as root or through sudo."""
    if shutil.which("apt-get") is None:
        raise ToolError(f"missing packages: {' '.join(names)} (no apt-get here)", ENVIRONMENT)
    prefix: list[str] = []
    if os.geteuid() != 0:
        if not _sudo_works():
            raise ToolError(f"missing packages; as root run: {install_line(names)}", ENVIRONMENT)
        prefix = ["sudo", "-n"]
    log.info("redzone: installing %s", " ".join(names))
    started = time.monotonic()
    if _lists_stale():
        _apt(prefix, ["update"])
    command = ["install", "-y", "--no-install-recommends", *names]
    try:
        _apt(prefix, command)
    except ToolError:
        # Lists that only look fresh point to package versions that are gone.
        _apt(prefix, ["update"])
        _apt(prefix, command)
    log.info("redzone: installed in %.0f s", time.monotonic() - started)


def _sudo_works() -> bool:
    if shutil.which("sudo") is None:
        return False
    if sys.stdin.isatty():
        return subprocess.run(["sudo", "-v"], check=False).returncode == 0
    return subprocess.run(["sudo", "-n", "true"], capture_output=True,
                          check=False).returncode == 0


def _lists_stale() -> bool:
    lists = [p for p in APT_LISTS.glob("*_Packages*")] if APT_LISTS.is_dir() else []
    if not lists:
        return True
    newest = max(p.stat().st_mtime for p in lists)
    stamp = Path("/var/lib/apt/periodic/update-success-stamp")
    if stamp.exists():
        newest = max(newest, stamp.stat().st_mtime)
    newest = max(newest, APT_LISTS.stat().st_mtime)
    return time.time() - newest > LISTS_FRESH_DAYS * 86400


def _apt(prefix: list[str], arguments: list[str]) -> None:
    env_words = ["env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8"]
    command = [*prefix, *env_words, "apt-get", "-q", "-o", "DPkg::Lock::Timeout=300", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          stdin=subprocess.DEVNULL, check=False)
    if done.returncode == 0:
        return
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("E:", "dpkg: error", "W: Failed"))]
    why = (errors or lines or ["no output"])[0]
    if "No space left" in done.stdout or "enough free space" in done.stdout:
        why = "no space left on device"
    raise ToolError(f"apt-get {arguments[0]} failed: {why}", ENVIRONMENT, lines[-10:])


def _key(wanted: list[str]) -> str:
    return hashlib.sha256(" ".join(wanted).encode()).hexdigest()[:16]


def _dpkg_mark() -> str:
    try:
        status = DPKG_STATUS.stat()
    except OSError:
        return ""
    return f"{status.st_mtime_ns}:{status.st_size}:{status.st_ino}"


def _stamped(stamp: Path, wanted: list[str]) -> bool:
    mark = _dpkg_mark()
    if not mark:
        return False
    try:
        known = json.loads(stamp.read_text())
    except (OSError, ValueError):
        return False
    return isinstance(known, dict) and known.get(_key(wanted)) == mark


def _write_stamp(stamp: Path, wanted: list[str]) -> None:
    try:
        known = json.loads(stamp.read_text())
        assert isinstance(known, dict)
    except (OSError, ValueError, AssertionError):
        known = {}
    mark = _dpkg_mark()
    known = {key: value for key, value in known.items() if value == mark}
    known[_key(wanted)] = mark
    try:
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(json.dumps(known))
    except OSError:
        pass    # a read-only output folder only costs the look-up next time
