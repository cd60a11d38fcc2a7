# SPDX-License-Identifier: GPL-2.0-only
"""What canaries cost: the three ways of a run, and that canaries can be told to count nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from redzone_tool import build, canaries, catalogue, disturbance, paths
from redzone_tool.disturbance import NOOP, WITH, WITHOUT, Disturbance, Ran
from redzone_tool.report import tables


def _row() -> Disturbance:
    row = Disturbance("t", "libfuzzer", "address")
    for way, speed, edges, counted in ((WITHOUT, 100, 50, 100), (NOOP, 90, 60, 120),
                                       (WITH, 80, 60, 120)):
        row.runs[way] = [Ran(speed * n, n, edges + n, 9, counted) for n in (1, 2, 3)]
    return row


def test_ratios_and_equality() -> None:
    row = _row()
    assert (row.ratio(NOOP), row.ratio(WITH)) == (0.9, 0.8)
    assert row.covered(WITHOUT) == 0.52 and row.equal == 3
    row.runs[WITH][1] = Ran(160, 2, 62, 10, 120)
    assert row.equal == 2, "another input was kept"
    text = tables.plain(disturbance.table([row]))
    assert "80.0 %" in text and "2 of 3" in text
    row.runs[NOOP] = [Ran(90, 1, 60, 9)]
    assert row.covered(NOOP) is None and "–" in tables.plain(disturbance.table([row]))
    assert row.as_dict()["edges"][NOOP] == [60]


def test_environments_differ(tmp_path: Path) -> None:
    found = [disturbance._environment(way, tmp_path).get("REDZONE_CANARIES")
             for way in disturbance.WAYS]
    assert found[0] is None and found[1] == "none" and found[2] == str(tmp_path / "canaries")
    assert canaries.inputs_dir(tmp_path / "canaries").is_dir()


@pytest.mark.parametrize("value,counts", [("none", False), ("canaries", True)])
def test_canaries_can_count_nothing(tmp_path: Path, value: str, counts: bool) -> None:
    build.ensure("native-guards", ["redzone-selftest"])
    exe = paths.build_dir("native-guards") / "bin" / "redzone-selftest"
    assert catalogue.guard_table(exe=exe)["guards"]
    file = tmp_path / "input"
    file.write_bytes(b"\x00\x08\x01\x00\x00")
    (tmp_path / "manifest").write_text(f"{file}\n")
    done = subprocess.run([exe, "selftest", "run", "--manifest", tmp_path / "manifest"],
                          cwd=tmp_path, capture_output=True, text=True, check=False,
                          env={"REDZONE_CANARIES": value})
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "none").exists()
    seen = canaries.read(tmp_path / "canaries")
    assert bool(seen and any(c.violated for c in seen.guards)) is counts
