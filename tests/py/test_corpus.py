# SPDX-License-Identifier: GPL-2.0-only
"""Importing captures and files as inputs; statistics."""

import hashlib
import json
import struct
from pathlib import Path

import pytest

from redzone_tool import catalogue, corpus
from redzone_tool.errors import ToolError

FRAMES = [bytes([i]) * 20 for i in range(5)]


def target(form: str, max_len: int = 0) -> catalogue.Target:
    return catalogue.Target("t", "net", "", (), max_len, "", "", form)


def capture_of(frames: list[bytes], link: int = 1) -> bytes:
    out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, link)
    return out + b"".join(struct.pack("<IIII", 0, 0, len(f), len(f)) + f for f in frames)


def test_packets_become_files_named_by_content(tmp_path: Path) -> None:
    (tmp_path / "a.pcap").write_bytes(capture_of([*FRAMES, FRAMES[0]]))
    result = corpus.import_files([tmp_path / "a.pcap"], tmp_path / "out", target("frame"))
    assert (result.written, result.known, result.seen) == (5, 1, 6)
    for path in (tmp_path / "out").iterdir():
        assert hashlib.sha1(path.read_bytes()).hexdigest() == path.name
        assert path.read_bytes() in FRAMES


def test_importing_twice_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.pcap").write_bytes(capture_of(FRAMES))
    corpus.import_files([tmp_path / "a.pcap"], tmp_path / "out", target("frame"))
    again = corpus.import_files([tmp_path / "a.pcap"], tmp_path / "out", target("frame"))
    assert (again.written, again.known) == (0, 5)


def test_folders_record_files_and_raw_files(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "records").write_bytes(
        b"".join(len(f).to_bytes(2, "little") + f for f in FRAMES[:2]))
    (folder / "raw").write_bytes(b"\xff" * 9)
    (folder / "empty").write_bytes(b"")
    (folder / "other.pcap").write_bytes(capture_of(FRAMES[:3], link=105))
    (folder / "made.scn").write_text("u8 1, 2, 3\n")
    result = corpus.import_files([folder], tmp_path / "out", target("frame"))
    assert result.written == 4 and result.empty == 1
    assert list(result.skipped.values()) == [3]
    written = {p.read_bytes() for p in (tmp_path / "out").iterdir()}
    assert written == {FRAMES[0], FRAMES[1], b"\xff" * 9, b"\1\2\3"}


def test_other_forms_take_captures_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.pcap").write_bytes(capture_of(FRAMES))
    result = corpus.import_files([tmp_path / "a.pcap"], tmp_path / "out", target("file"))
    assert result.written == 1


def test_too_long_inputs_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "raw").write_bytes(b"\xff" * 100)
    result = corpus.import_files([tmp_path / "raw"], tmp_path / "out", target("frame", 99))
    assert (result.written, result.too_long) == (0, 1)


def test_what_cannot_be_read_or_written(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="no such file"):
        corpus.import_files([tmp_path / "none"], tmp_path / "out", target("frame"))
    (tmp_path / "file").write_bytes(b"\xff")
    with pytest.raises(ToolError, match="cannot write"):
        corpus.import_files([tmp_path / "file"], tmp_path / "file" / "out", target("frame"))


def test_statistics(tmp_path: Path) -> None:
    for name, data in (("a", b"1"), ("b", b"22"), ("c", b"22"), ("d", b"333333")):
        (tmp_path / name).write_bytes(data)
    result = corpus.stats(tmp_path)
    assert (result.files, result.bytes, result.smallest, result.median, result.largest,
            result.duplicates) == (4, 11, 1, 2, 6, 1)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ToolError, match="holds no files"):
        corpus.stats(tmp_path / "empty")
    with pytest.raises(ToolError, match="no such folder"):
        corpus.stats(tmp_path / "none")


def test_the_command(redzone, tmp_path: Path) -> None:   # type: ignore[no-untyped-def]
    (tmp_path / "a.pcap").write_bytes(capture_of(FRAMES))
    out = tmp_path / "out"
    done = redzone("corpus", "import", "net_ipv6", str(tmp_path / "a.pcap"), "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert "5 written" in done.stdout
    done = redzone("corpus", "stats", str(out), "--json")
    assert json.loads(done.stdout)["files"] == 5
    done = redzone("corpus", "stats", str(tmp_path / "none"))
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1
