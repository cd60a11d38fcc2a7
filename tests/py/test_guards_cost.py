# SPDX-License-Identifier: GPL-2.0-only
"""Solid builds cost nothing: the same instructions as hand-written checks.

Compared on a function that uses every macro, and on every port: its source with the
macros rewritten to `unlikely(...)`, as the kernel has it, must give the same object code.
"""

import re
import subprocess
from pathlib import Path

import pytest
from redzone_tool.audit_lex import closing
from redzone_tool.audit_text import strip_comments

import c_objects

PORT = """
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <redzone/guard.h>
#define unlikely(c) __builtin_expect(!!(c), 0)

struct reply { uint32_t a, b; };
void keep(struct reply *reply);

int parse(const uint8_t *data, size_t len)
{
    struct reply reply;
    size_t off = 0, count = 0;

    if (malformed(len < 4))
        return -1;
    if (malformed_in(CVE_2017_0001, data[0] != 9 && data[1] > 3))
        return -2;
    while (off + 2 <= len) {
        size_t step = data[off + 1];

        if (malformed(step < 2) || malformed(step > len - off))
            break;
        if (malformed(++count > 16))
            return -3;
        off += step;
    }
    if (fixed(CVE_2020_0002))
        memset(&reply, 0, sizeof(reply));
    triggered(CVE_2020_0002, reply.b != 0);
    reply.a = (uint32_t)off;
    keep(&reply);
    return (int)count;
}
"""

BENCH = """
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <stdint.h>
struct reply;
int by_guard(const uint8_t *data, size_t len);
int by_hand(const uint8_t *data, size_t len);
void keep(struct reply *reply) { __asm__ volatile("" : : "r"(reply) : "memory"); }

static double run(int (*parse)(const uint8_t *, size_t), const uint8_t *data)
{
    struct timespec a, b;
    volatile int sum = 0;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
    for (int i = 0; i < 400000; i++)
        sum += parse(data + (i & 7), 48);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
    return (double)(b.tv_sec - a.tv_sec) * 1e9 + (double)(b.tv_nsec - a.tv_nsec);
}

static int order(const void *a, const void *b)
{
    return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b);
}

int main(void)
{
    enum { ROUNDS = 21 };
    uint8_t data[64];
    double ratio[ROUNDS];

    for (int i = 0; i < 64; i++)
        data[i] = (uint8_t)(2 + i % 3);
    for (int i = 0; i < ROUNDS; i++)
        ratio[i] = run(by_guard, data) / run(by_hand, data);
    qsort(ratio, ROUNDS, sizeof(ratio[0]), order);
    printf("%.3f %.3f %.3f\\n", ratio[ROUNDS / 2], ratio[0], ratio[ROUNDS - 1]);
    return 0;
}
"""


