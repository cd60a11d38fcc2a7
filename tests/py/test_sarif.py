# SPDX-License-Identifier: GPL-2.0-only
"""SARIF: what a code host relies on, and that names and reports stay text."""

from __future__ import annotations

import json
import os
from urllib.parse import unquote, urlsplit

from redzone_tool import sarif
from redzone_tool.sarif import Place, Result, Rule

READ = Rule("heap-buffer-overflow", "Read behind a heap block", "CWE-125", ("memory",), 8.1)
HOSTILE = "[click](javascript:x) {0} \\ \x1b[2J \ud800 <b>"


def _log() -> dict[str, object]:
    results = [
        Result(READ, HOSTILE, place=Place("parsers/net/ip.c", 12, 3, "ip_rcv"), count=3,
               stack=(Place("parsers/net/ip.c", 12, 3, "ip_rcv"), Place(function="main")),
               fingerprint="abc", inputs=("inputs/a b%.bin", "inputs/a b%.bin")),
        Result(Rule("hang"), "", sarif.NOTE),
        Result(READ, "not there any more", kind=sarif.PASS)]
    return sarif.log(results, command="redzone triage x", commit="1" * 40, notes=["a {note}"],
                     complete=False)


def test_results_refer_to_their_rules() -> None:
    run = json.loads(sarif.text(_log()))["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["heap-buffer-overflow", "hang"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert rules[0]["properties"] == {"security-severity": "8.1",
                                      "tags": ["security", "memory", "external/cwe/cwe-125"]}
    assert [r["level"] for r in run["results"]] == ["error", "note", "none"], "pass has no level"
    assert run["results"][0]["occurrenceCount"] == 3
    assert len(run["results"][0]["attachments"]) == 1
    assert "locations" not in run["results"][1]
    assert run["invocations"][0]["executionSuccessful"] is False


def test_words_of_reports_are_text() -> None:
    run = json.loads(sarif.text(_log()))["runs"][0]
    words = run["results"][0]["message"]["text"]
    assert "\\[click\\]" in words and "{{0}}" in words and "\x1b" not in words
    assert all(result["message"]["text"] for result in run["results"])


def test_any_file_name_is_a_uri() -> None:
    for name in ("a:b", "//host/x", "sp ace#?%", os.fsdecode(b"\xff\n"), "ü/[x]"):
        uri = sarif.uri(name)
        assert uri.isascii() and " " not in uri
        if not name.startswith("/"):
            assert not urlsplit(uri).scheme and not urlsplit(uri).query
            assert unquote(uri, errors="surrogateescape") == name
    place = sarif.log([Result(READ, "m", place=Place("/usr/x.c", 1))])["runs"][0]["results"][0]
    artifact = place["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": "file:///usr/x.c"}


def test_a_run_without_findings_is_a_log() -> None:
    empty = sarif.log([])
    assert empty["runs"][0]["results"] == [] and empty["version"] == "2.1.0"
