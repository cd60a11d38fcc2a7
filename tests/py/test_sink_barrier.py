# SPDX-License-Identifier: GPL-2.0-only
"""The sink keeps faulty reads alive that the optimiser would otherwise drop.

Each case is a port function that reads a value nobody needs. With the sink the
sanitizer must report it, naming that function; without, at the same optimisation
level, the report must be missing: only then does the test prove anything.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest
from redzone_tool import paths

import c_objects

HEAD = """
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <redzone/sink.h>
static struct sink sink;
#ifdef WITHOUT_SINK
#define sink_u64(s, n, v) ((void)(v))
#define sink_effect_u64(s, n, v) ((void)(v))
#define sink_bytes(s, n, p, len) ((void)(p))
#define sink_effect_bytes(s, n, p, len) ((void)(p))
#endif
struct option { uint8_t type, len; uint16_t value; uint32_t more; } __attribute__((packed));
"""

TAIL = """
int main(void)
{
    struct option *option = malloc(5);
    void *volatile hidden = option;

    sink_reset(&sink);
    FILL;
    return port_parse(hidden);
}
"""

OVER_READS = {
    "u64": "sink_u64(&sink, \"opt.more\", option->more);",
    "one_bit": "sink_u64(&sink, \"opt.more\", option->more & 1);",
    "effect": "sink_effect_u64(&sink, \"opt.more\", option->more >> 31);",
    "copy": "uint8_t copy[8]; memcpy(copy, option, 8); sink_bytes(&sink, \"opt\", copy, 8);",
    "in_place": "sink_bytes(&sink, \"opt\", option, 8);",
    "sent": "sink_effect_bytes(&sink, \"opt\", &option->value, 6);",
}

UNINIT = {
    "u64": "sink_u64(&sink, \"opt.value\", option->value);",
    "effect": "sink_effect_u64(&sink, \"opt.value\", option->value);",
    "bytes": "sink_bytes(&sink, \"opt\", option, 4);",
    "sent": "sink_effect_bytes(&sink, \"opt\", &option->value, 2);",
    "stack": "struct option made; made.type = option->type; "
             "sink_bytes(&sink, \"opt\", &made, 2);",
}

LEVELS = ("-O1", "-O2")


def play(folder: Path, body: str, fill: str, *flags: str) -> str:
    """Build and run one case; its report, empty when it ended well."""
    source = folder / "case.c"
    source.write_text(
        f"#define FILL {fill}\n{HEAD}\n"
        f"__attribute__((noinline)) int port_parse(const struct option *option)\n"
        f"{{\n{body}\nreturn 0;\n}}\n{TAIL}")
    program = folder / "case"
    c_objects.run([
        c_objects.CLANG, "-std=gnu11", "-g", "-fno-omit-frame-pointer", *flags,
        f"-I{c_objects.guard_include()}", str(source),
        str(paths.root() / "parsers" / "guard" / "sink.c"), "-o", str(program)])
    env = {k: v for k, v in os.environ.items() if not k.endswith("SAN_OPTIONS")}
    done = subprocess.run([program], capture_output=True, text=True, check=False, timeout=60,
                          env=env)
    assert (done.returncode == 0) == ("ERROR: " not in done.stderr
                                      and "WARNING: MemorySanitizer" not in done.stderr)
    return done.stderr if done.returncode else ""


def frames(report: str) -> list[str]:
    """Functions of a report's first stack."""
    first = report.split("\n\n")[0]
    return re.findall(r"^\s*#\d+ \S+ in (\S+)", first, re.MULTILINE)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", OVER_READS)
def test_over_read_is_reported(tmp_path: Path, name: str, level: str) -> None:
    """Under ASan, with the port function's name on the stack."""
    report = play(tmp_path, OVER_READS[name], "memset(option, 0, 5)",
                  "-fsanitize=address", level)
    assert "heap-buffer-overflow" in report
    assert "port_parse" in frames(report)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", OVER_READS)
def test_without_the_sink_the_same_over_read_is_gone(
        tmp_path: Path, name: str, level: str) -> None:
    """The control: the optimiser drops a read whose value nobody uses."""
    assert play(tmp_path, OVER_READS[name], "memset(option, 0, 5)",
                "-fsanitize=address", level, "-DWITHOUT_SINK") == ""


@pytest.mark.parametrize("level", LEVELS)
def test_link_time_optimisation_does_not_see_through_it(
        tmp_path: Path, level: str) -> None:
    """Port and sink optimised as one program."""
    for name in ("u64", "copy"):
        report = play(tmp_path, OVER_READS[name], "memset(option, 0, 5)",
                      "-fsanitize=address", level, "-flto", "-fuse-ld=lld")
        assert "heap-buffer-overflow" in report


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", UNINIT)
def test_uninitialised_value_is_reported(
        tmp_path: Path, name: str, level: str) -> None:
    """Under MSan, and the report blames the port function, not its caller or main()."""
    flags = ("-fsanitize=memory", "-fsanitize-memory-track-origins=1", level,
             "-fno-optimize-sibling-calls")
    report = play(tmp_path, UNINIT[name], "option->type = 1", *flags)
    assert "use-of-uninitialized-value" in report
    own = [frame for frame in frames(report)
           if not frame.startswith(("sink_", "put_", "check_", "mix", "__"))]
    assert own[0] == "port_parse"
    assert play(tmp_path, UNINIT[name], "option->type = 1", *flags,
                "-DWITHOUT_SINK") == ""


def test_initialised_values_pass(tmp_path: Path) -> None:
    """No report where nothing is wrong."""
    for flag in ("address", "memory", "undefined"):
        assert play(tmp_path, "sink_bytes(&sink, \"opt\", option, 5);",
                    "memset(option, 0, 5)", f"-fsanitize={flag}", "-O2") == ""
