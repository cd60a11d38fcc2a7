# SPDX-License-Identifier: GPL-2.0-only
"""A second opinion: what tshark reads in a capture, against what a port reads.

Every occurrence of a field name in tshark's answer is counted once and ends as one of

  equal     the port has the same value at the same place
  differs   it has another value, or none although it accepted the packet and should see it
  missing   the port has no such value, for a reason that lies outside it
  rejected  the port rejected the packet before it came there; tshark calls the packet malformed
            or cut short too, or the guard stands in a function of the modelled kernel

compared = equal + differs. A packet that the kernel refuses for what it says (a group as link
address, padding that is not zero), not for what it lacks, is decoded once more with those
guards switched off, so that the reading behind them is compared as well; `behind` counts these
occurrences apart, by guard. Length checks always stay on.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redzone_tool.errors import ToolError

ETHERNET_ENCAP = 1
Value = int | str

EQUAL, DIFFERS, MISSING, REJECTED = "equal", "differs", "missing", "rejected"

# Protocols that carry packets inside UDP: handed over by an IPv6 port, not parsed.
UDP_TUNNELS = ("gtp", "teredo", "geneve", "vxlan", "vxlan_gpe", "gtpu", "lisp", "ayiya", "capwap")
OTHER_TUNNELS = ("gre", "l2tp", "nsh", "etag", "erspan", "ipip", "wlan", "pflog", "juniper")


@dataclass(frozen=True)
class Finding:
    """What became of one occurrence, where it is not equal."""

    file: str
    frame: int
    name: str
    index: int
    kind: str
    expected: Value
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


def normal(value: Any) -> Value:
    """tshark's spelling of a value in the decoder's form: a number, or bytes as hex digits."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value
    text = str(value).strip().lower()
    if re.fullmatch(r"0x[0-9a-f]+", text):
        return int(text, 16)
    if re.fullmatch(r"\d+", text):
        return int(text)
    if text in ("true", "false"):
        return int(text == "true")
    if re.fullmatch(r"([0-9a-f]{2}:)+[0-9a-f]{2}", text):
        return text.replace(":", "")
    try:
        return ipaddress.ip_address(text).packed.hex()
    except ValueError:
        return text


def matches(expected: Value, got: Value) -> bool:
    """Equality across spellings: what tshark shows as a number may be bytes to the port."""
    if isinstance(expected, int) and isinstance(got, str):
        return bool(got) and int(got, 16) == expected
    return expected == got


def as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


class Kernel:
    """Which port functions are the modelled kernel's: the `Modelled on:` lines of the port."""

    def __init__(self, sources: Mapping[str, str]) -> None:
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
            kernel: Kernel, file: str = "", prefix: str = "ipv6.",
            names: Sequence[str] | None = None) -> Tally:
    """Hold tshark's answers for one capture against the port's, packet by packet."""
    tally = Tally()
    for answer in answers:
        if answer.get("frame.encap_type") != ETHERNET_ENCAP:
            continue
        wanted = {name: [normal(v) for v in as_list(value)] for name, value in answer.items()
                  if name.startswith(prefix) and (names is None or name in names)}
        if not wanted:
            continue
        tally.packets += 1
        number = int(answer["frame.number"])
        port = decoded.get(number)
        if port is None:
            raise ToolError(f"{file}: no decoded packet for frame {number}", 3)
        _packet(tally, file, number, answer, wanted, port, kernel)
    return tally


def _values(fields: Iterable[Sequence[Any]]) -> dict[str, list[Value]]:
    got: dict[str, list[Value]] = {}
    for name, value in fields:
        got.setdefault(name, []).append(value)
    return got


def rejected(port: Mapping[str, Any]) -> bool:
    """Whether the last verdict on a decoded packet is an error."""
    errors = [value for name, value in port.get("verdict", ()) if name == "errno"]
    return bool(errors) and errors[-1] < 0


