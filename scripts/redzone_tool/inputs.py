# SPDX-License-Identifier: GPL-2.0-only
"""Inputs cut from files: what they were, and which packets of a capture they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

RECORD_MAX = 0xFFFF


@dataclass(frozen=True)
class Frame:
    """A packet of a capture inside an input."""

    number: int                 # as the capture counts
    offset: int                 # in the input
    cap_len: int = 0
    orig_len: int = 0
    linktype: str = ""
    about: Mapping[str, str] = field(default_factory=dict)      # more for its decoded line


@dataclass(frozen=True)
class Input:
    """One input cut from a file."""

    number: int
    data: bytes | None          # None: skipped, `note` says why
    cap_len: int = 0
    orig_len: int = 0
    linktype: str = ""
    note: str = ""
    frames: tuple[Frame, ...] = ()      # of an input that holds several packets


def record(data: bytes) -> bytes:
    """A `u16le length + bytes` record of a multi-frame target."""
    return len(data).to_bytes(2, "little") + data
