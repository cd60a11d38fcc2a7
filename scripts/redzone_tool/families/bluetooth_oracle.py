# SPDX-License-Identifier: GPL-2.0-only
"""How the Bluetooth ports' reading of captures is held against tshark's, both directions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from redzone_tool import paths
from redzone_tool.oracle import DIFFERS, MISSING, Kernel, Rules, as_list, number, refusal

L2CAP_CONN_REQ, L2CAP_CONF_RSP = 0x02, 0x05
L2CAP_CONF_SUCCESS = 0
EV_CMD_COMPLETE = 0x0E
HEADERS = "parsers/kernel/include/net/bluetooth"


def handled(kernel: Kernel) -> frozenset[int]:
    """Opcodes of the commands whose return parameters the ports have a handler for."""
    names = {name for file, text in kernel.sources.items() if "hci_cc" in file
             for name in re.findall(r"\bHCI_CC\w*\(\s*(HCI_OP_\w+)", text)}
    numbers = _opcodes()
    return frozenset(numbers[name] for name in names if name in numbers)


@lru_cache(maxsize=1)
def _opcodes() -> dict[str, int]:
    text = "".join(path.read_text(encoding="utf-8")
                   for path in sorted((paths.root() / HEADERS).glob("hci*.h")))
    return {name: int(value, 16) for name, value in
            re.findall(r"^#define\s+(HCI_OP_\w+)\s+(0x[0-9a-fA-F]+)", text, re.MULTILINE)}


def rejected(port: Mapping[str, Any]) -> bool:
    """Whether a decoded packet, or what it carries, was refused.

    Several layers have a verdict on one packet. Of data the kernel takes the frame and answers a
    command in it that it refuses, or keeps it until the link is up: what it violated last is
    what stopped the reading.
    """
    if any(name == "errno" and value < 0 for name, value in port.get("verdict", ())):
        return True
    is_event = any(name == "bthci_evt.code" for name, _ in port.get("fields", ()))
    return bool(port.get("rejected_by")) and not is_event


class Why:
    """The reason why a value of one packet is not there."""

    def __init__(self, answer: Mapping[str, Any], port: Mapping[str, Any],
                 kernel: Kernel) -> None:
        self.refusal = refusal(answer, port, kernel) if rejected(port) else None
        self.skipped = str(port.get("skipped", ""))
        self.fault = str(port.get("fault", ""))
        self.event = number(as_list(answer.get("bthci_evt.code"))[0])
        self.opcode = number(as_list(answer.get("bthci_evt.opcode"))[0])
        self.result = number(as_list(answer.get("btl2cap.conf_result"))[0])
        self.kernel = kernel
        self.codes = [number(code) for code in as_list(answer.get("btl2cap.cmd_code", []))]

    def missing(self, name: str, index: int, count: int) -> tuple[str, str]:
        if self.fault:
            return DIFFERS, f"the input ends in a fault: {self.fault}"
        if self.skipped:
            return MISSING, self.skipped
        if name == "btl2cap.psm" and L2CAP_CONN_REQ not in self.codes:
            return MISSING, "not in the packet: tshark's own table of channels has it"
        if self.refusal:
            return self.refusal
        if (self.event == EV_CMD_COMPLETE and name in RETURNED
                and self.opcode not in handled(self.kernel)):
            return MISSING, "return parameters of a command that the modelled kernel ignores"
        if (self.codes == [L2CAP_CONF_RSP] and name.startswith("btl2cap.option_")
                and self.result == L2CAP_CONF_SUCCESS):
            return MISSING, "options of a granted configuration: read in the modes with frames only"
        return DIFFERS, "the port accepted the packet without reading it"


# Fields of Command Complete behind its own: those of the command
RETURNED = ("bthci_evt.bd_addr", "bthci_evt.connection_handle")

RULES = Rules(
    area="bluetooth",
    prefixes=("bthci_evt.", "btl2cap.", "btsmp."),
    names=(
        "bthci_evt.code", "bthci_evt.param_length", "bthci_evt.status",
        "bthci_evt.connection_handle", "bthci_evt.bd_addr", "bthci_evt.opcode",
        "bthci_evt.num_command_packets", "bthci_evt.le_meta_subevent",
        "btl2cap.length", "btl2cap.cid", "btl2cap.cmd_code", "btl2cap.cmd_ident",
        "btl2cap.cmd_length", "btl2cap.psm", "btl2cap.scid", "btl2cap.dcid", "btl2cap.result",
        "btl2cap.status", "btl2cap.conf_result", "btl2cap.option_type", "btl2cap.option_length",
        "btl2cap.option_mtu", "btl2cap.info_type", "btl2cap.info_result", "btl2cap.rej_reason",
        "btl2cap.min_interval", "btl2cap.max_interval", "btl2cap.slave_latency",
        "btl2cap.timeout_multiplier", "btl2cap.le_psm", "btl2cap.le_result", "btl2cap.mps",
        "btl2cap.initial_credits",
        "btsmp.opcode", "btsmp.io_capability", "btsmp.oob_data_flags", "btsmp.authreq",
        "btsmp.max_enc_key_size", "btsmp.initiator_key_distribution",
        "btsmp.responder_key_distribution", "btsmp.cfm_value", "btsmp.random_value",
        "btsmp.reason", "btsmp.long_term_key", "btsmp.ediv", "btsmp.id_resolving_key",
        "btsmp.address_type", "btsmp.bd_addr", "btsmp.signature_key", "btsmp.public_key_x",
        "btsmp.public_key_y", "btsmp.dhkey_check"),
    why=Why,
    rejected=rejected,
    backwards=frozenset({"bthci_evt.bd_addr", "btsmp.bd_addr"}),
)
