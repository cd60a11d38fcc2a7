# SPDX-License-Identifier: GPL-2.0-only
"""The manifest of a result: what it was measured with, so that it can be repeated."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from redzone_tool import paths

SCHEMA = 1


def collect(flavours: Iterable[str], seeds: Mapping[str, Iterable[Path]],
            rng: Mapping[str, Any], command: str = "") -> dict[str, Any]:
    """Everything a reader needs to repeat a measurement."""
    return {
        "schema": SCHEMA,
        "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "command": command,
        "source": source(),
        "compiler": first_line(["clang-19", "--version"]),
        "afl": _afl_version(),
        "flavours": {name: flags(name) for name in sorted(set(flavours))},
        "seeds": {name: digest(files) for name, files in seeds.items()},
        "rng": dict(rng),
        "machine": machine(),
    }


def source() -> dict[str, Any]:
    """The commit measured, and whether the tree differs from it."""
    commit = _git("rev-parse", "HEAD")
    if not commit:
        return {"commit": None, "modified": None}
    return {"commit": commit, "modified": bool(_git("status", "--porcelain"))}


def machine() -> dict[str, Any]:
    """The processor, memory and system that did the work."""
    return {
        "cpu": _field("/proc/cpuinfo", "model name") or platform.processor(),
        "cpus": len(os.sched_getaffinity(0)),
        "memory_mib": int((_field("/proc/meminfo", "MemTotal") or "0 kB").split()[0]) // 1024,
        "kernel": platform.release(),
        "system": _field("/etc/os-release", "PRETTY_NAME", "=").strip('"'),
        "load": round(os.getloadavg()[0], 2),
    }


def flags(flavour: str) -> str:
    """The compiler options of a build tree: the first compiled object of a port names them."""
    try:
        ninja = (paths.build_dir(flavour) / "build.ninja").read_text(errors="replace")
    except OSError:
        return ""
    at = ninja.find("port_")
    words: list[str] = []
    for line in ninja[max(at, 0):].splitlines():
        name, _, value = line.strip().partition(" = ")
        if name in ("FLAGS", "DEFINES"):
            words += [w for w in value.split() if w not in words]
        if name == "FLAGS":
            break
    return " ".join(word.replace(f"{paths.root()}/", "") for word in words)


def digest(files: Iterable[Path]) -> dict[str, Any]:
    """How many files, how many bytes, and one hash over their sorted content hashes."""
    hashes, size = [], 0
    for file in files:
        data = file.read_bytes()
        size += len(data)
        hashes.append(hashlib.sha256(data).hexdigest())
    whole = hashlib.sha256("\n".join(sorted(hashes)).encode()).hexdigest()
    return {"files": len(hashes), "bytes": size, "sha256": whole[:16]}


def first_line(command: list[str]) -> str:
    """The first line a program prints, or nothing."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20,
                              stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    lines = (done.stdout or done.stderr).splitlines()
    return lines[0].strip() if lines else ""


def _afl_version() -> str:
    return _dpkg_version("afl++")


def _dpkg_version(package: str) -> str:
    return first_line(["dpkg-query", "-W", "-f", "${Package} ${Version}", package])


def _git(*words: str) -> str:
    try:
        done = subprocess.run(["git", "-C", str(paths.root()), *words], capture_output=True,
                              text=True, check=False, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _field(file: str, name: str, separator: str = ":") -> str:
    try:
        text = Path(file).read_text(errors="replace")
    except OSError:
        return ""
    for line in text.splitlines():
        key, found, value = line.partition(separator)
        if found and key.strip() == name:
            return value.strip()
    return ""
