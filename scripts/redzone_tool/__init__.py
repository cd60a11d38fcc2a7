# SPDX-License-Identifier: GPL-2.0-only
"""redzone: how often do parser mistakes become memory-safety bugs, and who finds them."""
