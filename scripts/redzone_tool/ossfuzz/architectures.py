# SPDX-License-Identifier: GPL-2.0-only
"""Other architectures: the code compiles, and its seeds give the digests they give here.

What is missing on this machine is said, not installed: the packages of a foreign architecture
are nothing that a check should bring along.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from redzone_tool import build, catalogue, paths, replay, seeds
from redzone_tool.errors import ENVIRONMENT, ToolError, unknown

REFERENCE = "native-guards"
TIMEOUT_S = 1200
_LIBC = "#include <stdio.h>\n#include <asm-generic/errno.h>\nint main(void) { return 0; }\n"


@dataclass(frozen=True)
class Architecture:
    """How clang builds for one, and how its programs run here."""

    name: str
    flags: str
    packages: str                   # that a compile check needs
    crypto: str                     # its crypto library, which linking needs
    runner: tuple[str, ...] = ()


ARCHITECTURES = {a.name: a for a in (
    Architecture("i386", "-m32", "libc6-dev-i386 lib32gcc-12-dev", "libmbedtls-dev:i386"),
    Architecture("aarch64", "--target=aarch64-linux-gnu",
                 "libc6-dev-arm64-cross libgcc-12-dev-arm64-cross", "libmbedtls-dev:arm64",
                 ("qemu-aarch64", "-L", "/usr/aarch64-linux-gnu")))}


@dataclass
class Outcome:
    """What was checked, what is broken, what could not be checked and why."""

    done: str = ""
    problems: list[str] = field(default_factory=list)
    missing: str = ""


def chosen(names: Sequence[str]) -> list[Architecture]:
    """The architectures of these names."""
    for name in names:
        if name not in ARCHITECTURES:
            raise unknown("architecture", name, ARCHITECTURES, "redzone oss-fuzz-check --help")
    return [ARCHITECTURES[name] for name in dict.fromkeys(names)]


def check(architecture: Architecture, folder: Path) -> Outcome:
    """Compile all ports and harnesses; link and play the seeds where that is possible."""
    if not _compiles(architecture):
        return Outcome(missing=f"no C library for it: apt-get install {architecture.packages}")
    library = crypto_library(architecture)
    tree = folder / architecture.name
    shutil.rmtree(tree, ignore_errors=True)
    problems = _configure(architecture, tree, library) or _objects(tree)
    if problems:
        return Outcome(problems=problems)
    count = len(_outputs(tree))
    if library is None:
        return Outcome(f"{count} objects compile; not linked: no {architecture.crypto}")
    problems = _ninja(tree, ["redzone-replay"])
    if problems:
        return Outcome(problems=problems)
    if architecture.runner and shutil.which(architecture.runner[0]) is None:
        return Outcome(f"{count} objects compile and link; not run: no {architecture.runner[0]}")
    played, problems = compare([*architecture.runner, str(tree / "bin" / "redzone-replay")])
    return Outcome(f"{count} objects compile; {played} seeds have the digests of this machine",
                   problems)


def crypto_library(architecture: Architecture) -> Path | None:
    """libmbedcrypto.a of an architecture: MBEDCRYPTO_I386, or where the compiler finds it."""
    named = os.environ.get(f"MBEDCRYPTO_{architecture.name.upper()}")
    if named:
        if not Path(named).is_file():
            raise ToolError(f"MBEDCRYPTO_{architecture.name.upper()}: no file {named}")
        return Path(named)
    done = subprocess.run([_clang(), *architecture.flags.split(),
                           "-print-file-name=libmbedcrypto.a"],
                          capture_output=True, text=True, check=False)
    path = Path(done.stdout.strip())
    return path if path.is_absolute() and path.is_file() else None


def _clang() -> str:
    compiler = shutil.which("clang-19")
    if compiler is None:
        raise ToolError("clang-19 not found: run `scripts/redzone setup`", ENVIRONMENT)
    return compiler


def _compiles(architecture: Architecture) -> bool:
    return subprocess.run([_clang(), *architecture.flags.split(), "-x", "c", "-fsyntax-only", "-"],
                          input=_LIBC, text=True, capture_output=True, check=False).returncode == 0


def _configure(architecture: Architecture, tree: Path, library: Path | None) -> list[str]:
    # Nothing is linked to try the compiler: there may be no linker for it.
    return _run(["cmake", "-S", str(paths.root()), "-B", str(tree), "-G", "Ninja",
                 f"-DCMAKE_C_COMPILER={_clang()}", "-DCMAKE_BUILD_TYPE=None",
                 f"-DCMAKE_C_FLAGS={architecture.flags} -O1",
                 "-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld",
                 "-DCMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY",
                 "-DREDZONE_ENGINE=none", "-DREDZONE_SANITIZER=none",
                 f"-DMBEDCRYPTO={library or 'none'}", "-DPython3_EXECUTABLE=/usr/bin/python3"])


def _outputs(tree: Path) -> list[str]:
    commands = json.loads((tree / "compile_commands.json").read_text(encoding="utf-8"))
    tests = str(paths.root() / "tests") + "/"
    return sorted(str(entry["output"]) for entry in commands
                  if not str(entry["file"]).startswith(tests))


def _objects(tree: Path) -> list[str]:
    return _ninja(tree, _outputs(tree))


def _ninja(tree: Path, targets: list[str]) -> list[str]:
    return _run(["ninja", "-C", str(tree), "-k", "0", "-j", str(build.jobs()), *targets])


def _run(command: list[str]) -> list[str]:
    """The errors of a build step, none when it went well."""
    env = {**build.clean_env(), "CCACHE_BASEDIR": os.environ.get("CCACHE_BASEDIR",
                                                                 str(paths.root()))}
    done = subprocess.run(command, cwd=paths.root(), stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace",
                          env=env, check=False)
    if done.returncode == 0:
        return []
    lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
    return [line for line in lines if "rror" in line or "undefined" in line][:5] or lines[-2:]


def compare(command: Sequence[str]) -> tuple[int, list[str]]:
    """Play all seeds with a replay binary: how many, and which give other digests than here."""
    problems: list[str] = []
    count = 0
    for target in catalogue.targets():
        files = seeds.files(target.name)
        here = {r.file: r.digests for r in replay.run(target.name, files, REFERENCE)}
        there = _play(command, target.name, files)
        count += len(there)
        differ = [file for file in files if there.get(file) != here[file]]
        if differ:
            problems.append(f"{target.name}: {len(differ)} of {len(files)} seeds behave otherwise, "
                            f"first {paths.shown(differ[0])}")
    return count, problems


def _play(command: Sequence[str], target: str,
          files: Sequence[Path]) -> dict[Path, tuple[str, str, str]]:
    with tempfile.NamedTemporaryFile("w", suffix=".manifest", encoding="utf-8") as manifest:
        manifest.write("".join(f"{file}\n" for file in files))
        manifest.flush()
        done = subprocess.run([*command, target, "run", "--manifest", manifest.name],
                              capture_output=True, text=True, errors="replace", check=False,
                              timeout=TIMEOUT_S, env=replay.environment())
    return {r.file: r.digests for r in replay.parse_results(done.stdout)}
