# SPDX-License-Identifier: GPL-2.0-only
"""Write a report: its pages, its data as JSON, every table as CSV."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from redzone_tool import outcomes, sarif, stats
from redzone_tool.report import csvs, figures, findings, model, plots, svg

HERE = Path(__file__).parent
PAGES = ("bugs.html", "family-*.html", "target-*.html", "guards-*.html")

SECTIONS = (("shares", "Shares"), ("families", "Targets"), ("outcomes", "Outcomes"),
            ("bugs", "Bugs"), ("growth", "Growth"), ("risk", "Residual risk"),
            ("limits", "Not measured"), ("compliance", "Guidelines"), ("manifest", "Manifest"))


def write(measure: Mapping[str, Any] | None, folder: Path,
          campaign: Mapping[str, Any] | None = None) -> Path:
    """The report in `folder`; each file is replaced whole, so a reader never sees a half."""
    made = model.build(measure, campaign)
    folder.mkdir(parents=True, exist_ok=True)
    files = csvs.files(made)
    for name, data in (("data.json", measure), ("campaign.json", campaign)):
        if data is not None:
            files[name] = json.dumps(data, indent=1) + "\n"
    files["findings.sarif"] = sarif.text(findings.document(measure, campaign, made["facts"]))
    written = pages(made, sorted(files))
    for pattern in PAGES:       # of an earlier report with other targets
        for old in folder.glob(pattern):
            if old.name not in written:
                old.unlink()
    for name, text in {**files, **written}.items():
        _replace(folder / name, text)
    return folder / "index.html"


def html(measure: Mapping[str, Any] | None, campaign: Mapping[str, Any] | None = None) -> str:
    """The first page."""
    return pages(model.build(measure, campaign), ())["index.html"]


def pages(made: Mapping[str, Any], files: Sequence[str]) -> dict[str, str]:
    """File name and text of every page. What comes from inputs, ports or reports stays text."""
    env = _environment()
    common = {"r": made, "outcome_choices": [(n, outcomes.LABELS[n]) for n in outcomes.ORDER],
              "css": Markup((HERE / "style.css").read_text(encoding="utf-8")),
              "js": Markup((HERE / "table.js").read_text(encoding="utf-8"))}

    def page(template: str, **values: Any) -> str:
        return env.get_template(template).render(**common, **values)

    curves = list(_curves(made["curves"]))
    growth = list(_growth(made["growth"]))
    shown = set(("shares", "outcomes") if made["guards"] else ())
    written = {
        "index.html": page(
            "index.html.j2", about=_about(made), interrupted=_interrupted(made), files=files,
            sections=[s for s in SECTIONS if s[0] not in ("shares", "outcomes") or s[0] in shown],
            totals=_totals(made), target_rows=_target_rows(made), growth=growth),
        "bugs.html": page("bugs.html.j2", rows=made["matrix"], curves=curves)}
    for family in made["families"]:
        name, own = family["name"], set(family["targets"])
        written[f"family-{model.slug(name)}.html"] = page(
            "family.html.j2", name=name, kind="family", family=name, shares=family["shares"],
            links=[{"href": f"target-{model.slug(t)}.html", "name": t}
                   for t in family["targets"]],
            outcome_rows=[family, *family["rows"]][len(family["rows"]) == 1:], guards=(),
            **_part(made, own, curves, growth))
        guards = [g for g in made["guards"] if own & set(g["targets"])]
        if guards:
            written[f"guards-{model.slug(name)}.html"] = page(
                "guards.html.j2", family=family, rows=guards)
        rows = {row["name"]: row for row in family["rows"]}
        for target in family["targets"]:
            row = rows.get(target)
            written[f"target-{model.slug(target)}.html"] = page(
                "family.html.j2", name=target, kind="target", family=name,
                links=[{"href": f"family-{model.slug(name)}.html", "name": name}],
                shares=row and row["shares"], outcome_rows=[row] if row else [],
                guards=_own_guards(made, target), **_part(made, {target}, curves, growth))
    return written


def _part(made: Mapping[str, Any], targets: set[str], curves: Sequence[Mapping[str, Any]],
          growth: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What belongs to some targets."""
    return {"rows": [row for row in made["matrix"] if row["target"] in targets],
            "curves": [c for c in curves if c["target"] in targets],
            "growth": [g for g in growth if g["target"] in targets],
            "clean": [c for c in made["clean"] if c["target"] in targets]}


def _own_guards(made: Mapping[str, Any], target: str) -> list[Mapping[str, Any]]:
    rows = [r for r in (made["measure"] or {}).get("guards", ()) if r["target"] == target]
    return sorted(rows, key=lambda r: (outcomes.RANK[r["outcome"]], r["file"], r["line"]))


def _environment() -> Environment:
    env = Environment(loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True,
                      lstrip_blocks=True, undefined=StrictUndefined)
    env.filters.update(
        percent=_tied(figures.percent), count=figures.count, seconds=_tied(figures.seconds),
        interval=_tied(figures.interval), plural=_tied(figures.plural), breakable=_breakable,
        slug=model.slug, anchor=_anchor, when=figures.cell_time, rank=_rank, states=_states,
        limit=_limit, limit_value=lambda c: _rate(c).high, facts=_facts)
    env.globals.update(
        share_bar=svg.share_bar, outcome_bar=svg.outcome_bar, axis=svg.axis,
        LABELS=outcomes.LABELS, MEANINGS=outcomes.MEANINGS, ORDER=outcomes.ORDER,
        MARKS=figures.MARKS, WORDS=figures.WORDS, proof_cell=figures.proof_cell)
    return env


