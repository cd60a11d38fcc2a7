# SPDX-License-Identifier: GPL-2.0-only
"""Smaller inputs: parts and their lengths, what must stay, going on after a stop."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Run

from redzone_tool import catalogue, scn_sums, structure
from redzone_tool.inputs import record
from redzone_tool.minimise import Minimiser, Progress, load

H4 = b"\x04\x0e\x03abc" + b"\x02\x01\x00\x04\x00wxyz"


def test_parts_join_to_what_they_were_cut_from() -> None:
    trailer = scn_sums.control_trailer(layout=3)
    for data, form, count in ((record(b"one") + record(b"two"), "records", 2), (H4, "h4", 2),
                              (b"frame", "frame", 1), (b"\xff\xffx", "records", 1)):
        parts = structure.cut(data + trailer, form)
        assert parts.join() == data + trailer and parts.trailer == trailer
        assert len(parts.bodies) == count
    for bug in catalogue.bugs():
        data = bug.input.read_bytes()
        assert structure.cut(data, catalogue.target(bug.target).form).join() == data, bug.id


def test_lengths_follow_what_is_left_out() -> None:
    parts = structure.cut(record(b"one") + record(b"two"), "records")
    assert parts.with_body(1, b"o").join() == record(b"one") + record(b"o")
    parts = structure.cut(H4, "h4")
    assert parts.with_body(1, parts.bodies[1][:-2]).join() == H4[:6] + b"\x02\x01\x00\x02\x00wx"
    assert parts.without(0, 1).join() == H4[6:]


def _run(data: bytes, form: str, needle: bytes, state: Path) -> Progress:
    progress = Progress("0", "c", data)
    return Minimiser(lambda d: needle in d, form, progress, lambda p: p.save(state)).run()


def test_only_what_is_needed_stays(tmp_path: Path) -> None:
    data = b"".join(record(bytes([n]) * 40) for n in range(9)) + record(b"..needle..")
    got = _run(data + scn_sums.control_trailer(layout=1), "records", b"needle", tmp_path / "s")
    assert got.done and got.best == b"needle"
    got = _run(b"x" * 500 + b"needle" + b"y" * 77, "frame", b"needle", tmp_path / "s")
    assert got.best == b"needle"


def test_a_stopped_run_goes_on(tmp_path: Path) -> None:
    state, asked = tmp_path / "state.json", 0
    data = b"".join(record(bytes([n]) * 40) for n in range(9)) + record(b"..needle..")

    def stops(candidate: bytes) -> bool:
        nonlocal asked
        asked += 1
        if asked > 12:
            raise KeyboardInterrupt
        return b"needle" in candidate

    with pytest.raises(KeyboardInterrupt):
        Minimiser(stops, "records", Progress("0", "c", data), lambda p: p.save(state)).run()
    saved = load(state, "0", "c")
    assert saved is not None and len(saved.best) < len(data) and not saved.done
    assert load(state, "0", "another cause") is None and load(state, "1", "c") is None
    again = Minimiser(lambda d: b"needle" in d, "records", saved, lambda p: p.save(state)).run()
    assert again.done and again.best == b"needle"
    state.write_text("{")
    assert load(state, "0", "c") is None


def test_a_proof_input_keeps_its_cause(redzone: Run, tmp_path: Path) -> None:
    bug = catalogue.bug("CVE-2017-0781")
    file = tmp_path / "bt_bnep-padded"
    file.write_bytes(record(b"\x01\x02") + bug.input.read_bytes())
    done = redzone("minimise", str(file), "--sanitizer", "address", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    data = (tmp_path / "bt_bnep-padded.min").read_bytes()
    assert len(data) == answer["minimised"] < bug.input.stat().st_size
    assert answer["env"]["REDZONE_BUGS"] == bug.id
    again = redzone("reproduce", str(tmp_path / "bt_bnep-padded.min"), "--target", "bt_bnep",
                    "--bugs", bug.id, "--sanitizer", "address", "--quiet",
                    "--expect", "heap-buffer-overflow:bnep_setup_keep")
    assert again.returncode == 0, again.stdout


def test_bad_use_of_minimise_is_one_line(redzone: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    for word in ("empty", "missing", "."):
        done = redzone("minimise", str(tmp_path / word), "--target", "bt_eir")
        assert done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1, done.stderr
    (tmp_path / "clean").write_bytes(b"\x02\x01\x06")
    done = redzone("minimise", str(tmp_path / "clean"), "--target", "bt_eir",
                   "--sanitizer", "address")
    assert done.returncode == 1 and "does not fault" in done.stderr
