# SPDX-License-Identifier: GPL-2.0-only
"""Reports of the real sanitizers, made on the spot, and a few texts that are hard to provoke."""

import os
import subprocess
from pathlib import Path

import pytest

from redzone_tool import replay, sanreport

SOURCE = Path(__file__).parent / "cases" / "faults.c"
FLAGS = {
    "address": ["-fsanitize=address"],
    "undefined": ["-fsanitize=undefined,bounds,implicit-conversion",
                  "-fno-sanitize-recover=all"],
    "memory": ["-fsanitize=memory"],
}

# fault, sanitizer, kind, access, size, function, class
CASES = [
    ("heap_read", "address", "heap-buffer-overflow", "read", 1, "heap_read", "heap-oob-read"),
    ("heap_write", "address", "heap-buffer-overflow", "write", 2, "heap_write",
     "heap-oob-write"),
    ("heap_copy", "address", "heap-buffer-overflow", "read", 8, "heap_copy", "heap-oob-read"),
    ("use_after_free", "address", "heap-use-after-free", "read", 1, "use_after_free", "uaf"),
    ("double_free", "address", "double-free", "", 0, "double_free", "double-free"),
    ("stack_write", "address", "stack-buffer-overflow", "write", 1, "stack_write", "stack-oob"),
    ("global_read", "address", "global-buffer-overflow", "read", 4, "global_read", "global-oob"),
    ("endless_recursion", "address", "stack-overflow", "", 0, "recurse", "recursion"),
    ("null_read", "address", "SEGV", "read", 0, "null_read", "null-deref"),
    ("wild_write", "address", "SEGV", "write", 0, "wild_write", "heap-oob-write"),
    ("memory_leak", "address", "memory-leak", "", 0, "memory_leak", "leak"),
    ("aborts", "address", "ABRT", "", 0, "aborts", "assert"),
    ("own_warn", "address", "redzone-warn", "", 0, "own_warn", "assert"),
    ("uninitialised", "memory", "use-of-uninitialized-value", "", 0, "uninitialised", "uninit"),
    ("null_read", "memory", "SEGV", "read", 0, "null_read", "null-deref"),
    ("own_warn", "memory", "redzone-warn", "", 0, "own_warn", "assert"),
    ("truncates", "undefined", "implicit-conversion", "", 0, "truncates", "int-overflow"),
    ("shifts", "undefined", "shift", "", 0, "shifts", "int-overflow"),
    ("overflows", "undefined", "signed-integer-overflow", "", 0, "overflows", "int-overflow"),
    ("divides", "undefined", "integer-divide-by-zero", "", 0, "divides", "div-zero"),
    ("index_out_of_bounds", "undefined", "bounds", "", 0, "index_out_of_bounds",
     "heap-oob-read"),
    ("null_read", "undefined", "null", "read", 0, "null_read", "null-deref"),
    ("null_argument", "undefined", "nonnull-attribute", "", 0, "null_argument", "null-deref"),
    ("bad_bool", "undefined", "bool", "read", 0, "bad_bool", "logic"),
    ("aborts", "undefined", "ABRT", "", 0, "aborts", "assert"),
    ("own_warn", "undefined", "redzone-warn", "", 0, "own_warn", "assert"),
]


