# SPDX-License-Identifier: GPL-2.0-only
"""A second opinion: what tshark reads in a capture, against what a port reads.

What is particular to a family (field names, link types, reasons why a value is not there) stands
in its `Rules` (redzone_tool/families).

Every occurrence of a field name in tshark's answer is counted once and ends as one of

  equal     the port has the same value at the same place
  differs   it has another value, or none although it accepted the packet and should see it
  missing   the port has no such value, for a reason that lies outside it
  rejected  the port rejected the packet before it came there; tshark calls the packet malformed
            or cut short too, or the guard stands in a function of the modelled kernel

compared = equal + differs. A packet that the kernel refuses for what it says (a group as link
address, an answer that it did not ask for), not for what it lacks, is decoded once more with those
guards switched off, so that the reading behind them is compared as well; `behind` counts these
occurrences apart, by guard. Length checks always stay on.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from redzone_tool.errors import ToolError

Value = int | str

EQUAL, DIFFERS, MISSING, REJECTED = "equal", "differs", "missing", "rejected"


def rejected(port: Mapping[str, Any]) -> bool:
    """Whether the last verdict on a decoded packet is an error."""
    errors = [value for name, value in port.get("verdict", ()) if name == "errno"]
    return bool(errors) and errors[-1] < 0


@dataclass(frozen=True)
class Rules:
    """What the comparison needs to know of a family."""

    area: str                               # folder of its captures in the sample data
    prefixes: tuple[str, ...]               # of the field names compared
    names: tuple[str, ...]                  # those that a live tshark is asked for
    why: Callable[[Mapping[str, Any], Mapping[str, Any], "Kernel"], "Why"]
    preferences: tuple[str, ...] = ()       # of tshark, under which the answers were taken
    encapsulations: frozenset[int] = frozenset()    # compare only these (none: all)
    first_packets: int = 0                  # decode no more of a capture (0: all)
    backwards: frozenset[str] = frozenset()         # fields that tshark shows last byte first
    rejected: Callable[[Mapping[str, Any]], bool] = rejected    # was this decoded packet?


class Why(Protocol):
    """The reason why values of one packet are not there."""

    def missing(self, name: str, index: int, count: int) -> tuple[str, str]:
        """(kind, reason) of the @index-th of @count occurrences of a field."""


@dataclass(frozen=True)
class Finding:
    """What became of one occurrence, where it is not equal."""

    file: str
    frame: int
    name: str
    index: int
    kind: str
    expected: Any
    got: Value | None
    reason: str


@dataclass
class Tally:
    """Counts over captures."""

    kinds: Counter[str] = field(default_factory=Counter)
    names: dict[str, Counter[str]] = field(default_factory=dict)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    packets: int = 0
    rejected_packets: Counter[str] = field(default_factory=Counter)
    extra: Counter[str] = field(default_factory=Counter)
    behind: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, kind: str, finding: Finding | None = None) -> None:
        self.kinds[kind] += 1
        self.names.setdefault(name, Counter())[kind] += 1
        if finding is not None:
            self.reasons[kind, finding.reason] += 1
            self.findings.append(finding)

    @property
    def occurrences(self) -> int:
        return sum(self.kinds.values())

    @property
    def compared(self) -> int:
        return self.kinds[EQUAL] + self.kinds[DIFFERS]

    @property
    def agreement(self) -> float:
        """Share of compared occurrences that are equal."""
        return self.kinds[EQUAL] / self.compared if self.compared else 0.0

    @property
    def covered(self) -> float:
        """Share of all occurrences that could be compared."""
        return self.compared / self.occurrences if self.occurrences else 0.0

    def merge(self, other: Tally) -> None:
        self.kinds += other.kinds
        for name, counts in other.names.items():
            self.names.setdefault(name, Counter()).update(counts)
        self.reasons += other.reasons
        self.findings += other.findings
        self.packets += other.packets
        self.rejected_packets += other.rejected_packets
        self.extra += other.extra
        self.behind += other.behind

    def data(self) -> dict[str, Any]:
        """For --json."""
        return {
            "packets": self.packets, "occurrences": self.occurrences, "compared": self.compared,
            **{kind: self.kinds[kind] for kind in (EQUAL, DIFFERS, MISSING, REJECTED)},
            "agreement": self.agreement, "covered": self.covered,
            "names": {name: dict(counts) for name, counts in sorted(self.names.items())},
            "reasons": [{"kind": kind, "reason": reason, "occurrences": count}
                        for (kind, reason), count in self.reasons.most_common()],
            "rejected_packets": dict(self.rejected_packets), "extra": dict(self.extra),
            "behind": dict(self.behind),
            "differences": [vars(f) for f in self.findings if f.kind == DIFFERS],
        }


def number(value: Any) -> int | None:
    """tshark's spelling of a number; None if it is something else."""
    if isinstance(value, (bool, int)):
        return int(value)
    text = str(value).strip().lower()
    if re.fullmatch(r"0x[0-9a-f]+", text):
        return int(text, 16)
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    return {"true": 1, "false": 0}.get(text)


def digits(value: Any, backwards: bool = False) -> str | None:
    """tshark's spelling of bytes or an address, as hex digits; None if it is something else."""
    text = str(value).strip().lower()
    if re.fullmatch(r"([0-9a-f]{2}:)+[0-9a-f]{2}", text):
        parts = text.split(":")
        return "".join(reversed(parts) if backwards else parts)
    if re.fullmatch(r"([0-9a-f]{2})+", text):
        return text
    try:
        return ipaddress.ip_address(text).packed.hex()
    except ValueError:
        return None