def _curves(rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["unit"] == "executions":
            groups.setdefault((row["target"], row["subject"], row["sanitizer"], row["mode"]),
                              []).append(row)
    for (target, subject, sanitizer, mode), own in sorted(groups.items()):
        yield {"target": target, "subject": subject, "sanitizer": sanitizer, "mode": mode,
               "trials": own[0]["trials"], **plots.survival(own)}


def _growth(rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["points"]:
            groups.setdefault(row["target"], []).append(row)
    for target, own in groups.items():
        yield {"target": target, "trials": max(r["trials"] for r in own),
               "guards": max(r["guards"] for r in own), **plots.growth(own)}


def _target_rows(made: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = {row["name"]: row for family in made["families"] for row in family["rows"]}
    return [{**t, "row": rows.get(t["name"])} for t in csvs.target_rows(made)]


def _totals(made: Mapping[str, Any]) -> dict[str, Any]:
    """Figures of the cards; one bug at a time only."""
    states = [[c["state"] for p, c in row["cells"].items() if p[2] == "bugs"]
              for row in made["matrix"]]
    return {"bugs": len(states), "tried": sum(bool(s) for s in states),
            "triggered": sum(bool({model.DETECTED, model.SILENT} & set(s)) for s in states),
            "detected": sum(model.DETECTED in s for s in states),
            "silent": sum(any(c["triggered_not_detected"] for c in row["cells"].values())
                          for row in made["matrix"]),
            "clean_hours": sum(c["cpu_hours"] for c in made["clean"]),
            "clean_findings": len({(c["target"], f) for c in made["clean"]
                                   for f in c["findings"]})}


def _about(made: Mapping[str, Any]) -> str:
    """When, where, from what."""
    words = []
    campaign, measure = made["campaign"], made["measure"]
    if campaign:
        counts = campaign["trials"]
        words.append(f"campaign of {campaign['created'].replace('T', ' ').replace('Z', ' UTC')}")
        words.append(f"{counts['done']} of {counts['planned_total']} trials done")
    if measure:
        words.append(f"{measure['started'].replace('T', ' ').replace('Z', ' UTC')}")
        words.append(f"{figures.seconds(measure['wall_s'])} wall time")
    source = made["manifests"][0][1].get("source") or {}
    words.append(f"source {source['commit'][:12]}" + (", modified" if source.get("modified")
                                                      else "") if source.get("commit")
                 else "source not under version control")
    return " · ".join(words)


def _interrupted(made: Mapping[str, Any]) -> bool:
    campaign, measure = made["campaign"], made["measure"]
    return bool((measure and measure["interrupted"])
                or (campaign and campaign["trials"].get("planned")))


def _facts(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A manifest as a list of facts."""
    source, machine = manifest.get("source") or {}, manifest.get("machine") or {}
    yield "command", manifest.get("command") or "redzone"
    yield "created", str(manifest.get("created", "unknown"))
    yield "source", (source.get("commit") or "unknown") + (
        ", with local changes" if source.get("modified") else "")
    yield "compiler", manifest.get("compiler") or "unknown"
    yield "second engine", manifest.get("afl") or "unknown"
    if machine:
        yield "machine", (f"{machine['cpu']}, {machine['cpus']} CPUs, {machine['memory_mib']} MiB, "
                          f"{machine['system']}, kernel {machine['kernel']}, load "
                          f"{machine['load']}")
    yield "RNG", "; ".join(f"{k}: {v}" for k, v in (manifest.get("rng") or {}).items())
    yield "inputs", "; ".join(
        f"{k}: {figures.plural(v['files'], 'file')}, {v['bytes']} bytes, {v['sha256']}"
        for k, v in (manifest.get("seeds") or {}).items())
    if manifest.get("binaries"):
        yield "binaries", "; ".join(f"{k}: {v}" for k, v in manifest["binaries"].items())


def _anchor(guard: str) -> str:
    return f"g-{hashlib.sha1(guard.encode()).hexdigest()[:12]}"


def _rank(cell: Mapping[str, Any] | None) -> str:
    """How a cell of the matrix sorts: best found first, then by time."""
    if cell is None:
        return "9"
    value = (cell["median_executions"] or {}).get("value")
    return f"{model.STATES.index(cell['state'])}.{int(value or 0):015d}"


def _states(row: Mapping[str, Any]) -> str:
    """Words that the matrix filters by."""
    cells = list(row["cells"].values())
    words = {c["state"] for c in cells} or {"untried"}
    return " ".join(sorted(words | {"silent" for c in cells if c["triggered_not_detected"]}))


def _rate(row: Mapping[str, Any]) -> stats.Rate:
    return stats.poisson_rate(len(set(row["findings"])), row["cpu_hours"])


def _limit(row: Mapping[str, Any]) -> str:
    rate = _rate(row)
    if rate.value is None:
        return f"< {figures.count(rate.high)}" if row["cpu_hours"] else figures.UNKNOWN
    return f"{figures.count(rate.value)} ({figures.count(rate.low)}–{figures.count(rate.high)})"


def _breakable(name: str) -> Markup:
    """A long identifier may break behind its underscores."""
    return Markup("_<wbr>").join(name.split("_"))


def _tied(function: Callable[..., str]) -> Callable[..., str]:
    """A number and its unit stay on one line."""
    def tied(*values: Any) -> str:
        return function(*values).replace(" ", "\N{NO-BREAK SPACE}")
    return tied


def _replace(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_text(text, encoding="utf-8", errors="replace")
    os.replace(temporary, path)
