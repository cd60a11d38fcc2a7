# SPDX-License-Identifier: GPL-2.0-only
"""What a port sees in a file: captures, record files, scenarios or raw inputs, packet by packet."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

from redzone_tool import capture, catalogue, families, replay, scn, scn_sums
from redzone_tool.errors import ToolError
from redzone_tool.inputs import Frame, Input

KINDS = ("auto", "raw", "records", "capture", "scenario")
# Inputs decoded by one process; more go to the next one.
BATCH = 16384
FRAME_FORM = "frame"
# What is told of a packet and may come in parts
PARTS = ("verdict", "violated", "fields", "effects")


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


def split(path: Path, target: catalogue.Target, kind: str = "auto",
          max_len: int = 0) -> Iterator[Input]:
    """Cut a file into inputs of a target; those of captures stay below @max_len (0: any)."""
    data = read(path)
    if kind == "scenario" or (kind == "auto" and path.suffix == ".scn"):
        return _whole(scn.compile_file(path))
    return split_bytes(data, str(path), target, kind, max_len)


def split_bytes(data: bytes, label: str, target: catalogue.Target, kind: str = "auto",
                max_len: int = 0) -> Iterator[Input]:
    """As split(), of bytes; the end of @label is the name that they had as a file."""
    name = PurePosixPath(label)
    if kind == "auto" and name.suffix == ".jsonl" and families.takes_units(target, name.stem):
        return families.units(target, name.stem, data.decode(errors="replace").splitlines())
    if kind == "capture" and not capture.is_capture(data):
        raise ToolError(f"{label}: not a capture ({capture.FORMATS})")
    if kind == "capture" or (kind == "auto" and families.takes_captures(target)
                             and capture.is_capture(data)):
        return families.inputs(target, capture.packets(data), max_len)
    if target.form == FRAME_FORM and kind in ("auto", "records"):
        parts = records(data)
        if parts is not None:
            return (Input(i, part, len(part), len(part)) for i, part in enumerate(parts, 1))
        if kind == "records":
            raise ToolError(f"{label}: not a file of `u16le length + bytes` records")
    return _whole(data)


def _whole(data: bytes) -> Iterator[Input]:
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
    yield from decode_packets(target, split(path, catalogue.target(target), kind), flavour)


def decode_packets(target: str, inputs: Iterable[Input], flavour: str = "native-guards",
                   env: Mapping[str, str] | None = None) -> Iterator[dict[str, Any]]:
    """Decode inputs: a dictionary for each packet, also of those that share an input."""
    items = list(inputs)
    lines = decode_inputs(target, items, flavour, env)
    if not any(item.frames for item in items):
        for line in lines:
            yield from by_packet(line)
        return
    found = [part for item, line in zip(items, lines)
             for part in (by_frame(item, line) if item.frames else [line])]
    yield from sorted(found, key=lambda line: int(line["frame"]))


def by_packet(line: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The packets that a harness told apart, numbered from 1; then what belongs to none."""
    packets = line.pop("packets", None)
    if packets is None:
        yield line
        return
    for number, packet in enumerate(packets, 1):
        yield {"frame": number, **packet}
    if any(line.get(key) for key in PARTS):
        yield {**line, "frame": 0}


def by_frame(item: Input, line: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lines of a capture's packets in one input.

    What the input has beside them (work that the node does behind a packet) is told with the
    packet before.
    """
    frames = {frame.offset: frame for frame in item.frames}
    lines: dict[int, dict[str, Any]] = {}
    now: dict[str, Any] | None = None
    for packet in line.get("packets", ()):
        frame = frames.get(packet["offset"])
        if frame is not None:
            now = lines[frame.number] = {**about(frame), **packet}
            del now["offset"]
        elif now is not None:
            for key in PARTS[1:]:
                now[key] = now[key] + packet[key]
    end = {"fault": line["fault"]} if "fault" in line else {"skipped": "not played"}
    for frame in item.frames:
        lines.setdefault(frame.number, {**about(frame), **end})
    return list(lines.values())


def about(frame: Frame) -> dict[str, Any]:
    return {"frame": frame.number, "cap_len": frame.cap_len, "len": frame.orig_len,
            "linktype": frame.linktype, **frame.about}


def decode_inputs(target: str, inputs: Iterable[Input], flavour: str = "native-guards",
                  env: Mapping[str, str] | None = None) -> Iterator[dict[str, Any]]:
    """Decode inputs, one dictionary each, thousands through one process."""
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
