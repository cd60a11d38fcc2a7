# SPDX-License-Identifier: GPL-2.0-only
"""
Line plots as inline SVG: survival curves and growth. Lines differ in colour, dash and name, so
that none of them is told by its colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from redzone_tool.report import figures

WIDTH, HEIGHT = 420, 250
LEFT, RIGHT, TOP, BOTTOM = 46, 16, 10, 42
STYLES = 4              # lines that look different; more begin again


@dataclass(frozen=True)
class Line:
    """Points in order, drawn as steps; `band` holds low and high at the same places."""

    name: str
    points: tuple[tuple[float, float], ...]
    band: tuple[tuple[float, float], ...] = ()
    style: int = 0
    faint: bool = False     # an accompanying line
    weak: tuple[bool, ...] = field(default=())


@dataclass(frozen=True)
class _Frame:
    low: float
    high: float
    top: float

    def x(self, value: float) -> str:
        span = math.log(self.high / self.low) or 1.0
        part = math.log(min(max(value, self.low), self.high) / self.low) / span
        return f"{LEFT + part * (WIDTH - LEFT - RIGHT):.1f}"

    def y(self, value: float) -> str:
        return f"{HEIGHT - BOTTOM - value / self.top * (HEIGHT - TOP - BOTTOM):.1f}"


def draw(lines: Sequence[Line], title: str, x_label: str, top: float,
         percent: bool = False) -> Markup:
    """A plot over a logarithmic axis."""
    places = [x for line in lines for x, _ in line.points if x > 0]
    low, high = min(places, default=1.0), max(places, default=1.0)
    frame = _Frame(low, high if high > low else low * 10, top or 1.0)
    body = [_axes(frame, x_label, percent)]
    body += [_band(frame, line) for line in lines if line.band]
    body += [_line(frame, line) for line in lines]
    return Markup('<svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="{}">'
                  "<title>{}</title>").format(WIDTH, HEIGHT, title, title) + Markup(
                      "").join(body) + Markup("</svg>")


def legend(lines: Iterable[Line]) -> Markup:
    """The names of the lines with what they look like."""
    items = Markup("").join(
        Markup('<li><svg class="key" viewBox="0 0 30 10" aria-hidden="true">'
               '<path class="line l{}{}" d="M0 5H30"/></svg> {}</li>').format(
                   line.style % STYLES, " faint" if line.faint else "", line.name)
        for line in lines)
    return Markup('<ul class="keys">') + items + Markup("</ul>")


def _axes(frame: _Frame, label: str, percent: bool) -> Markup:
    parts = []
    for step in range(5):
        value = frame.top * step / 4
        text = f"{100 * value:.0f} %" if percent else figures.count(value)
        parts.append(Markup('<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>'
                            '<text x="{}" y="{}" text-anchor="end" dy="4">{}</text>').format(
            LEFT, WIDTH - RIGHT, frame.y(value), frame.y(value), LEFT - 5, frame.y(value), text))
    for tick in _ticks(frame.low, frame.high):
        parts.append(Markup('<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>'
                            '<text x="{}" y="{}" text-anchor="middle">{}</text>').format(
            frame.x(tick), frame.x(tick), TOP, HEIGHT - BOTTOM, frame.x(tick),
            HEIGHT - BOTTOM + 16, figures.count(tick) if tick >= 1 else f"{tick:g}"))
    parts.append(Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(
        (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, label))
    return Markup("").join(parts)


def _ticks(low: float, high: float) -> list[float]:
    """Powers of ten inside, thinned; the ends when there are too few."""
    powers = [10.0 ** n for n in range(math.ceil(math.log10(low) - 1e-9),
                                       math.floor(math.log10(high) + 1e-9) + 1)]
    step = max(1, math.ceil(len(powers) / 5))
    return powers[::step] if len(powers) >= 2 else [low, high]


def _steps(points: Iterable[tuple[str, str]]) -> str:
    words = []
    for number, (x, y) in enumerate(points):
        words.append(f"M{x} {y}" if not number else f"H{x}V{y}")
    return "".join(words)


def _line(frame: _Frame, line: Line) -> Markup:
    path = _steps((frame.x(x), frame.y(y)) for x, y in line.points)
    return Markup('<path class="line l{}{}" d="{}"><title>{}</title></path>').format(
        line.style % STYLES, " faint" if line.faint else "", path, line.name)


def _band(frame: _Frame, line: Line) -> Markup:
    low = [(frame.x(x), frame.y(b[0])) for (x, _), b in zip(line.points, line.band)]
    high = [(frame.x(x), frame.y(b[1])) for (x, _), b in zip(line.points, line.band)]
    back = "".join(f"V{y}H{x}" for (x, _), (_, y) in zip(low[-2::-1], high[-2::-1]))
    return Markup('<path class="band b{}" d="{}L{} {}{}Z"/>').format(
        line.style % STYLES, _steps(low), high[-1][0], high[-1][1], back)


def survival(curves: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One bug in one sanitizer: the share of trials without the event; a line an engine."""
    lines = []
    engines = sorted({c["engine"] for c in curves}, key=lambda e: (e != "libfuzzer", e))
    first = min((c["steps"][0]["time"] for c in curves), default=1.0)
    start = max(first / 2, 1e-3)
    for curve in sorted(curves, key=lambda c: (engines.index(c["engine"]), c["event"])):
        steps = [s for s in curve["steps"]]
        points = [(start, 1.0), *((max(s["time"], start), s["survival"]) for s in steps)]
        band = [(1.0, 1.0), *((s["low"], s["high"]) for s in steps)]
        end = max(curve["watched"], points[-1][0])
        points.append((end, points[-1][1]))
        band.append(band[-1])
        detect = curve["event"] == "detect"
        lines.append(Line(f"{curve['engine']}, {'detected' if detect else 'triggered'}",
                          tuple(points), tuple(band) if detect else (),
                          2 * engines.index(curve["engine"]) + (not detect), not detect))
    head = curves[0]
    title = (f"{head['subject']}, {head['sanitizer']}: share of {head['trials']} trials without "
             "the event")
    return {"svg": draw(lines, title, "executions (logarithmic)", 1.0, percent=True),
            "names": legend(lines),
            "weak": any(s["weak"] for c in curves for s in c["steps"])}


def growth(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One target: guards reached and violated over executions; a line an engine, sanitizer."""
    lines = []
    for number, row in enumerate(rows):
        place = f"{row['engine']}-{row['sanitizer']}"
        for name, faint in (("reached", False), ("violated", True)):
            points = tuple((p["executions"], p[name]) for p in row["points"])
            band = tuple((p[f"{name}_least"], p[f"{name}_most"]) for p in row["points"])
            lines.append(Line(f"{place}, {name}", points, band if row["trials"] > 1 else (),
                              2 * number + faint, faint))
    top = max((y for line in lines for _, y in line.points), default=1.0)
    scale = 10 ** math.floor(math.log10(max(top / 4, 1)))
    step = next(m * scale for m in (1, 2, 3, 5, 10) if 4 * m * scale >= top)
    return {"svg": draw(lines, f"{rows[0]['target']}: guards over executions",
                        "executions (logarithmic)", 4 * step),
            "names": legend(lines)}
