# SPDX-License-Identifier: GPL-2.0-only
"""Campaigns: planned sets of trials that survive whatever ends the tool."""
