# SPDX-License-Identifier: GPL-2.0-only
"""What an import takes from output folders of fuzzers and from zip files, and what it refuses."""

import hashlib
import io
import os
import stat
import warnings
import zipfile
from pathlib import Path

import pytest

from redzone_tool import catalogue, corpus, corpusfiles
from redzone_tool.errors import ToolError

TARGET = catalogue.Target("t", "net", "", (), 0, "", "", "frame")
# Two records of one byte: an engine's input of these bytes must not be cut
RECORDS = b"\1\0a\1\0b"


def imported(tmp_path: Path, *sources: Path) -> tuple[corpus.Imported, set[bytes]]:
    result = corpus.import_files(list(sources), tmp_path / "out", TARGET)
    return result, {p.read_bytes() for p in (tmp_path / "out").iterdir()}


def afl_instance(folder: Path, number: int) -> None:
    """What afl-fuzz leaves, with files beside its inputs that are none."""
    byte = bytes([0xF0 + number])
    for path, data in {
            "fuzzer_stats": b"x", "plot_data": b"x", "cmdline": b"x", ".cur_input": b"x",
            "queue/id:000000,time:0,execs:0,orig:seed": RECORDS + byte,
            "queue/.state/auto_extras/auto_000000": b"no input",
            "queue/.state/deterministic_done/id:000000,time:0": b"no input",
            "crashes/README.txt": b"Command line used to find this crash",
            "crashes/id:000000,sig:06,src:000000": b"\xffcrash" + byte,
            "crashes.2026-01-01-00:00:00/id:000000,sig:11": b"\xffold" + byte,
            "hangs/id:000000,src:000000": b"\xffhang" + byte}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def test_an_output_folder_of_afl(tmp_path: Path) -> None:
    afl_instance(tmp_path / "in" / "default", 0)
    result, data = imported(tmp_path, tmp_path / "in")
    assert data == {RECORDS + b"\xf0", b"\xffcrash\xf0", b"\xffold\xf0", b"\xffhang\xf0"}
    assert result.origins == {"AFL++ queue": 1, "AFL++ crashes": 2, "AFL++ hangs": 1}
    assert not result.skipped


def test_a_sync_folder_of_several_and_a_queue_alone(tmp_path: Path) -> None:
    for number, name in enumerate(("main", "second")):
        afl_instance(tmp_path / "in" / name, number)
    result, data = imported(tmp_path, tmp_path / "in")
    assert len(data) == result.written == 8
    result = corpus.import_files([tmp_path / "in" / "main" / "queue"], tmp_path / "one", TARGET)
    assert result.origins == {"AFL++ queue": 1} and result.written == 1


def test_a_corpus_and_artefacts_of_libfuzzer_are_not_cut(tmp_path: Path) -> None:
    name = hashlib.sha1(RECORDS).hexdigest()
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / name).write_bytes(RECORDS)
    (folder / f"crash-{name}").write_bytes(RECORDS + b"\xf1")
    (folder / f"slow-unit-{name}").write_bytes(RECORDS + b"\xf2")
    (folder / "README.md").write_text("no input")
    zip_like = b"PK\3\4 is how an input may begin"
    (folder / hashlib.sha1(zip_like).hexdigest()).write_bytes(zip_like)
    result, data = imported(tmp_path, folder)
    assert data == {RECORDS, RECORDS + b"\xf1", RECORDS + b"\xf2", zip_like}
    assert result.origins == {"libFuzzer corpus": 2, "libFuzzer artefact": 2}


def test_the_same_bytes_without_an_engine_are_records(tmp_path: Path) -> None:
    (tmp_path / "records").write_bytes(RECORDS)
    assert imported(tmp_path, tmp_path / "records")[1] == {b"a", b"b"}


