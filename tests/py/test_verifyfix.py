# SPDX-License-Identifier: GPL-2.0-only
"""`verify-fix`: before and after, and what is said when the fix does not hold."""

from __future__ import annotations

import dataclasses
import json

import pytest
from conftest import Run

from redzone_tool import catalogue, verifyfix

ID = "CVE-2017-0781"


def test_before_and_after(redzone: Run) -> None:
    done = redzone("verify-fix", ID, "--sanitizer", "address", "--no-solid", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    bug = catalogue.bug(ID)
    assert answer["fixed"] and len(answer["rows"]) == 1 + len(bug.variants)
    proof = answer["rows"][0]
    assert proof["input"] == verifyfix.PROOF and "bnep_setup_keep" in proof["before"]
    assert proof["after"] == "clean"


def test_what_does_not_hold_is_wrong() -> None:
    bug = catalogue.bug(ID)
    other = dataclasses.replace(bug, variants=(), expected={
        "address": catalogue.Expected("heap-use-after-free")})
    row, = verifyfix.rows(other, ["address"], solid=False)
    assert not row.ok and row.expected == "heap-use-after-free"


def test_an_unknown_id_is_one_line(redzone: Run) -> None:
    done = redzone("verify-fix", "CVE-2017-078")
    assert done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1


@pytest.mark.full
def test_solid_builds_have_the_fix() -> None:
    rows = [r for r in verifyfix.rows(catalogue.bug(ID), ["address"]) if not r.before]
    assert rows and all(r.ok and r.flavour == "libfuzzer-address" for r in rows)
