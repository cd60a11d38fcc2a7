# SPDX-License-Identifier: GPL-2.0-only
"""What the port sees: cutting files into inputs, and the decoder over captures."""

import json
import struct
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from redzone_tool import build, catalogue, decode, replay, scn, scn_sums
from redzone_tool.errors import ToolError
from redzone_tool.inputs import Frame, Input

FRAME = scn.compile_text("eth\nipv6 hlim=7\nhopopts { router_alert value=1 }\nudp")
SHORT = FRAME[:20]


def capture_of(frames: Sequence[bytes], link: int = 1) -> bytes:
    out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, link)
    return out + b"".join(struct.pack("<IIII", 0, 0, len(f), len(f) + 4) + f for f in frames)


def records_of(frames: Sequence[bytes]) -> bytes:
    return b"".join(len(f).to_bytes(2, "little") + f for f in frames)


def test_records_tile_a_file_or_are_none() -> None:
    data = records_of([FRAME, SHORT])
    assert decode.records(data) == [FRAME, SHORT]
    assert decode.records(data + scn_sums.control_trailer(layout=3)) == [FRAME, SHORT]
    assert decode.records(data[:-1]) is None
    assert decode.records(data + b"\0") is None
    assert decode.records(b"") is None
    assert decode.records(FRAME) is None


def target(form: str) -> catalogue.Target:
    return catalogue.Target("t", "net", "", (), 4096, "", "", form)


def parts(path: Path, form: str = "frame", kind: str = "auto") -> list[bytes | None]:
    return [item.data for item in decode.split(path, target(form), kind)]


def test_what_a_file_is(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(FRAME)
    assert parts(path) == [FRAME]
    path.write_bytes(records_of([FRAME, SHORT]))
    assert parts(path) == [FRAME, SHORT]
    assert parts(path, kind="raw") == [path.read_bytes()]
    assert parts(path, form="stream") == [path.read_bytes()]
    path.write_bytes(capture_of([FRAME, SHORT]))
    assert parts(path) == [FRAME, SHORT]
    assert parts(path, form="file") == [path.read_bytes()]
    (tmp_path / "x.scn").write_text("u8 1, 2\n")
    assert parts(tmp_path / "x.scn") == [b"\1\2"]


def test_bad_files_end_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "raw").write_bytes(FRAME)
    for name, kind, message in (("none", "auto", "cannot read"), ("empty", "auto", "is empty"),
                                ("raw", "capture", "not a capture"),
                                ("raw", "records", "records")):
        with pytest.raises(ToolError, match=message):
            parts(tmp_path / name, kind=kind)


def test_numbers_survive_skipped_packets_and_batches(monkeypatch: pytest.MonkeyPatch,
                                                     tmp_path: Path) -> None:
    calls = []

    def fake(target: str, files: Sequence[Path], flavour: str,
             env: Mapping[str, str] | None = None) -> Iterator[dict[str, Any]]:
        calls.append(len(files))
        for file in files:
            yield {"file": str(file), "fields": [["size", len(file.read_bytes())]]}

    monkeypatch.setattr(replay, "decode", fake)
    monkeypatch.setattr(decode, "BATCH", 3)
    inputs = [Input(i, None if i % 4 == 0 else bytes(i), note="no frame")
              for i in range(1, 9)]
    lines = list(decode.decode_inputs("t", inputs))
    assert [line["frame"] for line in lines] == list(range(1, 9))
    assert [line.get("skipped") for line in lines] == [None, None, None, "no frame"] * 2
    assert [line["fields"][0][1] for line in lines if "fields" in line] == [1, 2, 3, 5, 6, 7]
    assert calls == [3, 2, 1]
    assert "file" not in lines[0]


def test_packets_of_one_input_keep_their_frame_numbers() -> None:
    def packet(offset: int, name: str) -> dict[str, Any]:
        return {"offset": offset, "verdict": [["errno", 0]], "rejected_by": None, "violated": [],
                "fields": [[name, 1]], "effects": []}

    item = Input(4, b"?", frames=(Frame(4, 0, about={"direction": "sent"}), Frame(9, 20)))
    line = {"packets": [packet(0, "a"), packet(7, "work"), packet(20, "b")], "effects": [["e", 1]]}
    first, second = decode.by_frame(item, line)
    assert (first["frame"], second["frame"]) == (4, 9)
    assert first["fields"] == [["a", 1], ["work", 1]] and second["fields"] == [["b", 1]]
    assert first["verdict"] == [["errno", 0]] and first["direction"] == "sent"
    assert [part["frame"] for part in decode.by_packet(dict(line))] == [1, 2, 3, 0]
    cut = {"packets": line["packets"][:2]}
    assert decode.by_frame(item, cut)[1]["skipped"] == "not played"


