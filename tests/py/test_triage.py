# SPDX-License-Identifier: GPL-2.0-only
"""Triage: what is taken from a folder, how inputs are played, what is said of them."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import shutil
from pathlib import Path

import pytest
from conftest import Run

from redzone_tool import catalogue, replay, sanreport
from redzone_tool.errors import ToolError
from redzone_tool.triage import collect, confine, play, record, server, severity
from redzone_tool.triage.collect import Collector

PROOF = "CVE-2026-63922"        # a use after free in net_ipv6
NAUGHTY = "net_ipv6 \"q\"'$(touch x)\n\x1b[31m;"


def digest_of(folder: Path) -> str:
    total = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        total.update(os.fsencode(file))
        if file.is_file() and not file.is_symlink():
            total.update(file.read_bytes())
    return total.hexdigest()


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A folder with everything that is no input, and one that is."""
    top = tmp_path / "hostile"
    (top / "deep").mkdir(parents=True)
    (top / "empty").touch()
    with open(top / "big", "wb") as file:
        file.truncate(100 << 20)
    (top / "loop").symlink_to(".")
    (top / "self").symlink_to("self")
    (top / "passwd").symlink_to("/etc/passwd")
    os.mkfifo(top / "pipe")
    (top / "garbage.bin").write_bytes(bytes(range(256)) * 8)
    (top / "locked").write_bytes(b"x")
    (top / "locked").chmod(0)
    (top / "broken.scn").write_text("nonsense {")
    shutil.copyfile(catalogue.bug(PROOF).input, top / "deep" / NAUGHTY)
    return top


def test_a_hostile_folder_is_sorted(hostile: Path) -> None:
    before = digest_of(hostile) if os.geteuid() == 0 else ""
    collector = Collector()
    names = {s.path.name for s in collector.collect([hostile])}
    skipped = {Path(s.name).name: s.reason for s in collector.skipped}
    assert {NAUGHTY, "garbage.bin"} <= names <= {NAUGHTY, "garbage.bin", "locked"}
    assert set(skipped) >= {"empty", "big", "loop", "self", "passwd", "pipe", "broken.scn"}
    assert ("locked" in skipped) == ("locked" not in names)
    assert not any("\n" in text for pair in skipped.items() for text in pair)
    assert not before or digest_of(hostile) == before


def test_names_become_one_printable_line() -> None:
    assert collect.printable("a\nb\x1b\u202e") == "a\\nb\\x1b\\u202e"
    assert collect.printable(os.fsdecode(b"\xff.bin")) == "\\xff.bin"


def test_targets_come_from_names(tmp_path: Path) -> None:
    def target_of(name: str) -> tuple[str, str]:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x")
        source, = Collector().collect([file])
        return source.target, source.target_from

    assert target_of("clusterfuzz-testcase-minimized-net_ipv6-5312") == ("net_ipv6", "name")
    assert target_of("testcase-libFuzzer_redzone_bt_smp-99") == ("bt_smp", "name")
    assert target_of("artifacts/bt_l2cap/crash-da39a3") == ("bt_l2cap", "folder")
    assert target_of("some/crash-da39a3") == ("", "")
    assert target_of("some/net_ipv64") == ("", "")
    (tmp_path / "afl" / "default" / "crashes").mkdir(parents=True)
    (tmp_path / "afl" / "default" / "queue").mkdir()
    (tmp_path / "afl" / "default" / "queue" / "id:000000").write_bytes(b"q")
    (tmp_path / "afl" / "default" / "crashes" / "README.txt").write_text("hello")
    (tmp_path / "afl" / "default" / "cmdline").write_text("/x/bin/bt_eir\n")
    assert target_of("afl/default/crashes/id:000000,sig:06") == ("bt_eir", "afl")
    assert [s.path.name for s in Collector().collect([tmp_path / "afl"])] == [
        "id:000000,sig:06"]


def test_findings_and_entries_bring_their_switches(tmp_path: Path) -> None:
    folder = tmp_path / "uaf-1"
    folder.mkdir()
    (folder / "input.bin").write_bytes(b"x")
    (folder / "finding.json").write_text(json.dumps(
        {"schema": 1, "target": "bt_smp", "env": {"REDZONE_BUGS": "A,B"}}))
    source, = Collector().collect([folder])
    assert (source.target, source.target_from) == ("bt_smp", "finding")
    assert source.env == {"REDZONE_BUGS": "A,B"}
    source, = Collector().collect([catalogue.bug(PROOF).folder])
    assert source.env["REDZONE_BUGS"] == PROOF and source.target == "net_ipv6"


ASAN = """\
==7==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x60 at pc 0x1 bp 0x2 sp 0x3
{access} of size {size} at 0x60 thread T0
    #0 0x1 in memcpy
    #1 0x1 in walk parsers/net/x.c:90:5
    #2 0x1 in walk parsers/net/x.c:91:5
    #3 0x1 in rcv parsers/net/x.c:40:5

0x60 is located {at} bytes after 24-byte region [0x40,0x58)
allocated by thread T0 here:
    #0 0x1 in malloc
    #1 0x1 in make parsers/net/x.c:10:5

SUMMARY: AddressSanitizer: heap-buffer-overflow parsers/net/x.c:90:5 in walk
"""


