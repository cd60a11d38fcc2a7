# SPDX-License-Identifier: GPL-2.0-only
"""All pages of a report, from a measurement and from a campaign's record, and in a browser."""

from __future__ import annotations

import csv
import html.parser
import io
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import test_campaign
import test_report

from redzone_tool import paths, report, results, survival
from redzone_tool.campaign import data
from redzone_tool.campaign.store import FAILED, Result
from redzone_tool.errors import USAGE
from redzone_tool.report import compliance, csvs, model, page, plots

HERE = paths.root() / "scripts" / "redzone_tool" / "report"
HOSTILE = test_report.HOSTILE


class Page(html.parser.HTMLParser):
    """Tags, links and ids of a page."""

    def __init__(self, text: str):
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.handlers: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("href", "src", "action"):
                self.links.append(value or "")
            if name == "id":
                self.ids.append(value or "")
            if name.startswith("on"):
                self.handlers.append(name)


def _campaign(folder: Path, found: bool = True) -> dict[str, Any]:
    record = test_campaign._store(folder)
    for number, job in record.missing():
        record.finish(number, Result(FAILED, HOSTILE) if job.number == 2 and not found
                      else test_campaign._result(found=found and job.mode == "bugs"))
    figures = data.collect(record)
    figures["bugs"] = [{"id": "CVE-1", "target": "t", "family": "net", "class": "uaf",
                        "title": HOSTILE, "memory_safety": True}]
    return figures


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report over both."""
    where = tmp_path_factory.mktemp("report")
    measured = test_report._data()
    measured["growth"] = [{"target": "net_test", "engine": "libfuzzer", "sanitizer": HOSTILE,
                           "trials": 2, "guards": 3, "points": [
                               {"executions": n, "reached": n / 9, "reached_least": 0,
                                "reached_most": n, "violated": 0, "violated_least": 0,
                                "violated_most": 0} for n in (1, 9, 99)]}]
    report.write(measured, where, _campaign(where / "work"))
    return where


def _pages(folder: Path) -> dict[str, Page]:
    return {file.name: Page(file.read_text(encoding="utf-8")) for file in folder.glob("*.html")}


def test_every_link_leads_somewhere(folder: Path) -> None:
    pages = _pages(folder)
    assert set(pages) >= {"index.html", "bugs.html", "family-net.html", "target-net_test.html",
                          "guards-net.html", "target-t.html"}
    for name, each in pages.items():
        assert len(each.ids) == len(set(each.ids)), name
        for link in each.links:
            if link.startswith("data:"):
                continue
            file, _, fragment = link.partition("#")
            assert not re.match(r"\w+:|/", file), f"{name}: {link}"
            assert (folder / (file or name)).is_file(), f"{name}: {link}"
            if fragment:
                assert fragment in pages[file or name].ids, f"{name}: {link}"


def test_hostile_strings_stay_text_on_every_page(folder: Path) -> None:
    for name, each in _pages(folder).items():
        assert each.tags.count("script") == 1 and "img" not in each.tags, name
        assert not each.handlers, name


def test_every_plot_and_table_has_its_data(folder: Path) -> None:
    for name in ("shares", "outcomes", "matrix", "curves", "growth", "clean", "compliance",
                 "targets", "guards", "bugs"):
        rows = list(csv.DictReader(io.StringIO((folder / f"{name}.csv").read_text())))
        assert rows, name
    curves = list(csv.DictReader(io.StringIO((folder / "curves.csv").read_text())))
    assert {(c["subject"], c["event"], c["unit"]) for c in curves} >= {
        ("CVE-1", "detect", "executions"), ("CVE-2001-0001", "detect", "cpu_s")}
    shares = (folder / "shares.csv").read_text()
    assert "catalogue of historical bugs" in shares, "kept apart, and there"


def test_a_campaign_alone_has_a_report(tmp_path: Path) -> None:
    """Zero findings, failed trials: the report of the rest."""
    figures = _campaign(tmp_path / "work", found=False)
    text = report.write(None, tmp_path / "out", figures).read_text(encoding="utf-8")
    assert "1 trial failed" in text and "Problems" in text
    assert "of lost checks" not in text, "no guard was measured"
    assert not list((tmp_path / "out").glob("guards-*.html"))
    again = report.write(test_report._data(), tmp_path / "out")
    assert not (again.parent / "target-t.html").exists(), "pages of the earlier report are gone"


def test_the_command_writes_it(redzone: test_campaign.Run, tmp_path: Path) -> None:
    record = test_campaign._store(tmp_path)
    for number, _ in record.missing()[:3]:
        record.finish(number, test_campaign._result())
    measured = tmp_path / "data.json"
    measured.write_text(json.dumps(test_report._data()))
    done = redzone("campaign", "report", str(tmp_path / "c"), "--to", str(tmp_path / "r"),
                   "--measure", str(measured))
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "r" / "index.html").read_text(encoding="utf-8")
    assert "of lost checks" in text and "Interrupted" in text
    measured.write_text("{}")
    done = redzone("campaign", "report", str(tmp_path / "c"), "--measure", str(measured))
    assert done.returncode == USAGE and len(done.stderr.strip().splitlines()) == 1


def test_triggered_not_detected_is_visible(folder: Path) -> None:
    text = (folder / "bugs.html").read_text(encoding="utf-8")
    assert "triggered, not detected" in text and 'data-filter="detected silent"' in text


def test_a_guard_of_several_targets_counts_once() -> None:
    rows = test_report._data()["guards"]
    twice = [*rows, *({**r, "target": "other", "outcome": "corruption",
                       "outcomes": ["corruption"]} for r in rows[-1:])]
    both = results.populations.joined(twice)
    assert len(both) == len(rows)
    last = both[-1]
    assert last["targets"] == ["net_test", "other"] and last["outcome"] == "corruption"
    assert last["memory_safety"] and last["outcomes"] == ["corruption", "verdict"]
    assert results.shares(both)["kernel"]["memory_safety"]["violated"]["n"] == 10


def test_growth_counts_firsts() -> None:
    points = results.populations.growth([([1, 5, 50], [50], 100), ([1, 90], [], 1000)])
    assert points[0]["executions"] == 1 and points[-1]["executions"] == 100, "the shorter trial"
    assert points[0]["reached"] == 1
    assert (points[-1]["reached_least"], points[-1]["reached_most"]) == (2, 3)
    assert points[-1]["violated"] == 0.5
    assert results.populations.growth([]) == []


def test_families_agree_or_not() -> None:
    def share(k: int, n: int) -> dict[str, int]:
        return {"k": k, "n": n}
    agreement = results.populations.agreement
    assert agreement([share(5, 10)]) is None and agreement([share(0, 9), share(0, 7)]) is None
    near, far = agreement([share(5, 10), share(10, 20)]), agreement([share(1, 40), share(39, 40)])
    assert near is not None and near > 0.9 and far is not None and far < 1e-6
    three = agreement([share(5, 10), share(10, 20), share(0, 0), share(1, 40)])
    assert three is not None and three < 0.01


def test_guidelines_follow_from_the_figures() -> None:
    few = compliance.Facts(3, 4, "40 CPU-seconds", 40 / 3600, ("libfuzzer",), ("a", "b"), 1, 2,
                           True, True, False, True, True, False)
    many = compliance.Facts(30, 4, "90000 CPU-seconds", 25.0, ("libfuzzer", "afl"), ("a", "b"),
                            2, 2, True, True, True, True, True, False)
    states = [{(i["source"], i["number"]): i["state"] for i in compliance.items(f)}
              for f in (few, many)]
    for key in ((compliance.SOK, "B.2.1"), (compliance.SOK, "B.2.2"), (compliance.KLEES, "4")):
        assert states[0][key] == compliance.NOT_MET and states[1][key] == compliance.MET, key
    assert all(i["evidence"] for i in compliance.items(few))


def test_curves_are_steps_within_the_frame() -> None:
    sample = survival.Sample((10.0, 20.0, 40.0), (True, True, False))
    times = survival.summary(sample)
    drawn = plots.survival([{"engine": "libfuzzer", "event": "detect", "steps": times["curve"],
                             "watched": times["watched"], "trials": 3, "subject": "<b>",
                             "sanitizer": "address"}])
    text = str(drawn["svg"])
    assert "<b>" not in text and "&lt;b&gt;" in text
    numbers = [float(n) for path in re.findall(r' d="([^"]*)"', text)
               for n in re.findall(r"-?\d+\.\d+|-?\d+", path)]
    assert numbers and min(numbers) >= 0 and max(numbers) <= plots.WIDTH


# ---- colours ----

def _colours(block: str) -> dict[str, tuple[float, float, float]]:
    return {name: (int(v[:2], 16) / 255, int(v[2:4], 16) / 255, int(v[4:], 16) / 255)
            for name, v in re.findall(r"--([\w-]+): #([0-9a-f]{6})", block)}


def _light(colour: tuple[float, float, float]) -> float:
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _contrast(a: tuple[float, float, float], b: tuple[float, float, float]) -> float:
    high, low = sorted((_light(a), _light(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_text_and_lines_stand_out_in_both_themes() -> None:
    """WCAG: 4.5 for text, 3 for what is drawn."""
    style = (HERE / "style.css").read_text()
    light, dark = style.split("prefers-color-scheme: dark")[:2]
    for colours in (_colours(light), {**_colours(light), **_colours(dark.split("}\n}")[0])}):
        for ground in ("ground", "raised"):
            for ink in ("ink", "soft", "accent", "silent"):
                assert _contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
        for line in ("l0", "l2", "corruption", "ub", "verdict"):
            assert _contrast(colours[line], colours["ground"]) >= 3, line


def test_lines_differ_without_colour() -> None:
    style = (HERE / "style.css").read_text()
    dashes = [re.search(rf"\.l{n} {{([^}}]*)}}", style) for n in range(plots.STYLES)]
    found = [(m[1].split("stroke-dasharray:")[1:] if m else None) for m in dashes]
    assert len({str(f) for f in found}) == plots.STYLES


# ---- a browser ----

PROBE = """
console.log("probe-marker");
var found = {width: innerWidth, page: document.documentElement.scrollWidth,
  resources: performance.getEntriesByType("resource").length,
  scripts: document.scripts.length, images: document.images.length, tables: []};