def matches(expected: Any, got: Value, backwards: bool = False) -> bool:
    """Equality across spellings: what tshark shows as a number may be bytes to the port."""
    value = number(expected)
    if isinstance(got, int):
        return value == got
    if got == digits(expected, backwards):
        return True
    return value is not None and bool(got) and int(got, 16) == value


def as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


class Kernel:
    """Which port functions are the modelled kernel's: the `Modelled on:` lines of the port."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.sources = sources
        self.functions: dict[str, set[str]] = {}
        for file, text in sources.items():
            head = text.split("*/", 1)[0]
            modelled = head.partition("Modelled on:")[2].partition("Spec:")[0]
            if "Linux" in modelled:
                self.functions[_under_parsers(file)] = set(
                    re.findall(r"\b([a-z_]\w+)\b", modelled))

    def rejects(self, guard: str) -> str:
        """The name to print if the guard is the kernel's own check, otherwise empty.

        A part that a port function was split into (`ip6_rcv_addr_ok` of ip6_rcv_core) counts as
        its file's: the file's header vouches for it.
        """
        file, _, rest = guard.partition(":")
        function = rest.partition(":")[0]
        return f"{function}() of {file}" if _under_parsers(file) in self.functions else ""


def _under_parsers(file: str) -> str:
    return file.removeprefix("parsers/")


def compare(answers: Iterable[Mapping[str, Any]], decoded: Mapping[int, Mapping[str, Any]],
            kernel: Kernel, rules: Rules, file: str = "",
            names: Sequence[str] | None = None) -> Tally:
    """Hold tshark's answers for one capture against the port's, packet by packet."""
    tally = Tally()
    for answer in answers:
        if rules.encapsulations and answer.get("frame.encap_type") not in rules.encapsulations:
            continue
        wanted = {name: as_list(value) for name, value in answer.items()
                  if name.startswith(rules.prefixes) and (names is None or name in names)}
        if not wanted:
            continue
        tally.packets += 1
        frame = int(answer["frame.number"])
        port = decoded.get(frame)
        if port is None:
            raise ToolError(f"{file}: no decoded packet for frame {frame}", 3)
        _packet(tally, file, answer, wanted, port, rules, kernel)
    return tally


def _values(fields: Iterable[Sequence[Any]]) -> dict[str, list[Value]]:
    got: dict[str, list[Value]] = {}
    for name, value in fields:
        got.setdefault(name, []).append(value)
    return got


def _packet(tally: Tally, file: str, answer: Mapping[str, Any], wanted: Mapping[str, list[Any]],
            port: Mapping[str, Any], rules: Rules, kernel: Kernel) -> None:
    got = _values(port.get("fields", ()))
    more = _values(port.get("fields_behind", ()))
    if rules.rejected(port):
        tally.rejected_packets[port.get("rejected_by") or "no guard"] += 1
    why = rules.why(answer, port, kernel)
    for name, values in wanted.items():
        seen = got.get(name, [])
        reach = len(seen)
        if len(more.get(name, [])) > reach:
            seen = more[name]
        for index, expected in enumerate(values):
            value: Value | None = seen[index] if index < len(seen) else None
            if value is None:
                kind, reason = why.missing(name, index, len(values))
            elif matches(expected, value, name in rules.backwards):
                kind, reason = EQUAL, ""
            else:
                kind, reason = DIFFERS, "another value"
            if index >= reach and value is not None:
                tally.behind[", ".join(port["ablated"])] += 1
            finding = None if kind == EQUAL else Finding(
                file, int(answer["frame.number"]), name, index, kind, expected, value, reason)
            tally.add(name, kind, finding)
        if reach > len(values):
            tally.extra[name] += reach - len(values)


def refusal(answer: Mapping[str, Any], port: Mapping[str, Any],
            kernel: Kernel) -> tuple[str, str]:
    """(kind, reason) of what lies behind the check that rejected a packet."""
    guard = str(port.get("rejected_by") or "")
    function = kernel.rejects(guard)
    if function:
        return REJECTED, f"rejected by {function}, as the modelled kernel does"
    short = bool(answer.get("_ws.short")) or (
        int(answer.get("frame.cap_len", 0)) < int(answer.get("frame.len", 0)))
    if answer.get("_ws.malformed") or short:
        return REJECTED, f"rejected by {guard}; tshark calls it malformed or short too"
    return DIFFERS, f"rejected by {guard}, which is no check of the kernel"


def stored(path: Path) -> tuple[list[dict[str, Any]], str]:
    """The packets of a stored answer, and tshark's complaint about the file itself."""
    answers, complaint = [], ""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ToolError(f"cannot read {path}: {error.strerror}") from error
    for line in lines:
        entry = json.loads(line)
        if "tshark_error" in entry:
            complaint = str(entry["tshark_error"])
        else:
            answers.append(entry)
    return answers, complaint


def stored_pairs(data: Path, area: str) -> list[tuple[Path, Path]]:
    """(capture, stored answer) of everything under an area of the sample data."""
    pairs = []
    for answer in sorted((data / area / "oracle").glob("*/*.jsonl")):
        capture_file = data / area / answer.parent.name / answer.name.removesuffix(".jsonl")
        if capture_file.is_file():
            pairs.append((capture_file, answer))
    return pairs
