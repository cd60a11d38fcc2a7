# SPDX-License-Identifier: GPL-2.0-only
"""What `reproduce` says of a fault: its line, the missing guard, the field, a debugger."""

from __future__ import annotations

import re
import shutil

import pytest
from conftest import Run

from redzone_tool import catalogue, explain

NO_GUARD = "CVE-2026-63922"     # the fix is no check


def guarded() -> catalogue.Bug:
    """A bug whose missing check is a guard, and that address sanitizer reports."""
    sites = {g.bug for g in catalogue.guards()}
    return next(b for b in catalogue.bugs("net_ipv6")
                if b.id in sites and b.expected["address"].is_report)


def test_the_line_the_guard_and_the_field(redzone: Run) -> None:
    bug = guarded()
    done = redzone("reproduce", bug.id, "--sanitizer", "address")
    assert done.returncode == 0, done.stdout
    assert re.search(r"^where: parsers/\S+:\d+$", done.stdout, re.M)
    assert re.search(r"^> +\d+  ", done.stdout, re.M)
    site = next(g for g in catalogue.guards() if g.bug == bug.id)
    assert "missing guard: malformed(" in done.stdout and site.file in done.stdout
    assert "decoded, with nothing switched off:" in done.stdout
    assert re.search(r"^  > packet \d+ at byte", done.stdout, re.M), "the packet is marked"
    quiet = redzone("reproduce", bug.id, "--sanitizer", "address", "--no-explain")
    assert "where:" not in quiet.stdout


def test_a_fix_that_is_no_guard_is_told(redzone: Run) -> None:
    done = redzone("reproduce", NO_GUARD, "--sanitizer", "address")
    assert "missing, and no guard: Look the network header up again" in done.stdout


def test_source_stays_in_the_tree() -> None:
    assert list(explain.source("../../etc/passwd", 1)) == []
    assert list(explain.source("parsers/net/none.c", 1)) == []
    shown = list(explain.source("README.md", 1))
    assert shown[:2] == ["where: README.md:1", ">     1  # redzone"]


def test_the_field_before_the_guard_is_marked() -> None:
    packet = {"offset": 4, "verdict": [["errno", -22]], "rejected_by": "g", "violated": ["g"],
              "fields": [["a.type", 1], ["a.len", 9]], "effects": []}
    lines = list(explain.decoded({"packets": [{**packet, "violated": []}, packet]}, {"g"}))
    assert lines[-1].startswith("  >     a.len = 9      <- the last field read")
    assert sum(line.startswith("  > packet") for line in lines) == 1
    assert "faults with every guard on" in next(explain.decoded({"fault": "SEGV"}, set()))


@pytest.mark.skipif(shutil.which("gdb") is None, reason="gdb is not installed")
def test_gdb_stops_where_it_is_reported(redzone: Run) -> None:
    done = redzone("reproduce", NO_GUARD, "--sanitizer", "address", "--gdb", "--no-explain",
                   env={"REDZONE_NO_SETUP": "1"})
    assert re.search(r"^#\d+ .* in ip6_parse_tlv ", done.stdout, re.M), done.stdout[-2000:]
