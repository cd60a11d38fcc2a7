# SPDX-License-Identifier: GPL-2.0-only
"""
The catalogue of historical bugs in the OSV format (schema 1.6), one record a bug.

The ids are this project's own (`x_redzone-…`, the prefix that the format keeps for private use);
the public id is an alias. What OSV has no field for is `database_specific`.
"""

from __future__ import annotations

import datetime
import json
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from redzone_tool import paths
from redzone_tool.catalogue import Bug

SCHEMA = "1.6.0"
PREFIX = "x_redzone-"

_FIXES = {"Linux": "https://git.kernel.org/linus/", "Zephyr":
          "https://github.com/zephyrproject-rtos/zephyr/commit/",
          "NimBLE": "https://github.com/apache/mynewt-nimble/commit/"}


def write(bugs: Iterable[Bug], folder: Path) -> list[Path]:
    """One file a bug."""
    folder.mkdir(parents=True, exist_ok=True)
    when = modified()
    written = []
    for bug in bugs:
        made = record(bug, when.get(bug.folder.name))
        file = folder / f"{made['id']}.json"
        file.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
        written.append(file)
    return written


def record(bug: Bug, when: str | None = None) -> dict[str, Any]:
    """One bug; `when` its entry last changed, else by the file's time."""
    facts = bug.facts
    public = [name for name in (bug.id, *bug.aliases) if re.match(r"[A-Za-z][\w-]*-\d", name)]
    aliases = [name for name in public if name.upper().startswith(("CVE-", "GHSA-", "FREEBSD-"))]
    details = [str(facts.get("description", "")).strip()]
    if facts.get("fix"):
        details.append(f"Fix: {str(facts['fix']).strip()}")
    made: dict[str, Any] = {
        "schema_version": SCHEMA, "id": f"{PREFIX}{bug.id}",
        "modified": when or _stamp((bug.folder / "bug.toml").stat().st_mtime),
        "summary": bug.title, "details": "\n\n".join(part for part in details if part)}
    if aliases:
        made["aliases"] = aliases
    links = _references(bug, aliases)
    if links:
        made["references"] = links
    made["database_specific"] = {
        "product": bug.product, "functions": list(bug.functions), "year": bug.year,
        "cwe_ids": [bug.cwe] if bug.cwe else [], "class": bug.class_,
        "memory_safety": bug.memory_safety, "family": bug.family, "target": bug.target,
        "state": bug.state, "difficulty": bug.difficulty,
        "fixed": facts.get("fixed", ""), "introduced": facts.get("introduced", ""),
        "source": facts.get("source", ""),
        "proof": {"file": f"crashes/{bug.folder.name}/input.bin", "sha256": bug.sha256},
        "expected": {name: {"kind": e.kind, "function": e.frame}
                     for name, e in bug.expected.items()}}
    return made


def _references(bug: Bug, aliases: Iterable[str]) -> list[dict[str, str]]:
    links = [{"type": "ADVISORY", "url": f"https://www.cve.org/CVERecord?id={name}"}
             for name in aliases if name.startswith("CVE-")]
    fixed = str(bug.facts.get("fixed", ""))
    base = next((url for name, url in _FIXES.items() if name in bug.product), "")
    if base and re.fullmatch(r"[0-9a-f]{12,40}", fixed):
        links.append({"type": "FIX", "url": base + fixed})
    return links


def modified() -> dict[str, str]:
    """When each entry last changed, from git; empty without it."""
    try:
        done = subprocess.run(
            ["git", "-C", str(paths.root()), "log", "--format=@%ct", "--name-only", "--",
             "crashes"], capture_output=True, text=True, check=False, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return {}
    found: dict[str, str] = {}
    now = 0.0
    for line in done.stdout.splitlines():
        if line.startswith("@"):
            now = float(line[1:])
        elif line.startswith("crashes/") and line.count("/") > 1:
            found.setdefault(line.split("/")[1], _stamp(now))
    return found


def _stamp(seconds: float) -> str:
    when = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")