def zip_of(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def test_names_in_a_zip_lead_nowhere(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a", b"\xffdeep")
    path = zip_of(tmp_path / "x.zip", {
        "../../outside": b"\xffone", "/etc/absolute": b"\xfftwo", "a\\..\\b": b"\xffthree",
        "con\x07trol\n": b"\xfffour", "folder/": b"", "folder/.hidden": b"\xffhidden",
        "README": b"text", "in.zip": inner.getvalue(), "made.scn": b"u8 1", "empty": b""})
    before = {str(p) for p in tmp_path.rglob("*")} | {str(tmp_path / "out")}
    result, data = imported(tmp_path, path)
    assert data == {b"\xffone", b"\xfftwo", b"\xffthree", b"\xfffour"}
    assert {str(p) for p in tmp_path.rglob("*")} - before == {
        str(tmp_path / "out" / hashlib.sha1(d).hexdigest()) for d in data}
    assert result.skipped == {"a zip inside a zip": 1, "a scenario in a zip": 1}
    assert result.empty == 1


def test_a_seed_corpus_and_an_afl_folder_in_a_zip(tmp_path: Path) -> None:
    name = hashlib.sha1(RECORDS).hexdigest()
    path = zip_of(tmp_path / "t_seed_corpus.zip", {
        name: RECORDS, "s/m/queue/id:000000,orig:x": RECORDS + b"\xf1",
        "s/m/fuzzer_stats": b"\xffno input", "s/m/crashes/README.txt": b"\xffno input",
        "s/m/queue/.state/x": b"\xffno input"})
    result, data = imported(tmp_path, path)
    assert data == {RECORDS, RECORDS + b"\xf1"}
    assert result.origins == {"zip, libFuzzer corpus": 1, "zip, AFL++ queue": 1}


def test_bombs_are_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zip_of(tmp_path / "x.zip", {"big": b"\0" * 3000, "small": b"\xff"})
    monkeypatch.setattr(corpusfiles, "MOST_FILE", 2000)
    result, data = imported(tmp_path, path)
    assert data == {b"\xff"} and result.skipped.total() == 1
    monkeypatch.setattr(corpusfiles, "MOST_FILE", 5000)
    monkeypatch.setattr(corpusfiles, "MOST_ARCHIVE", 2999)
    with pytest.raises(ToolError, match="unpacks to more than"):
        imported(tmp_path, path)
    monkeypatch.setattr(corpusfiles, "MOST_ENTRIES", 1)
    with pytest.raises(ToolError, match="holds 2 files, more than 1"):
        imported(tmp_path, path)


def test_a_size_that_a_zip_states_is_not_believed(tmp_path: Path,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    path = zip_of(tmp_path / "x.zip", {"big": b"\xff" * 3000})
    data = path.read_bytes()
    path.write_bytes(data.replace((3000).to_bytes(4, "little"), (7).to_bytes(4, "little")))
    monkeypatch.setattr(corpusfiles, "MOST_FILE", 2000)
    result, _ = imported(tmp_path, path)
    assert result.written == 0 and result.skipped.total() == 1


def test_damaged_encrypted_and_linked_entries(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("good", b"\xffgood")
        archive.writestr("bad", b"\xffbad bytes")
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    data = path.read_bytes().replace(b"\xffbad bytes", b"\xffBAD bytes")
    path.write_bytes(data)
    result, got = imported(tmp_path, path)
    assert got == {b"\xffgood"}
    assert result.skipped == {"damaged in its zip (BadZipFile)": 1, "a link in a zip": 1}
    entry = data.index(b"PK\1\2")
    path.write_bytes(data[:6] + b"\1" + data[7:entry + 8] + b"\1" + data[entry + 9:])
    result, _ = imported(tmp_path, path)
    assert result.skipped["encrypted in its zip"] == 1


def test_bad_sources_are_one_line(tmp_path: Path, redzone) -> None:   # type: ignore
    (tmp_path / "cut.zip").write_bytes(zip_of(tmp_path / "x.zip", {"a": b"a"}).read_bytes()[:30])
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "notes").write_text("no capture")
    for source, words in (("cut.zip", "damaged zip"), ("folder", "nothing to import"),
                          ("pipe", "no regular file"), ("none", "no such file or folder")):
        done = redzone("corpus", "import", "net_ipv6", str(tmp_path / source),
                       "--out", str(tmp_path / "out"))
        assert done.returncode == 2 and len(done.stderr.splitlines()) == 1, done.stderr
        assert words in done.stderr and source in done.stderr
    done = redzone("corpus", "import", "net_ipv6", str(tmp_path / "notes"), "--as", "capture",
                   "--out", str(tmp_path / "out"))
    assert done.returncode == 2 and "not a capture" in done.stderr


def test_folders_without_end_and_odd_files_are_passed_over(tmp_path: Path) -> None:
    deep = tmp_path / "in" / "/".join(["d"] * (corpusfiles.MOST_DEPTH + 2))
    deep.mkdir(parents=True)
    (deep / "far").write_bytes(b"\xff")
    (tmp_path / "in" / "near").write_bytes(b"\xfe")
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "gone").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "in" / "pipe")
    result, data = imported(tmp_path, tmp_path / "in")
    assert data == {b"\xfe"} and result.skipped.total() == 3, result.skipped


def test_the_command_says_where_inputs_came_from(tmp_path: Path, redzone) -> None:  # type: ignore
    afl_instance(tmp_path / "in", 0)
    out = str(tmp_path / "out")
    done = redzone("corpus", "import", "net_ipv6", str(tmp_path / "in"), "--out", out)
    assert done.returncode == 0, done.stderr
    assert "AFL++ queue: 1" in done.stdout and "4 written" in done.stdout
    done = redzone("corpus", "stats", out)
    assert done.returncode == 0 and done.stdout.startswith("4 files")


def test_two_entries_of_one_name(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("a", b"\xffone")
        archive.writestr("a", b"\xfftwo")
    assert imported(tmp_path, path)[1] == {b"\xffone", b"\xfftwo"}