def _packet(tally: Tally, file: str, number: int, answer: Mapping[str, Any],
            wanted: Mapping[str, list[Value]], port: Mapping[str, Any], kernel: Kernel) -> None:
    got = _values(port.get("fields", ()))
    more = _values(port.get("fields_behind", ()))
    if rejected(port):
        tally.rejected_packets[port.get("rejected_by") or "no guard"] += 1
    why = _Why(answer, port, kernel)
    for name, values in wanted.items():
        seen = got.get(name, [])
        reach = len(seen)
        if len(more.get(name, [])) > reach:
            seen = more[name]
        for index, expected in enumerate(values):
            value: Value | None = seen[index] if index < len(seen) else None
            if value is None:
                kind, reason = why.missing(index, len(values))
            elif matches(expected, value):
                kind, reason = EQUAL, ""
            else:
                kind, reason = DIFFERS, "another value"
            if index >= reach and value is not None:
                tally.behind[", ".join(port["ablated"])] += 1
            finding = None if kind == EQUAL else Finding(
                file, number, name, index, kind, expected, value, reason)
            tally.add(name, kind, finding)
        if reach > len(values):
            tally.extra[name] += reach - len(values)


class _Why:
    """The reason why a value of one packet is not there or not equal."""

    def __init__(self, answer: Mapping[str, Any], port: Mapping[str, Any],
                 kernel: Kernel) -> None:
        self.protocols = [str(p) for p in as_list(answer.get("frame.protocols", []))]
        self.malformed = bool(answer.get("_ws.malformed"))
        self.short = bool(answer.get("_ws.short")) or (
            int(answer.get("frame.cap_len", 0)) < int(answer.get("frame.len", 0)))
        self.guard = str(port.get("rejected_by") or "")
        self.function = kernel.rejects(self.guard)
        self.rejected = rejected(port)
        self.forwarded = any(name == "xmit.dev" for name, _ in port.get("effects", ()))
        self.reassembly = ["handover.proto", 44] in port.get("effects", ())

    def tunnel(self, index: int) -> str:
        """The tunnel before the @index-th IPv6 header in which the port has no part."""
        seen = -1
        for place, protocol in enumerate(self.protocols):
            if protocol != "ipv6":
                continue
            seen += 1
            if seen >= index:
                before = self.protocols[:place]
                for tunnel in UDP_TUNNELS + OTHER_TUNNELS:
                    if tunnel in before:
                        return tunnel
                return ""
        return ""

    def missing(self, index: int, count: int) -> tuple[str, str]:
        headers = self.protocols.count("ipv6")
        tunnel = self.tunnel(index if count == headers else headers - count + index)
        if tunnel in UDP_TUNNELS:
            return MISSING, f"inside {tunnel}: a tunnel over UDP, beyond the hand-over"
        if tunnel:
            return MISSING, f"inside {tunnel}: another port's protocol"
        if self.rejected:
            if self.function:
                return REJECTED, f"rejected by {self.function}, as the modelled kernel does"
            if self.malformed or self.short:
                return REJECTED, f"rejected by {self.guard}; tshark calls it malformed or short too"
            return DIFFERS, f"rejected by {self.guard}, which is no check of the kernel"
        if self.reassembly:
            return MISSING, "inside a fragment that is handed over for reassembly"
        if self.forwarded:
            return MISSING, "behind the header by which the packet was forwarded"
        if "icmpv6" in self.protocols and self.protocols.index("icmpv6") < len(
                self.protocols) - 1 and index > 0 or headers > 1:
            return MISSING, "in the packet that an ICMPv6 error quotes: skipped over, not read"
        return DIFFERS, "the port accepted the packet without reading it"


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


def stored_pairs(data: Path) -> list[tuple[Path, Path]]:
    """(capture, stored answer) of everything under network/ in the sample data."""
    pairs = []
    for kind in ("pcap", "bench"):
        for answer in sorted((data / "network" / "oracle" / kind).glob("*.jsonl")):
            capture_file = data / "network" / kind / answer.name.removesuffix(".jsonl")
            if capture_file.is_file():
                pairs.append((capture_file, answer))
    return pairs
