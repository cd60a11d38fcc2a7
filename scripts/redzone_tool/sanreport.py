# SPDX-License-Identifier: GPL-2.0-only
"""Sanitizer reports as data: ASan, UBSan, MSan, LSan, libFuzzer and redzone's own."""

import re
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Frame:
    """One line of a stack trace."""

    number: int
    function: str
    file: str = ""
    line: int = 0
    column: int = 0
    support: bool = False   # engine, sanitizer, libc, sink, replay or userspace kernel

    def __str__(self) -> str:
        place = f" {self.file}:{self.line}" if self.file and self.line else ""
        return f"{self.function}{place}"


@dataclass(frozen=True)
class Report:
    """One finding as a sanitizer, an engine or the userspace kernel reported it."""

    kind: str                   # heap-buffer-overflow, implicit-conversion, redzone-warn ...
    oracle: str                 # address undefined memory leak libfuzzer redzone
    access: str                 # read, write or ""
    size: int                   # bytes accessed, 0 if unknown
    function: str               # top frame that lies in a port or harness
    file: str
    line: int
    frames: tuple[Frame, ...]   # first stack, support frames kept but flagged
    class_: str                 # one of catalogue.CLASSES
    summary: str                # one line
    message: str = ""           # what followed ERROR: or runtime error:
    other_stacks: tuple[tuple[Frame, ...], ...] = field(default=())

    def key(self, depth: int = 3) -> str:
        """What two reports of one cause have in common."""
        own = [f.function for f in self.frames if not f.support][:depth]
        return ":".join([self.kind, self.access, *own])

    def mentions(self, function: str, depth: int = 1) -> bool:
        """Whether `function` is among the first own frames."""
        return function in [f.function for f in self.frames if not f.support][:depth]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "kind": self.kind, "oracle": self.oracle, "access": self.access, "size": self.size,
            "function": self.function, "file": self.file, "line": self.line,
            "class": self.class_, "summary": self.summary, "message": self.message,
            "frames": [{"function": f.function, "file": f.file, "line": f.line,
                        "support": f.support} for f in self.frames]}


_FRAME = re.compile(r"^\s*#(\d+) 0x[0-9a-f]+ (.*)$")
_PLACE = re.compile(r"^in (?P<fn>.+?) (?P<file>[^\s()][^()]*?):(?P<line>\d+)(?::(?P<col>\d+))?$")
_BARE = re.compile(r"^(?:in (?P<fn>.+?) )?\((?P<mod>[^()]+)\+0x[0-9a-f]+\)")
_IN = re.compile(r"^in (?P<fn>\S+)(?: (?P<rest>.*))?$")

_ERROR = re.compile(
    r"^==\d+==\s?(?:ERROR|WARNING): (?P<tool>AddressSanitizer|MemorySanitizer|LeakSanitizer|"
    r"UndefinedBehaviorSanitizer|libFuzzer|redzone): ?(?P<rest>.*)$")
_RUNTIME = re.compile(
    r"^(?P<file>[^\s:]+|<unknown>):(?:(?P<line>\d+):)?(?:(?P<col>\d+):)? ?runtime error: "
    r"(?P<text>.*)$")
_SUMMARY = re.compile(r"^SUMMARY: (?P<tool>\w+): ?(?P<text>.*)$")
_ACCESS = re.compile(r"^(?P<access>READ|WRITE) of size (?P<size>\d+)")
_SIGNAL_ACCESS = re.compile(r"The signal is caused by a (READ|WRITE) memory access")
_REDZONE = re.compile(r"^(?P<kind>[a-z][a-z0-9-]*): ?(?P<text>.*)$")

# Functions that are never at fault: they only carry out what their caller asked for.
_SUPPORT_NAME = re.compile(
    r"^(__(asan|ubsan|msan|lsan|sanitizer|interceptor|interceptor_trampoline)_?"
    r"|_?_?interceptor_|___interceptor_|_{0,2}(mem|str)(cpy|move|set|cmp|chr|len|nlen|dup|cat|ncpy|"
    r"ncmp|rchr|str)(_|$)|bcmp$|printf_common|vsn?printf|sn?printf$|fprintf$"
    r"|(__)?(malloc|free|calloc|realloc|posix_memalign|aligned_alloc)$"
    r"|fuzzer::|LLVMFuzzer(Run|Initialize|Mutate|Custom)|main$|_start$|__libc_start|"
    r"call_init|raise$|abort$|__?GI_|gsignal$|__pthread_kill|pthread_kill|__restore_rt"
    r"|rz_|rx_u64|rx_bytes|sink_|redzone_|afl_|__afl_|mbedtls_|inflate|crc32)")