def by_hand(source: str) -> str:
    """The source with every guard macro written out as the kernel would; lines kept."""
    text = strip_comments(source)
    at = 0
    pattern = re.compile(r"\b(malformed|malformed_in|fixed|triggered)\s*\(")
    while match := pattern.search(text, at):
        stop = closing(text, match.end() - 1)
        inside = text[match.end():stop]
        if match[1] == "malformed":
            new = f"unlikely({inside})"
        elif match[1] == "malformed_in":
            new = f"unlikely({inside.partition(',')[2]})"
        else:
            new = "1" if match[1] == "fixed" else "(void)0" + "\n" * inside.count("\n")
        text = text[:match.start()] + new + text[stop + 1:]
        at = match.start() + 1
    return text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A scratch folder."""
    return tmp_path


def compile_text(folder: Path, name: str, text: str, *flags: str) -> Path:
    """An object from text, without debug information."""
    (folder / f"{name}.c").write_text(text)
    out = folder / f"{name}.o"
    c_objects.run([
        c_objects.CLANG, "-std=gnu11", "-c", *(flags or ("-O2",)), f"-I{folder}",
        f"-I{c_objects.guard_include()}", str(folder / f"{name}.c"), "-o", str(out)])
    return out


@pytest.mark.parametrize("level", ["-O1", "-O2", "-O3", "-Os"])
def test_macros_compile_to_the_hand_written_checks(folder: Path, level: str) -> None:
    """Instruction for instruction, at every level."""
    hand = by_hand(PORT)
    assert "malformed" not in hand and "unlikely(step < 2) || unlikely(step" in hand
    guard_object = compile_text(folder, "guard", PORT, level)
    hand_object = compile_text(folder, "hand", hand, level)
    guard_code = c_objects.disassembly(guard_object)
    assert guard_code == c_objects.disassembly(hand_object)
    assert len(guard_code["parse"]) > 20
    assert text_size(guard_object) == text_size(hand_object)


def test_the_comparison_sees_a_difference(folder: Path) -> None:
    """The control: a guard build is not the same code."""
    solid = compile_text(folder, "solid", PORT)
    guards = compile_text(folder, "guards", PORT, "-O2", "-DREDZONE_GUARDS")
    assert c_objects.disassembly(solid) != c_objects.disassembly(guards)
    assert "rz_guard_site" in c_objects.run(["llvm-nm-19", str(guards)])


def text_size(path: Path) -> int:
    """Bytes of code in an object."""
    lines = c_objects.run(["llvm-size-19", "-A", str(path)]).splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(".text"))


@pytest.mark.parametrize("source", c_objects.port_sources())
def test_ports_compile_to_the_hand_written_checks(tmp_path: Path, source: str) -> None:
    """Every real port in the native flavour, and no trace of the guard runtime in it."""
    path = c_objects.paths.root() / source
    text = tmp_path / path.name
    text.write_text(by_hand(path.read_text()))
    # without debug information and line numbers there is nothing else to tell them apart
    flags = ("-g0", "-Wno-error", "-w")
    solid = c_objects.compile_as("native", source, tmp_path / "solid.o", *flags)
    hand = c_objects.compile_as("native", source, tmp_path / "hand.o", *flags, text=text)
    assert c_objects.disassembly(solid) == c_objects.disassembly(hand)
    assert text_size(solid) == text_size(hand)
    names = c_objects.run(["llvm-nm-19", str(solid)])
    assert not re.search(r"rz_(guard|fix|canary)_site", names)
    assert "rz_sites" not in c_objects.run(["llvm-readelf-19", "-S", str(solid)])


def test_speed_figure(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Time with guards over time by hand, interleaved; printed, not judged."""
    objects = []
    for name, text in (("guard", PORT), ("hand", by_hand(PORT))):
        objects.append(str(compile_text(
            folder, name, text.replace("int parse(", f"int by_{name}("))))
    (folder / "bench.c").write_text(BENCH)
    program = folder / "bench"
    c_objects.run([c_objects.CLANG, "-O2", str(folder / "bench.c"), *objects, "-o", str(program)])
    done = subprocess.run([program], capture_output=True, text=True, check=True, timeout=120)
    median, low, high = (float(word) for word in done.stdout.split())
    with capsys.disabled():
        print(f"\nsolid guards: time ratio to hand-written checks {median:.3f} "
              f"[{low:.3f}..{high:.3f}] of 21 interleaved rounds")
    assert median > 0


CALLER = """
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
struct reply { uint32_t a, b; };
int parse(const uint8_t *data, size_t len);
static uint32_t seen;
void keep(struct reply *reply) { seen = reply->b; }
int main(void)
{
    uint8_t wrong[] = { 8, 4, 0, 0, 8, 4, 0, 0 }, right[] = { 9, 4, 0, 0, 8, 4, 0, 0 };

    printf("%d ", parse(wrong, 8));
    printf("%d %d\\n", parse(right, 8), seen == 0);
    return 0;
}
"""


def test_a_build_with_one_bug_has_that_bug_and_no_guard_code(folder: Path) -> None:
    """REDZONE_ONLY, the control for what guard builds do to a fuzzer."""
    solid = compile_text(folder, "solid", PORT)
    check = compile_text(folder, "check", PORT, "-O2", '-DREDZONE_ONLY="CVE_2017_0001"')
    fix = compile_text(folder, "fix", PORT, "-O2", '-DREDZONE_ONLY="CVE_2020_0002"')
    caller = compile_text(folder, "caller", CALLER)
    printed = {}
    for path in (solid, check, fix):
        program = folder / f"run_{path.stem}"
        c_objects.run([c_objects.CLANG, str(path), str(caller), "-o", str(program)])
        printed[path.stem] = c_objects.run([str(program)]).split()
        assert "rz_" not in c_objects.run(["llvm-nm-19", str(path)])
        code = c_objects.disassembly(path)["parse"]
        assert len(code) <= len(c_objects.disassembly(solid)["parse"]) + 2
    assert printed["solid"] == ["-2", "2", "1"]
    assert printed["check"] == ["2", "2", "1"]
    assert printed["fix"][:2] == ["-2", "2"]
    # what is left uninitialised is whatever lies there: look for the lost memset instead
    lost = len(c_objects.disassembly(fix)["parse"]) < len(c_objects.disassembly(solid)["parse"])
    assert lost