document.querySelectorAll("table.sortable").forEach(function (table) {
  var rows = function () { return Array.from(table.tBodies[0].rows); };
  var first = rows()[0].textContent;
  var button = table.querySelector("th button");
  var head = button.closest("th");
  button.focus();
  var focused = document.activeElement === button;
  button.click();
  var up = head.getAttribute("aria-sort"), low = rows()[0].textContent;
  button.click();
  var down = head.getAttribute("aria-sort"), high = rows()[0].textContent;
  var one = {id: table.id, rows: rows().length, focused: focused, up: up, down: down,
    moved: rows().length < 2 || low !== high || first === low};
  var controls = document.querySelector('[data-for="' + table.id + '"]');
  if (controls) {
    var input = controls.querySelector("input");
    input.value = "no row holds this";
    input.dispatchEvent(new Event("input", {bubbles: true}));
    one.none = rows().filter(function (r) { return !r.hidden; }).length;
    input.value = "";
    input.dispatchEvent(new Event("input", {bubbles: true}));
    one.all = rows().filter(function (r) { return !r.hidden; }).length;
    var select = controls.querySelector("select");
    if (select) {
      select.value = rows()[0].getAttribute("data-filter").split(" ")[0];
      select.dispatchEvent(new Event("input", {bubbles: true}));
      one.chosen = rows().filter(function (r) { return !r.hidden; }).length;
    }
  }
  found.tables.push(one);
});
document.body.innerHTML = "";
document.body.textContent = "RESULT" + JSON.stringify(found) + "END";
"""


def _browse(folder: Path, name: str, tmp_path: Path, width: int = 1280) -> dict[str, Any]:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not installed (scripts/redzone setup --full)")
    copy = tmp_path / name
    text = (folder / name).read_text(encoding="utf-8")
    copy.write_text(text.replace("</body>", f"<script>{PROBE}</script></body>"), encoding="utf-8")
    done = subprocess.run(
        [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
         "--no-first-run", "--disable-background-networking", "--disable-component-update",
         f"--user-data-dir={tmp_path}/profile", f"--window-size={width},900",
         "--enable-logging=stderr", "--v=0", "--dump-dom", copy.as_uri()],
        capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "HOME": str(tmp_path)})
    match = re.search(r"RESULT(\{.*\})END", done.stdout)
    assert match, done.stderr[-2000:]
    said = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    assert len(said) == 1 and "probe-marker" in said[0], said
    found = json.loads(html.unescape(match[1]))
    assert isinstance(found, dict)
    return found


@pytest.mark.full
@pytest.mark.parametrize("name,width", [("index.html", 500), ("guards-net.html", 1280)])
def test_in_a_browser(folder: Path, tmp_path: Path, name: str, width: int) -> None:
    """No message, no request, tables sort and filter, nothing is wider than the window."""
    found = _browse(folder, name, tmp_path, width)
    assert found["resources"] == 0 and found["images"] == 0
    assert found["page"] <= found["width"], "no sideways scrolling of the page"
    assert found["tables"]
    for table in found["tables"]:
        assert (table["up"], table["down"]) == ("ascending", "descending"), table
        assert table["focused"] and table["moved"], table
        if "all" in table:
            assert table["none"] == 0 and table["all"] == table["rows"], table
        if "chosen" in table:
            assert 0 < table["chosen"] <= table["rows"], table


def test_names_become_file_names() -> None:
    assert model.slug("../../x y") == "x-y" and model.slug("net_ipv6") == "net_ipv6"
    assert page._anchor("a") != page._anchor("b")
    assert csvs.text(["a"], [{"a": None, "b": 1}]) == "a\n\"\"\n"