_SUPPORT_FILE = re.compile(
    r"(^|/)(compiler-rt|llvm-toolchain|csu|nptl|sysdeps|string|stdlib|signal)/|"
    r"(^|/)(parsers/kernel|parsers/guard|harnesses/common|generated/include)/|sanitizer_common")
_OUR_FILE = re.compile(r"(^|/)(parsers|harnesses|tests)/")

# UBSan says what is wrong in prose; the names are those of -fsanitize=.
_UBSAN = (
    (r"implicit conversion", "implicit-conversion"),
    (r"signed integer overflow|negation of .* cannot be represented in type '(?!unsigned)",
     "signed-integer-overflow"),
    (r"unsigned integer overflow|negation of", "unsigned-integer-overflow"),
    (r"division by zero", "integer-divide-by-zero"),
    (r"shift", "shift"),
    (r"index .* out of bounds", "bounds"),
    (r"null pointer", "null"),
    (r"misaligned address", "alignment"),
    (r"insufficient space|object-size", "object-size"),
    (r"offset .* to null|applying .* offset|pointer index expression|overflowed to",
     "pointer-overflow"),
    (r"not a valid value for type .*bool|for type '_Bool'", "bool"),
    (r"not a valid value", "enum"),
    (r"variable length array bound", "vla-bound"),
    (r"outside the range of representable values", "float-cast-overflow"),
    (r"through pointer to incorrect function type", "function"),
    (r"unreachable", "unreachable"),
    (r"reached the end of a value-returning function", "return"),
    (r"passing zero to", "builtin"),
    (r"assumption is violated|alignment assumption", "assume"),
)
# SUMMARY of report_error_type=1 -> the same names.
_UBSAN_TYPE = (
    ("implicit-", "implicit-conversion"), ("signed-integer-overflow", "signed-integer-overflow"),
    ("unsigned-integer-overflow", "unsigned-integer-overflow"),
    ("integer-divide-by-zero", "integer-divide-by-zero"), ("shift-", "shift"),
    ("invalid-shift", "shift"), ("out-of-bounds-index", "bounds"), ("null-pointer-use", "null"),
    ("misaligned-pointer-use", "alignment"), ("pointer-overflow", "pointer-overflow"),
    ("nullptr-with", "pointer-overflow"), ("invalid-bool-load", "bool"),
    ("invalid-enum-load", "enum"), ("non-positive-vla-index", "vla-bound"),
    ("invalid-null-argument", "nonnull-attribute"),
    ("float-cast-overflow", "float-cast-overflow"), ("function-type-mismatch", "function"),
    ("insufficient-object-size", "object-size"),
)

_CLASS = {
    "heap-use-after-free": "uaf", "stack-use-after-return": "uaf",
    "stack-use-after-scope": "uaf", "use-after-poison": "heap-oob-read",
    "double-free": "double-free", "bad-free": "double-free",
    "alloc-dealloc-mismatch": "double-free",
    "stack-buffer-overflow": "stack-oob", "stack-buffer-underflow": "stack-oob",
    "dynamic-stack-buffer-overflow": "stack-oob", "global-buffer-overflow": "global-oob",
    "stack-overflow": "recursion", "use-of-uninitialized-value": "uninit",
    "timeout": "hang", "out-of-memory": "leak", "allocation-size-too-big": "leak",
    "memory-leak": "leak", "null-dereference": "null-deref", "FPE": "div-zero",
    "ABRT": "assert", "ILL": "assert", "TRAP": "assert", "deadly-signal": "assert",
    "integer-divide-by-zero": "div-zero", "null": "null-deref", "nonnull-attribute": "null-deref",
    "signed-integer-overflow": "int-overflow", "unsigned-integer-overflow": "int-overflow",
    "implicit-conversion": "int-overflow", "shift": "int-overflow",
    "vla-bound": "int-overflow", "float-cast-overflow": "int-overflow",
    "bounds": "heap-oob-read", "object-size": "heap-oob-read",
    "pointer-overflow": "heap-oob-read", "alignment": "logic", "bool": "logic", "enum": "logic",
    "function": "type-confusion", "memcpy-param-overlap": "heap-oob-write",
    "negative-size-param": "int-overflow", "container-overflow": "heap-oob-read",
    "redzone-leak": "leak", "redzone-refcount": "leak", "redzone-bug": "assert",
    "redzone-warn": "assert", "redzone-lock": "assert", "redzone-list": "assert",
    "redzone-timer": "leak", "redzone-not-modelled": "assert",
}