def test_a_capture_through_the_port(redzone, tmp_path: Path) -> None:  # type: ignore
    frames = [FRAME, SHORT, FRAME[:14] + b"\x50" + FRAME[15:]] * 700
    (tmp_path / "a.pcap").write_bytes(capture_of(frames))
    done = redzone("decode", "net_ipv6", str(tmp_path / "a.pcap"))
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["frame"] for line in lines] == list(range(1, 2101))
    first, short, version = lines[:3]
    fields = dict(first["fields"])
    assert fields["ipv6.hlim"] == 7 and fields["ipv6.hopopts.nxt"] == 17
    assert fields["ipv6.src"] == "20010db8000000000000000000000002"
    assert first["rejected_by"] is None and first["len"] == len(FRAME) + 4
    assert "ip6_rcv_core" in short["rejected_by"] and "ip6_rcv_core" in version["rejected_by"]
    assert dict(version["fields"])["ipv6.version"] == 5


def test_the_decoder_tells_the_packets_of_an_input_apart(tmp_path: Path) -> None:
    exe = build.ensure("native-guards", ["redzone-selftest"]) / "bin" / "redzone-selftest"
    bad, good = b"\0\xff\1", b"\0\1\2"
    (tmp_path / "x").write_bytes(records_of([good, bad, good]))
    done = subprocess.run([exe, "selftest_records", "decode", tmp_path / "x"],
                          capture_output=True, text=True, check=True)
    line = json.loads(done.stdout)
    assert line["effects"] == [["begin", 1], ["end", 1]]
    assert line["fields"] == line["verdict"] == line["violated"] == []
    assert [packet["offset"] for packet in line["packets"]] == [0, 5, 10]
    assert [dict(packet["verdict"])["errno"] for packet in line["packets"]] == [0, -22, 0]
    assert [len(packet["violated"]) for packet in line["packets"]] == [0, 1, 0]
    assert line["packets"][1]["rejected_by"] == line["packets"][1]["violated"][0]
    assert line["packets"][0] == {**line["packets"][2], "offset": 0}


def test_many_packets_keep_their_guards(tmp_path: Path) -> None:
    exe = build.ensure("native-guards", ["redzone-selftest"]) / "bin" / "redzone-selftest"
    (tmp_path / "x").write_bytes(records_of([b"\0\xff\1"] * 200))
    done = subprocess.run([exe, "selftest_records", "decode", tmp_path / "x"],
                          capture_output=True, text=True, check=True)
    packets = json.loads(done.stdout)["packets"]
    assert len(packets) == 200 and all(len(p["violated"]) == 1 for p in packets)


def test_other_link_types_say_so(redzone, tmp_path: Path) -> None:  # type: ignore
    (tmp_path / "raw.pcap").write_bytes(capture_of([FRAME[14:]], link=101))
    (tmp_path / "wlan.pcap").write_bytes(capture_of([FRAME], link=105))
    done = redzone("decode", "net_ipv6", str(tmp_path / "raw.pcap"), str(tmp_path / "wlan.pcap"))
    assert done.returncode == 0, done.stderr
    raw, wlan = map(json.loads, done.stdout.splitlines())
    assert raw["linktype"] == "RAW" and dict(raw["fields"])["ipv6.hlim"] == 7
    assert wlan["linktype"] == "IEEE802_11" and "skipped" in wlan


@pytest.mark.parametrize("arguments, message", [
    (("net_ipv6", "/nonexistent"), "cannot read"),
    (("net_ipv7", "/etc/passwd"), "unknown target 'net_ipv7': did you mean net_ipv6"),
])
def test_bad_use(redzone, arguments: tuple[str, str], message: str) -> None:  # type: ignore
    done = redzone("decode", *arguments)
    assert done.returncode == 2
    assert message in done.stderr and len(done.stderr.splitlines()) == 1