def test_severity_has_reasons() -> None:
    def judged(access: str, size: int, at: int) -> severity.Severity:
        text = ASAN.format(access=access, size=size, at=at)
        report = sanreport.parse(text)
        assert report is not None
        return severity.judge(report, severity.address_class(text))

    write, short, far = judged("WRITE", 4, 0), judged("READ", 1, 0), judged("READ", 64, 900)
    assert (write.level, write.security) == ("high", True)
    assert short.score < far.score < write.score
    assert any("right behind" in reason for reason in short.reasons)
    hang = severity.judge(sanreport.timeout_report("", 1.0))
    assert not hang.security and hang.level == "medium"


def test_a_record_says_where(tmp_path: Path) -> None:
    text = ASAN.format(access="READ", size=2, at=3)
    seen = record.Seen(3, 2, sanreport.parse(text), text)
    entry = record.Entry("n", "0" * 64, 1, "net_ipv6", "name", seen={"address": seen})
    fault = entry.as_dict()["fault"]
    assert fault["stack"] == ["walk", "rcv"] and fault["allocated"] == ["make"]
    assert fault["address"] == "3 bytes after a 24-byte heap block"
    assert fault["cwe"] == "CWE-125" and entry.state == "flaky"


def _limits() -> tuple[int, int, int]:
    return (resource.getrlimit(resource.RLIMIT_CORE)[0],
            resource.getrlimit(resource.RLIMIT_FSIZE)[0], os.getsid(0))


def test_workers_are_confined() -> None:
    with confine.pool(1) as pool:
        core, file_size, session = pool.submit(_limits).result()
        networks = pool.submit(confine.networks).result()
    assert core == 0 and file_size == 16 << 20 and session != os.getsid(0)
    if os.geteuid() == 0:
        assert networks == [] or networks == confine.networks()


def test_a_server_plays_as_a_process_does(tmp_path: Path) -> None:
    bug = catalogue.bug(PROOF)
    binary = play.builds(["address"]).binaries["address"]
    served = server.Server(binary, 1.0, 1024, tmp_path / "log")
    on = {"REDZONE_BUGS": bug.id}
    try:
        for env in ({}, on, {}):
            alone = replay.run_one(bug.target, bug.input, "libfuzzer-address-guards", env)
            done = served.play(bug.target, bug.input, env)
            assert (done.exit_code, done.clean) == (alone.exit_code, alone.clean)
            if alone.result is not None:
                assert done.result is not None
                assert done.result.digests == alone.result.digests
                assert done.result.violated == alone.result.violated
            elif done.report is not None and alone.report is not None:
                assert done.report.kind == alone.report.kind
        hang = catalogue.bug("CVE-2026-31498-hang")
        late = served.play(hang.target, hang.input, {"REDZONE_BUGS": hang.id})
        assert late.timed_out and late.report is not None and late.report.kind == "timeout"
        with pytest.raises(ToolError, match="unknown bug"):
            served.play(bug.target, bug.input, {"REDZONE_BUGS": "CVE-1"})
    finally:
        served.close()


def test_bad_use_is_one_line(redzone: Run, tmp_path: Path) -> None:
    for words in (["/nonexistent\n/x"], [str(tmp_path)], ["--target", "bt_smq", str(tmp_path)]):
        done = redzone("triage", *words)
        assert done.returncode == 2 and not done.stdout
        assert "Traceback" not in done.stderr
        assert len(done.stderr.strip().splitlines()) <= 2


def test_inputs_are_played_and_attributed(redzone: Run, hostile: Path, tmp_path: Path) -> None:
    """One sanitizer, from names and from nothing; what it says can be repeated."""
    shutil.copyfile(catalogue.bug(PROOF).input, hostile / "deep" / "unnamed")
    (hostile / "net_ipv6").mkdir()
    shutil.copyfile(catalogue.bug("CVE-2007-4567").input, hostile / "net_ipv6" / "crash-1")
    done = redzone("triage", "--sanitizer", "address", "--json", str(hostile))
    assert done.returncode == 1, done.stderr
    answer = json.loads(done.stdout)
    by_name = {Path(i["file"]).name: i for i in answer["inputs"]}
    naughty = by_name[collect.printable(NAUGHTY)]
    assert naughty["needs"][0] == [PROOF] and naughty["state"] == "faults"
    assert naughty["fault"]["kind"] == "heap-use-after-free"
    assert naughty["fault"]["freed"] and naughty["fault"]["severity"] == "high"
    assert naughty["plays"]["address"]["faults"] == 2
    tried = by_name["unnamed"]
    assert tried["target_from"] == "tried" and tried["same_as"] == ""
    assert by_name["crash-1"]["needs"] == [["CVE-2007-4567"]]
    assert by_name["crash-1"]["fault"]["address"] == "zero page"
    assert by_name["garbage.bin"]["state"] == "clean"
    causes = {c["id"]: c for c in answer["clusters"]}
    assert set(causes) == {PROOF, "CVE-2007-4567"} and all(c["known"] for c in causes.values())
    assert len(causes[PROOF]["inputs"]) == 2 and naughty["known"] == PROOF
    assert not (tmp_path / "x").exists() and not Path("x").exists()
