# SPDX-License-Identifier: GPL-2.0-only
"""What a port sees in a file: captures, record files, scenarios or raw inputs, packet by packet."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from redzone_tool import capture, catalogue, replay, scn, scn_sums
from redzone_tool.errors import ToolError

KINDS = ("auto", "raw", "records", "capture", "scenario")
# Inputs decoded by one process; more go to the next one.
BATCH = 16384
FRAME_FORM = "frame"
RECORDS_FORM = "records"


@dataclass(frozen=True)
class Input:
    """One input cut from a file."""

    number: int
    data: bytes | None          # None: skipped, `note` says why
    cap_len: int = 0
    orig_len: int = 0
    linktype: str = ""
    note: str = ""


def records(data: bytes) -> list[bytes] | None:
    """The `u16le length + bytes` records that fill @data exactly, or None if they do not."""
    if scn_sums.has_control_trailer(data):
        data = data[:-scn_sums.CONTROL_SIZE]
    found = []
    pos = 0
    while pos < len(data):
        if pos + 2 > len(data):
            return None
        size = int.from_bytes(data[pos:pos + 2], "little")
        if size == 0 or pos + 2 + size > len(data):
            return None
        found.append(data[pos + 2:pos + 2 + size])
        pos += 2 + size
    return found or None


def from_packet(packet: capture.Packet) -> Input:
    """A captured packet as an Ethernet frame, or a note why it is none."""
    frame = capture.ethernet_frame(packet)
    note = "" if frame is not None else f"link type {packet.linktype_name} has no frame to take"
    return Input(packet.number, frame, packet.cap_len, packet.orig_len, packet.linktype_name, note)


def split(path: Path, form: str, kind: str = "auto") -> Iterator[Input]:
    """Cut a file into inputs of a target of this form."""
    data = read(path)
    if kind == "scenario" or (kind == "auto" and path.suffix == ".scn"):
        data = scn.compile_file(path)
        kind = "raw"
    if kind == "capture" or (kind == "auto" and form == FRAME_FORM and capture.is_capture(data)):
        if not capture.is_capture(data):
            raise ToolError(f"{path}: not a capture (pcap, pcapng or snoop)")
        return map(from_packet, capture.packets(data))
    if form == FRAME_FORM and kind in ("auto", "records"):
        parts = records(data)
        if parts is not None:
            return (Input(i, part, len(part), len(part)) for i, part in enumerate(parts, 1))
        if kind == "records":
            raise ToolError(f"{path}: not a file of `u16le length + bytes` records")
    return iter([Input(1, data, len(data), len(data))])


def read(path: Path) -> bytes:
    """A file's bytes; one clear line if there are none."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ToolError(f"cannot read {path}: {error.strerror}") from error
    if not data:
        raise ToolError(f"{path} is empty")
    return data


def decode(target: str, path: Path, kind: str = "auto",
           flavour: str = "native-guards") -> Iterator[dict[str, Any]]:
    """One dictionary per packet of @path, in order, `frame` being its number in the file."""
    form = catalogue.target(target).form
    yield from decode_inputs(target, split(path, form, kind), flavour)


def decode_inputs(target: str, inputs: Iterable[Input], flavour: str = "native-guards",
                  env: Mapping[str, str] | None = None) -> Iterator[dict[str, Any]]:
    """Decode inputs, thousands through one process."""
    stream = iter(inputs)
    while batch := list(islice(stream, BATCH)):
        with tempfile.TemporaryDirectory(prefix="redzone-decode-") as folder:
            yield from _batch(target, batch, Path(folder), flavour, env)


def _batch(target: str, batch: Sequence[Input], folder: Path, flavour: str,
           env: Mapping[str, str] | None) -> Iterator[dict[str, Any]]:
    files = []
    for index, item in enumerate(batch):
        if item.data is not None:
            files.append(folder / f"{index:08d}")
            files[-1].write_bytes(item.data)
    answers = replay.decode(target, files, flavour, env) if files else iter(())
    for item in batch:
        line: dict[str, Any] = {"frame": item.number, "cap_len": item.cap_len,
                                "len": item.orig_len}
        if item.linktype:
            line["linktype"] = item.linktype
        if item.data is None:
            line["skipped"] = item.note
        else:
            answer = next(answers, None)
            if answer is None:
                raise ToolError(f"decoding {target} stopped before frame {item.number}", 3)
            answer.pop("file", None)
            line.update(answer)
        yield line
