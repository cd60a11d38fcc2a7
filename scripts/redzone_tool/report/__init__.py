# SPDX-License-Identifier: GPL-2.0-only
"""The report of a measurement: one static page, its data, tables for other programs."""

from redzone_tool.report.page import html, write

__all__ = ["html", "write"]