def parse(text: str) -> Report | None:
    """The first report in the output of a process, or None if there is none."""
    lines = text.splitlines()
    for at, line in enumerate(lines):
        match = _ERROR.match(line)
        if match:
            report = _error_report(match["tool"], match["rest"], lines[at:])
            if report:
                return report
        match = _RUNTIME.match(line)
        if match:
            return _ubsan_report(match, lines[at:])
    return None


def timeout_report(text: str, seconds: float) -> Report:
    """A hang: what a killed process printed about where it was, if anything."""
    found = parse(text)
    if found is not None and found.kind not in ("ABRT", "TERM", "deadly-signal", "timeout"):
        return found
    frames = found.frames if found else ()
    return _build("timeout", "redzone", "", 0, frames, f"no end after {seconds:g} s", "")


def frames(lines: list[str]) -> list[tuple[Frame, ...]]:
    """Every stack trace in the lines, each from its frame #0."""
    stacks: list[list[Frame]] = []
    for line in lines:
        frame = parse_frame(line)
        if frame is None:
            continue
        if frame.number == 0 or not stacks:
            stacks.append([])
        stacks[-1].append(frame)
    return [tuple(stack) for stack in stacks]


def parse_frame(line: str) -> Frame | None:
    """One `#N 0x… in f file:line:col` line, or None."""
    match = _FRAME.match(line)
    if not match:
        return None
    number = int(match[1])
    rest = re.sub(r"\s*\(BuildId: [0-9a-f]+\)", "", match[2]).strip()
    place = _PLACE.match(rest)
    if place:
        return _frame(number, place["fn"], place["file"], int(place["line"]),
                      int(place["col"] or 0))
    bare = _BARE.match(rest)
    if bare:
        return _frame(number, bare["fn"] or "??", "", 0, 0, module=bare["mod"])
    inside = _IN.match(rest)
    if inside:
        return _frame(number, inside["fn"], (inside["rest"] or "").strip("()"), 0, 0)
    return _frame(number, "??", "", 0, 0)


def _frame(number: int, function: str, file: str, line: int, column: int,
           module: str = "") -> Frame:
    function = re.sub(r"\(.*\)$", "", function).strip() or "??"
    function = re.sub(r"(\.(llvm|constprop|isra|part|cold)(\.\d+)?)+$", "", function)
    if file.startswith("./"):
        file = file[2:]
    support = bool(_SUPPORT_NAME.match(function) or _SUPPORT_FILE.search(file)
                   or function == "??" or ".so" in module)
    if not support and file and file.startswith("/") and not _OUR_FILE.search(file):
        support = file.startswith(("/build/", "/usr/"))
    return Frame(number, function, file, line, column, support)


def _error_report(tool: str, rest: str, lines: list[str]) -> Report | None:
    body = lines[1:]
    end = next((i for i, line in enumerate(body) if _SUMMARY.match(line)), len(body) - 1)
    block = body[:end + 1]
    summary = next((m["text"] for m in map(_SUMMARY.match, block) if m), "")
    stacks = frames(block)
    first = stacks[0] if stacks else ()
    others = tuple(stacks[1:])
    if tool == "redzone":
        match = _REDZONE.match(rest)
        kind = "redzone-" + (match["kind"] if match else "bug")
        return _build(kind, "redzone", "", 0, first, rest, summary, others)
    if tool == "libFuzzer":
        return _libfuzzer(rest, block, first, summary)
    if tool == "LeakSanitizer":
        if "detected memory leaks" not in rest:
            return None     # the checker itself failed (ptrace refused): no finding
        return _build("memory-leak", "leak", "", 0, first, rest, summary, others)
    if tool == "MemorySanitizer":
        kind = rest.split()[0].rstrip(":") if rest else "use-of-uninitialized-value"
        if kind in _SIGNALS:
            return _signal(kind, "memory", rest, block, first, summary)
        return _build(kind, "memory", "", 0, first, rest, summary, others)
    oracle = "address" if tool == "AddressSanitizer" else "undefined"
    return _asan(oracle, rest, block, first, others, summary)


_SIGNALS = ("SEGV", "ABRT", "ILL", "FPE", "BUS", "TRAP", "TERM")

_ASAN_ALIASES = {
    "attempting double-free": "double-free",
    "attempting free on address which was not malloc()-ed": "bad-free",
    "requested allocation size": "allocation-size-too-big",
    "allocator is out of memory": "out-of-memory",
    "allocator is trying to allocate": "out-of-memory",
    "out of memory": "out-of-memory",
}


