# SPDX-License-Identifier: GPL-2.0-only
"""What other programs read: JSON by its schema, findings as SARIF, the catalogue as OSV."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import test_campaign
import test_report
import test_report_pages

from redzone_tool import catalogue, osv, paths
from redzone_tool.campaign import data, export
from redzone_tool.report import findings

jsonschema = pytest.importorskip("jsonschema", reason="python3-jsonschema is not installed")


def _check(name: str, document: dict[str, Any]) -> list[str]:
    schema = json.loads((paths.root() / "docs" / "schema" / f"{name}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    plain = json.loads(json.dumps(document, allow_nan=False))
    return [f"{error.json_path}: {error.message[:200]}"
            for error in jsonschema.Draft202012Validator(schema).iter_errors(plain)]


def test_a_measurement_is_as_its_schema_says() -> None:
    measured = test_report._data()
    assert not _check("data", measured)
    del measured["shares"]["kernel"]["with_null"]["all"]["low"]
    measured["guards"][0]["line"] = "ten"
    assert len(_check("data", measured)) == 2, "the schema says no where it has to"


def test_a_campaign_is_as_its_schema_says(tmp_path: Path) -> None:
    assert not _check("campaign", test_report_pages._campaign(tmp_path))
    (tmp_path / "empty").mkdir()
    assert not _check("campaign", data.collect(test_campaign._store(tmp_path / "empty")))


def test_the_schema_names_what_the_page_documents() -> None:
    page = (paths.root() / "docs" / "measuring.md").read_text()
    for name in ("data", "campaign"):
        schema = json.loads(
            (paths.root() / "docs" / "schema" / f"{name}.schema.json").read_text())
        for key in schema["properties"]:
            assert re.search(rf'[`"]{key}\b', page), f"{name}.json: {key}"


def test_findings_of_a_campaign_are_notes(tmp_path: Path) -> None:
    record = test_campaign._store(tmp_path)
    for number, job in record.missing():
        record.finish(number, test_campaign._result(found=job.mode == "bugs"))
    written = {file.name: file for file in export.write(record, tmp_path / "out")}
    run = json.loads(written["findings.sarif"].read_text())["runs"][0]
    one, = run["results"]
    assert one["level"] == "note", "it was put there"
    assert one["ruleId"] == "heap-buffer-overflow" and one["occurrenceCount"] == 2
    attached = one["attachments"][0]["artifactLocation"]["uri"]
    assert (tmp_path / "out" / attached).read_bytes() == b"\0bad"


def test_what_faults_in_the_port_as_it_is_is_an_error() -> None:
    measured = test_report._data()
    measured["clean"]["runs"][0] |= {
        "kinds": ["SEGV (read) in f parsers/net/x.c:12"], "findings": ["/out/a b"]}
    one, = findings.document(measured, None, {})["runs"][0]["results"]
    assert one["level"] == "error" and one["ruleId"] == "SEGV"
    where = one["locations"][0]
    assert where["physicalLocation"]["artifactLocation"]["uri"] == "parsers/net/x.c"
    assert where["physicalLocation"]["region"] == {"startLine": 12}
    assert where["logicalLocations"][0]["name"] == "f"
    assert findings.place("no place in it at all").file == ""


def test_every_bug_has_a_record(tmp_path: Path) -> None:
    bugs = catalogue.bugs()
    records = [json.loads(file.read_text()) for file in osv.write(bugs, tmp_path)]
    assert len({r["id"] for r in records}) == len(bugs)
    for bug, made in zip(bugs, records):
        assert made["id"] == f"x_redzone-{bug.id}" and made["summary"] and made["details"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", made["modified"])
        assert (bug.id in made.get("aliases", ())) == bug.id.startswith("CVE-")
        assert all(re.match(r"https://[\w.]+/\S+$", r["url"]) for r in made.get("references", ()))
        assert made["database_specific"]["memory_safety"] is bug.memory_safety
        assert (paths.root() / made["database_specific"]["proof"]["file"]).is_file()
