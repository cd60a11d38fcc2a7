# SPDX-License-Identifier: GPL-2.0-only
"""OSS-Fuzz and ClusterFuzzLite: what a build hands over, and whether it keeps their rules."""