def _asan(oracle: str, rest: str, block: list[str], first: tuple[Frame, ...],
          others: tuple[tuple[Frame, ...], ...], summary: str) -> Report:
    kind = rest.split()[0].rstrip(":,") if rest else "unknown"
    for prefix, name in _ASAN_ALIASES.items():
        if rest.startswith(prefix):
            kind = name
    if kind.endswith("-param-overlap"):
        kind = "memcpy-param-overlap"
    if kind in _SIGNALS:
        return _signal(kind, oracle, rest, block, first, summary)
    access, size = "", 0
    for line in block:
        match = _ACCESS.match(line)
        if match:
            access, size = match["access"].lower(), int(match["size"])
            break
    return _build(kind, oracle, access, size, first, rest, summary, others)


def _signal(kind: str, oracle: str, rest: str, block: list[str], first: tuple[Frame, ...],
            summary: str) -> Report:
    access = ""
    for line in block:
        match = _SIGNAL_ACCESS.search(line)
        if match:
            access = match[1].lower()
    null = any("address points to the zero page" in line for line in block)
    report = _build(kind, oracle, access, 0, first, rest, summary)
    if kind in ("SEGV", "BUS"):
        class_ = "null-deref" if null else (
            "heap-oob-write" if access == "write" else "heap-oob-read")
        report = _reclass(report, class_)
    return report


def _libfuzzer(rest: str, block: list[str], first: tuple[Frame, ...], summary: str) -> Report:
    if rest.startswith("timeout"):
        kind = "timeout"
    elif rest.startswith("out-of-memory"):
        kind = "out-of-memory"
    elif rest.startswith("fuzz target exited"):
        kind = "exit"
    elif rest.startswith("deadly signal"):
        kind = "deadly-signal"
    else:
        kind = rest.split()[0] if rest else "libfuzzer"
    return _build(kind, "libfuzzer", "", 0, first, rest, summary)


def _ubsan_report(match: re.Match[str], lines: list[str]) -> Report:
    text = match["text"]
    body = lines[1:]
    end = len(body)
    for i, line in enumerate(body):
        if _RUNTIME.match(line) or _ERROR.match(line):
            end = i
            break
        if _SUMMARY.match(line):
            end = i + 1
            break
    block = body[:end]
    summary = next((m["text"] for m in map(_SUMMARY.match, block) if m), "")
    kind = _ubsan_kind(text, summary)
    stacks = frames(block)
    first = stacks[0] if stacks else ()
    access = next((word for word in ("load", "store") if text.startswith(word)), "")
    access = {"load": "read", "store": "write"}.get(access, "")
    report = _build(kind, "undefined", access, 0, first, text, summary)
    if not first and match["file"] != "<unknown>":
        report = _located(report, match["file"], int(match["line"] or 0))
    if kind == "bounds" and access == "write":
        report = _reclass(report, "heap-oob-write")
    return report


def _ubsan_kind(text: str, summary: str) -> str:
    if "null pointer passed as argument" in text:
        return "nonnull-attribute"
    if "valid value for type 'bool'" in text or "valid value for type '_Bool'" in text:
        return "bool"
    first = summary.split()[0] if summary else ""
    for prefix, name in _UBSAN_TYPE:
        if first.startswith(prefix):
            return name
    for pattern, name in _UBSAN:
        if re.search(pattern, text):
            return name
    return "undefined-behavior"


def _build(kind: str, oracle: str, access: str, size: int, stack: tuple[Frame, ...],
           message: str, summary: str,
           others: tuple[tuple[Frame, ...], ...] = ()) -> Report:
    top = next((f for f in stack if not f.support), None)
    class_ = _CLASS.get(kind, "")
    if not class_:
        class_ = {"read": "heap-oob-read", "write": "heap-oob-write"}.get(access, "logic")
    if kind in ("use-after-poison", "container-overflow") and access == "write":
        class_ = "heap-oob-write"
    where = f" in {top}" if top else ""
    did = f" ({access} of {size})" if access and size else (f" ({access})" if access else "")
    return Report(
        kind=kind, oracle=oracle, access=access, size=size,
        function=top.function if top else "", file=top.file if top else "",
        line=top.line if top else 0, frames=stack, class_=class_,
        summary=f"{kind}{did}{where}" if top or not summary else summary,
        message=message, other_stacks=others)


def _reclass(report: Report, class_: str) -> Report:
    return replace(report, class_=class_)


def _located(report: Report, file: str, line: int) -> Report:
    file = file[2:] if file.startswith("./") else file
    return replace(report, file=file, line=line, summary=f"{report.kind} at {file}:{line}")


def bare(kind: str, text: str) -> Report:
    """A fault that left no report: only a signal or an exit code."""
    names = {"SEGV": "heap-oob-read", "FPE": "div-zero"}
    report = _build(kind, "signal", "", 0, (), text, text)
    return _reclass(report, names.get(kind, report.class_))
