# SPDX-License-Identifier: GPL-2.0-only
"""What the tool knows of a family of protocols, beyond what the build exports.

A family is a module here of the family's name (`bluetooth` for parsers/bluetooth). It may have

  inputs(target, packets, max_len)    captured packets as inputs of a target
  unit(target, kind, data, entry)     a single PDU (a line of a JSON file) as an input
  RULES                               how the oracle compares its ports with tshark

A family without a module has neither: captures and the oracle do not take its targets.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
from collections.abc import Iterable, Iterator
from typing import Any

from redzone_tool import capture, catalogue
from redzone_tool.errors import ToolError
from redzone_tool.inputs import Input


def _module(name: str) -> Any:
    if importlib.util.find_spec(f"{__name__}.{name}") is None:
        return None
    return importlib.import_module(f"{__name__}.{name}")


def takes_captures(target: catalogue.Target) -> bool:
    """Whether captured packets can be cut into inputs of a target."""
    module = _module(target.family)
    return module is not None and target.form in getattr(module, "CAPTURE_FORMS", ())


def inputs(target: catalogue.Target, packets: Iterable[capture.Packet],
           max_len: int = 0) -> Iterator[Input]:
    """Captured packets as inputs of a target, none longer than @max_len (0: any)."""
    if not takes_captures(target):
        raise ToolError(f"{target.name} takes no captures")
    yield from _module(target.family).inputs(target, packets, max_len)


def takes_units(target: catalogue.Target, kind: str) -> bool:
    """Whether a target has inputs of single PDUs of this kind (the name of their file)."""
    return kind in getattr(_module(target.family), "UNITS", {}).get(target.name, ())


def units(target: catalogue.Target, kind: str, lines: Iterable[str]) -> Iterator[Input]:
    """Lines of `{"hex": …}` as inputs of a target, one each."""
    for number, line in enumerate(lines, 1):
        try:
            entry = json.loads(line)
            data = bytes.fromhex(entry["hex"])
        except (ValueError, KeyError, TypeError) as error:
            raise ToolError(f"line {number} is no PDU: {error}") from error
        made = _module(target.family).unit(target, kind, data, entry)
        note = "" if made is not None else "not a whole PDU"
        yield Input(number, made, len(data), len(data), note=note)


def rules(target: catalogue.Target) -> Any:
    """The oracle's rules for the ports of a target."""
    module = _module(target.family)
    if module is None or not hasattr(module, "RULES"):
        raise ToolError(f"there is no second opinion on the family of {target.name}")
    return getattr(module, "RULES_OF", {}).get(target.name, module.RULES)
