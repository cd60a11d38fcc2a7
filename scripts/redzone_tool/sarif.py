# SPDX-License-Identifier: GPL-2.0-only
"""
Findings as SARIF 2.1.0, for code hosts and IDEs.

A rule is a kind of defect, a result one finding; places are relative to the source tree. Text
of reports and names of inputs are data: nothing in them is read as Markdown or a placeholder.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

VERSION = "2.1.0"
SCHEMA_URI = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
ROOT = "SRCROOT"

ERROR, WARNING, NOTE, NONE = "error", "warning", "note", "none"
FAIL, PASS, REVIEW = "fail", "pass", "review"


@dataclass(frozen=True)
class Place:
    """A line of a source file; a place without a file names only its function."""

    file: str = ""              # relative to the source tree
    line: int = 0
    column: int = 0
    function: str = ""


@dataclass(frozen=True)
class Rule:
    """A kind of defect: `id` is stable, such as heap-buffer-overflow."""

    id: str
    text: str = ""              # one sentence
    cwe: str = ""               # CWE-125
    tags: tuple[str, ...] = ()
    severity: float | None = None       # 0 to 10, as code hosts sort by


@dataclass(frozen=True)
class Result:
    """One finding. `fingerprint` is what two runs' reports of one cause have in common."""

    rule: Rule
    message: str
    level: str = ERROR
    kind: str = FAIL            # pass: looked for and not there
    place: Place = Place()
    stack: tuple[Place, ...] = ()       # innermost first
    fingerprint: str = ""
    count: int = 1              # of inputs
    inputs: tuple[str, ...] = ()        # files that show it, relative to the log
    properties: Mapping[str, Any] = field(default_factory=dict)


def log(results: Sequence[Result], *, command: str = "", commit: str = "",
        notes: Iterable[str] = (), complete: bool = True) -> dict[str, Any]:
    """A SARIF log of one run; `notes` say what the run could not do."""
    rules = list({r.rule.id: r.rule for r in results}.values())
    index = {rule.id: number for number, rule in enumerate(rules)}
    invocation: dict[str, Any] = {"executionSuccessful": complete}
    if command:
        invocation["commandLine"] = command
    told = [{"level": WARNING, "message": _message(note)} for note in notes]
    if told:
        invocation["toolExecutionNotifications"] = told
    run: dict[str, Any] = {
        "tool": {"driver": {"name": "redzone", "rules": [_rule(rule) for rule in rules]}},
        "invocations": [invocation],
        "originalUriBaseIds": {ROOT: {"description": _message("the source tree of redzone")}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, index[each.rule.id]) for each in results]}
    if commit:
        run["properties"] = {"commit": commit}
    return {"$schema": SCHEMA_URI, "version": VERSION, "runs": [run]}


def text(document: Mapping[str, Any]) -> str:
    """The log as a file's text."""
    return json.dumps(document, indent=1) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    tags = list(dict.fromkeys([*rule.tags, *([f"external/cwe/{rule.cwe.lower()}"]
                                             if rule.cwe else [])]))
    properties: dict[str, Any] = {"tags": tags} if tags else {}
    if rule.severity is not None:
        # Code hosts read it as a string, and only from rules tagged `security`.
        properties |= {"security-severity": f"{rule.severity:.1f}",
                       "tags": list(dict.fromkeys(["security", *tags]))}
    return {"id": rule.id, "shortDescription": _message(rule.text or rule.id),
            **({"properties": properties} if properties else {})}


def _result(result: Result, index: int) -> dict[str, Any]:
    made: dict[str, Any] = {
        "ruleId": result.rule.id, "ruleIndex": index, "kind": result.kind,
        "level": result.level if result.kind == FAIL else NONE,
        "message": _message(result.message)}
    if result.place != Place():
        made["locations"] = [_location(result.place)]
    if result.stack:
        made["stacks"] = [{"frames": [{"location": _location(p)} for p in result.stack]}]
    if result.fingerprint:
        made["partialFingerprints"] = {"redzone/v1": result.fingerprint}
    if result.count > 1:
        made["occurrenceCount"] = result.count
    if result.inputs:
        made["attachments"] = [{"artifactLocation": {"uri": uri(name)}}
                               for name in dict.fromkeys(result.inputs)]
    if result.properties:
        made["properties"] = dict(result.properties)
    return made


def _location(place: Place) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if place.file:
        artifact: dict[str, Any] = {"uri": uri(place.file)}
        if not Path(place.file).is_absolute():
            artifact["uriBaseId"] = ROOT
        physical: dict[str, Any] = {"artifactLocation": artifact}
        if place.line > 0:
            physical["region"] = {"startLine": place.line} | (
                {"startColumn": place.column} if place.column > 0 else {})
        made["physicalLocation"] = physical
    if place.function:
        made["logicalLocations"] = [{"name": place.function, "kind": "function"}]
    return made


def uri(path: str) -> str:
    """A path as a URI: whatever bytes its name holds, and never mistaken for a scheme."""
    raw = quote(path.encode("utf-8", "surrogateescape"), safe="/-._~")
    return f"file://{raw}" if path.startswith("/") else raw


def _message(words: str) -> dict[str, str]:
    """Text as it is: braces are placeholders in SARIF, brackets links, unless escaped."""
    shown = "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}"
                    for c in words)
    for mark, escaped in (("{", "{{"), ("}", "}}"), ("\\", "\\\\"), ("[", "\\["), ("]", "\\]")):
        shown = shown.replace(mark, escaped)
    return {"text": shown or "no text"}
