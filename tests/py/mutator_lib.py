# SPDX-License-Identifier: GPL-2.0-only
"""Mutators as shared libraries that a test calls."""

import ctypes
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from redzone_tool import paths

HARNESSES = paths.root() / "harnesses"
MAX = 4096
GUARD = b"\xa5" * 16


def targets() -> dict[str, str]:
    """The mutator source of each target that has one, below harnesses/."""
    text = (HARNESSES / "CMakeLists.txt").read_text(encoding="utf-8")
    found = {}
    for call in re.findall(r"redzone_target\((.*?)\)", text, re.S):
        words = call.split()
        if "MUTATOR" in words:
            found[words[words.index("NAME") + 1]] = words[words.index("MUTATOR") + 1]
    return found


def load(source: str, folder: Path) -> ctypes.CDLL:
    """Compile a mutator with what all of them share, and load it."""
    compiler = shutil.which("clang-19") or shutil.which("gcc")
    if not compiler:
        pytest.skip("no C compiler")
    out = folder / "mutator.so"
    shared = sorted(p for p in (HARNESSES / "common").glob("mutator*.c"))
    includes = [HARNESSES / "common", paths.root() / "parsers" / "kernel" / "include",
                paths.root() / "parsers" / "guard" / "include"]
    subprocess.run([compiler, "-O1", "-g", "-Wall", "-Wextra", "-Wno-unused-parameter",
                    "-Werror", "-fPIC", "-shared", *(f"-I{folder}" for folder in includes),
                    *map(str, shared), str(HARNESSES / source), "-o", str(out)],
                   check=True, timeout=120)
    loaded = ctypes.CDLL(str(out))
    loaded.rz_target_mutate.restype = loaded.rz_target_repair.restype = ctypes.c_size_t
    loaded.rz_target_mutate.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_size_t,
                                        ctypes.c_void_p, ctypes.c_size_t, ctypes.c_uint32]
    loaded.rz_target_repair.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_size_t]
    loaded.afl_custom_init.restype = ctypes.c_void_p
    loaded.afl_custom_init.argtypes = [ctypes.c_void_p, ctypes.c_uint]
    loaded.afl_custom_fuzz.restype = ctypes.c_size_t
    loaded.afl_custom_fuzz.argtypes = [
        ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t,
        ctypes.POINTER(ctypes.POINTER(ctypes.c_uint8)), ctypes.c_void_p, ctypes.c_size_t,
        ctypes.c_size_t]
    loaded.afl_custom_deinit.argtypes = [ctypes.c_void_p]
    return loaded


def mutate(library: ctypes.CDLL, data: bytes, seed: int, other: bytes = b"",
           room: int = MAX) -> bytes:
    block = ctypes.create_string_buffer(data + bytes(max(room - len(data), 0)) + GUARD,
                                        max(room, len(data)) + 64)
    size = library.rz_target_mutate(block, len(data), room, other or None, len(other), seed)
    assert size <= room
    assert block.raw[room:room + len(GUARD)] == GUARD, "wrote past the buffer"
    return bytes(block.raw[:size])


def repair(library: ctypes.CDLL, data: bytes) -> bytes:
    block = ctypes.create_string_buffer(data, MAX + 64)
    size = library.rz_target_repair(block, len(data), MAX)
    return bytes(block.raw[:size])


def afl_mutants(library: ctypes.CDLL, data: bytes, count: int) -> list[bytes]:
    """What the AFL++ module of the mutator makes of an input."""
    state = library.afl_custom_init(None, 5)
    made = []
    for _ in range(count):
        out = ctypes.POINTER(ctypes.c_uint8)()
        size = library.afl_custom_fuzz(state, data, len(data), ctypes.byref(out), data,
                                       len(data), MAX)
        assert 0 < size <= MAX
        made.append(bytes(out[:size]))
    library.afl_custom_deinit(state)
    return made
