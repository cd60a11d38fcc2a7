# SPDX-License-Identifier: GPL-2.0-only
"""From a folder of crashes to causes: collect, play, judge, cluster, print."""
