# SPDX-License-Identifier: GPL-2.0-only
"""The page's drawings: inline SVG that stretches with its column, no text inside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from redzone_tool import outcomes

WIDTH = 1000

# What the industry reports: the share of severe vulnerabilities, not of lost checks.
INDUSTRY = 0.70


def _svg(height: int, body: str, title: str) -> Markup:
    return (Markup('<svg class="bar" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" '
                   'aria-label="{}"><title>{}</title>').format(WIDTH, height, title, title)
            + Markup(body) + Markup("</svg>"))


def _x(value: float) -> str:
    return f"{WIDTH * min(max(value, 0.0), 1.0):.1f}"


def share_bar(share: Mapping[str, Any]) -> Markup:
    """A share as a bar, its interval as a whisker, the industry's claim as a dashed line."""
    bounds = share.get("bounds")
    low, high = share["low"], share["high"]
    parts = [f'<rect class="track" x="0" y="4" width="{WIDTH}" height="16"/>']
    if share["n"] == 0:
        title = "nothing to count"
    elif bounds:
        start, end = bounds
        parts.append(f'<rect class="value" x="0" y="4" width="{_x(start)}" height="16"/>')
        parts.append(f'<rect class="open" x="{_x(start)}" y="4" width="{_x(end - start)}" '
                     'height="16"/>')
        title = f"between {start:.1%} and {end:.1%}; with intervals {low:.1%} to {high:.1%}"
    else:
        parts.append(f'<rect class="value" x="0" y="4" width="{_x(share["value"])}" '
                     'height="16"/>')
        title = f"{share['value']:.1%}, 95 % interval {low:.1%} to {high:.1%}"
    if share["n"]:
        parts.append(f'<line class="whisker" x1="{_x(low)}" x2="{_x(high)}" y1="12" y2="12"/>')
        parts += [f'<line class="whisker" x1="{_x(end_)}" x2="{_x(end_)}" y1="7" y2="17"/>'
                  for end_ in (low, high)]
    parts.append(f'<line class="claim" x1="{_x(INDUSTRY)}" x2="{_x(INDUSTRY)}" y1="0" y2="24"/>')
    return _svg(24, "".join(parts), title)


def axis() -> Markup:
    """Ticks of the share bars."""
    ticks = "".join(f'<line class="tick" x1="{_x(v / 4)}" x2="{_x(v / 4)}" y1="0" y2="5"/>'
                    for v in range(5))
    return _svg(6, ticks, "0 to 100 %")


def outcome_bar(counts: Mapping[str, int]) -> Markup:
    """All guards of a target, one segment a class, worst first."""
    total = sum(counts.values())
    at, parts, words = 0.0, [], []
    for name in outcomes.ORDER:
        number = counts.get(name, 0)
        if not number:
            continue
        parts.append(f'<rect class="o-{name}" x="{_x(at)}" y="0" width="{_x(number / total)}" '
                     'height="26"/>')
        at += number / total
        words.append(f"{outcomes.LABELS[name]}: {number}")
    return _svg(26, "".join(parts), "; ".join(words) or "no guards")