@pytest.fixture(scope="module")
def binaries(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("faults")
    made = {}
    for name, flags in FLAGS.items():
        made[name] = folder / name
        subprocess.run(["clang-19", "-w", "-O1", "-g", "-fno-omit-frame-pointer", *flags,
                        str(SOURCE), "-o", str(made[name])], check=True)
    return made


def provoke(binary: Path, fault: str) -> str:
    done = subprocess.run([binary, fault], capture_output=True, text=True, check=False,
                          env=replay.environment(), errors="replace")
    assert done.returncode != 0
    return done.stderr


@pytest.mark.parametrize(
    "fault,sanitizer,kind,access,size,function,class_", CASES,
    ids=[f"{c[0]}-{c[1]}" for c in CASES])
def test_real_reports(binaries: dict[str, Path], fault: str, sanitizer: str, kind: str,
                      access: str, size: int, function: str, class_: str) -> None:
    report = sanreport.parse(provoke(binaries[sanitizer], fault))
    assert report is not None
    assert (report.kind, report.access, report.size) == (kind, access, size)
    assert report.function == function
    assert report.class_ == class_
    assert report.file.endswith("tests/py/cases/faults.c")
    assert report.line > 0
    assert report.function in report.summary
    assert report.mentions(function)


def test_interceptor_and_allocator_frames_are_kept_but_not_blamed(
        binaries: dict[str, Path]) -> None:
    report = sanreport.parse(provoke(binaries["address"], "heap_copy"))
    assert report is not None
    assert report.frames[0].support and "memcpy" in report.frames[0].function
    freed = sanreport.parse(provoke(binaries["address"], "use_after_free"))
    assert freed is not None
    assert any(f.function == "use_after_free" for f in freed.other_stacks[0])


def test_clean_output_is_no_report() -> None:
    assert sanreport.parse("") is None
    assert sanreport.parse("INFO: Seed: 1\n#1 INITED cov: 2 exec/s: 0\n") is None
    assert sanreport.parse("error: something else\n==x== no\n") is None


LIBFUZZER_TIMEOUT = """\
ALARM: working on the last Unit for 2 seconds
       and the timeout value is 1 (use -timeout=N to change)
==77== ERROR: libFuzzer: timeout after 2 seconds
    #0 0x55d in __sanitizer_print_stack_trace (/t/bin/net_x+0x1)
    #1 0x55e in fuzzer::Fuzzer::AlarmCallback() (/t/bin/net_x+0x2)
    #2 0x7f0 in __restore_rt libc.so.6
    #3 0x55f in net_skip_options parsers/net/x.c:41:9
    #4 0x560 in LLVMFuzzerTestOneInput harnesses/net_x.c:20:2
SUMMARY: libFuzzer: timeout
"""
LIBFUZZER_OOM = """\
==78== ERROR: libFuzzer: out-of-memory (used: 1031Mb; limit: 1024Mb)
SUMMARY: libFuzzer: out-of-memory
"""
LIBFUZZER_SIGNAL = """\
==79== ERROR: libFuzzer: deadly signal
    #0 0x55d in __sanitizer_print_stack_trace
    #1 0x55f in net_parse /src/parsers/net/x.c:7
SUMMARY: libFuzzer: deadly signal
"""
OVERLAP = """\
==5==ERROR: AddressSanitizer: memcpy-param-overlap: memory ranges [0x1,0x9) and [0x2, 0xa) overlap
    #0 0x4 in __asan_memcpy (/t/bin/x+0x4)
    #1 0x5 in net_copy parsers/net/x.c:9:2
SUMMARY: AddressSanitizer: memcpy-param-overlap parsers/net/x.c:9:2 in net_copy
"""
LSAN_FAILED = """\
==9==LeakSanitizer has encountered a fatal error.
==9==HINT: LeakSanitizer does not work under ptrace (strace, gdb, etc)
"""
KERNEL_FRAME = """\
==5==ERROR: AddressSanitizer: heap-use-after-free on address 0x6 at pc 0x5 bp 0x7 sp 0x8
READ of size 4 at 0x6 thread T0
    #0 0x4 in skb_put parsers/kernel/skbuff.c:9:2
    #1 0x5 in sink_bytes parsers/guard/sink.c:30:1
    #2 0x6 in ip6_parse parsers/net/exthdrs.c:90:5
    #3 0x7 in net_ipv6_one_input harnesses/net_ipv6.c:9:5

0x6 is located 0 bytes inside of 4-byte region [0x6,0xa)
freed by thread T0 here:
    #0 0x8 in free (/t/bin/x+0x1)
    #1 0x9 in skb_free_head parsers/kernel/skbuff.c:5:2
SUMMARY: AddressSanitizer: heap-use-after-free parsers/kernel/skbuff.c:9:2 in skb_put
"""


def test_engine_reports() -> None:
    hang = sanreport.parse(LIBFUZZER_TIMEOUT)
    assert hang is not None and (hang.kind, hang.class_) == ("timeout", "hang")
    assert (hang.function, hang.file, hang.line) == ("net_skip_options", "parsers/net/x.c", 41)
    memory = sanreport.parse(LIBFUZZER_OOM)
    assert memory is not None and (memory.kind, memory.class_) == ("out-of-memory", "leak")
    died = sanreport.parse(LIBFUZZER_SIGNAL)
    assert died is not None and (died.kind, died.function) == ("deadly-signal", "net_parse")


def test_overlap_and_failed_leak_check() -> None:
    overlap = sanreport.parse(OVERLAP)
    assert overlap is not None and overlap.function == "net_copy"
    assert overlap.kind == "memcpy-param-overlap"
    assert sanreport.parse(LSAN_FAILED) is None


def test_the_port_is_blamed_not_the_kernel_or_sink() -> None:
    report = sanreport.parse(KERNEL_FRAME)
    assert report is not None
    assert report.function == "ip6_parse" and report.line == 90
    assert [f.support for f in report.frames] == [True, True, False, False]
    assert report.key() == "heap-use-after-free:read:ip6_parse:net_ipv6_one_input"
    assert len(report.other_stacks) == 1


def test_a_killed_hang_tells_where_it_was() -> None:
    text = ("==3==ERROR: AddressSanitizer: ABRT on unknown address 0x3 (pc 0x4 bp 0x5 sp 0x6)\n"
            "    #0 0x4 in ip6_loop parsers/net/exthdrs.c:5:2\n"
            "SUMMARY: AddressSanitizer: ABRT parsers/net/exthdrs.c:5:2 in ip6_loop\n")
    report = sanreport.timeout_report(text, 2)
    assert (report.kind, report.class_, report.function) == ("timeout", "hang", "ip6_loop")
    assert sanreport.timeout_report("", 2).kind == "timeout"


def test_truncated_and_odd_text_never_fails(binaries: dict[str, Path]) -> None:
    whole = provoke(binaries["address"], "use_after_free")
    for cut in range(0, len(whole), 97):
        sanreport.parse(whole[:cut])
    sanreport.parse("==1==ERROR: AddressSanitizer: ")
    sanreport.parse("==1==ERROR: redzone: \n    #0 0x1 in\n    #1 0x2 \n    #2 0x3 (x+0x1)\n")
    sanreport.parse("x.c:1: runtime error: \n")


def test_replay_environment_does_not_leak_the_callers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDZONE_BUGS", "all")
    monkeypatch.setenv("ASAN_OPTIONS", "detect_leaks=0")
    env = replay.environment({"X": "1"})
    assert "REDZONE_BUGS" not in env and env["X"] == "1"
    assert "detect_leaks=1" in env["ASAN_OPTIONS"]
    assert os.environ["REDZONE_BUGS"] == "all"
