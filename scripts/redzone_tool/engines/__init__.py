# SPDX-License-Identifier: GPL-2.0-only
"""Fuzzing engines as processes: one trial, one stream of figures, one result."""

from redzone_tool.engines.base import Stats, Trial, TrialResult, run

__all__ = ["Stats", "Trial", "TrialResult", "run"]
