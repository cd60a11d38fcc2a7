# SPDX-License-Identifier: GPL-2.0-only
"""Guards that no input violates: each is proven redundant by losing what dominates it.

With everything on, no seed violates such a guard. With the guards that dominate it ablated, the
named seed does: the check itself works, and only the earlier one keeps input from it.
"""

from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import pytest

from redzone_tool import catalogue, paths, replay, seeds
from redzone_tool.guardtable import Guard

FLAVOUR = "native-guards"


@dataclass(frozen=True)
class Dominated:
    """A guard, those that dominate it (`function: condition`), and a seed that shows it."""

    target: str
    guard: str
    by: tuple[str, ...]
    seed: str


PULL_8 = "!pskb_may_pull(skb, exthdr_end(skb, 8))"
PULL_ALL = "!pskb_may_pull(skb, exthdr_end(skb, exthdr_len(skb)))"
NOT_NOW = "smp_sig_channel: !test_and_clear_bit(code, &smp->allow_cmd)"
GROUP = "ipv6_addr_is_multicast(&ipv6_hdr(skb)->daddr)"

TABLE = (
    Dominated("bt_hci_event", "hci_event_func: !data", ("hci_event_func: skb->len < min_len",),
              "malformed/evt-short.scn"),
    Dominated("bt_hci_event",
              "hci_inquiry_result_with_rssi_evt: "
              "!hci_ev_skb_pull(hdev, skb, HCI_EV_INQUIRY_RESULT_WITH_RSSI, size)",
              ("hci_inquiry_result_with_rssi_evt: "
               "skb->len != array_size(ev->num, size)",),
              "malformed/evt-inquiry-rssi-short.scn"),
    Dominated("bt_hci_event", "msft_vendor_evt: !evt", ("msft_vendor_evt: skb->len < 1",),
              "malformed/evt-msft-event-short.scn"),
    Dominated("net_ipv6",
              "ip6_parse_tlv: skb_transport_offset(skb) + len > skb_headlen(skb)",
              (f"ipv6_parse_hopopts: {PULL_ALL}", f"ipv6_destopt_rcv: {PULL_ALL}"),
              "malformed/hbh-length.scn"),
    Dominated("net_ipv6", "ip6_parse_tlv: len != 0", ("ip6_parse_tlv: optlen > len",),
              "malformed/hbh-option-length.scn"),
    Dominated("net_ipv6", "ipv6_rpl_srh_rcv: !pskb_may_pull(skb, sizeof(*hdr))",
              (f"ipv6_rthdr_rcv: {PULL_8}", f"ipv6_rthdr_rcv: {PULL_ALL}"),
              "malformed/rpl-short.scn"),
    Dominated("net_ipv6",
              "rpl_srh_count: !pskb_may_pull(skb, ipv6_rpl_srh_size(n, hdr->cmpri, hdr->cmpre))",
              ("rpl_srh_count: hdr->segments_left > n + 1", f"ipv6_rthdr_rcv: {PULL_ALL}"),
              "malformed/rpl-negative-count.scn"),
    Dominated("net_ipv6",
              "rpl_srh_addrs_ok: "
              "ipv6_addr_type(&ipv6_hdr(skb)->daddr) & IPV6_ADDR_MULTICAST",
              (f"ipv6_rthdr_rcv: {GROUP}", "ipv6_rthdr_rcv: skb->pkt_type != PACKET_HOST"),
              "malformed/rpl-to-group.scn"),
    Dominated("net_ipv6", "ipv6_rt2_rcv: hdr->segments_left > n",
              ("ipv6_rt2_rcv: hdr->segments_left != 1",), "malformed/rt2-segments.scn"),
    Dominated("net_ipv6", "icmp6_may_send: addr_type & IPV6_ADDR_MULTICAST",
              ("ip6_rcv_addr_ok: ipv6_addr_is_multicast(&hdr->saddr)",),
              "malformed/hbh-unknown-error-source-group.scn"),
    Dominated("net_ipv6", "seg6_validate_srh: trailing < 0",
              ("seg6_validate_srh: srh->first_segment > max_last_entry",),
              "malformed/seg6-config-last-entry.scn"),
    Dominated("bt_smp", "smp_cmd_pairing_req: test_bit(SMP_FLAG_INITIATOR, &smp->flags)",
              (NOT_NOW,), "malformed/request-to-initiator.scn"),
    Dominated("bt_smp", "sc_passkey_round: smp->passkey_round >= 20",
              (NOT_NOW,), "malformed/passkey-round-21.scn"),
)
# Of a target's guards, the share that may be out of reach of input.
MOST = 0.05
# Files of a port that the target alone answers for; where nothing is said, all of the port.
FILES = {
    "bt_smp": ("smp*.c", "ecdh_helper.c"),
    "bt_hci_event": ("hci_cmd_status.c", "hci_event*.c", "msft.c"),
}


def find(text: str) -> Guard:
    """The one guard of that function and condition."""
    function, _, condition = text.partition(": ")
    found = [g for g in catalogue.guards(FLAVOUR)
             if g.function == function and g.condition == condition]
    assert len(found) == 1, (text, [g.condition for g in catalogue.guards(FLAVOUR)
                                    if g.function == function])
    return found[0]


@pytest.mark.parametrize("row", TABLE, ids=[row.guard for row in TABLE])
def test_only_the_dominating_guard_keeps_input_from_it(row: Dominated) -> None:
    guard = find(row.guard)
    [seed] = [f for f in seeds.files(row.target)
              if f"{f.parent.name}/{f.stem}" == row.seed.rpartition(".")[0]]
    [plain] = replay.run(row.target, [seed], FLAVOUR)
    assert guard.index not in plain.violated
    ablated = {"REDZONE_ABLATE": ",".join(find(text).id for text in row.by)}
    [without] = replay.run(row.target, [seed], FLAVOUR, ablated)
    assert guard.index in without.violated


@pytest.mark.parametrize("target", sorted({row.target for row in TABLE}))
def test_they_are_few_and_the_seeds_violate_the_rest(target: str) -> None:
    """Whatever the seeds of a target do not violate stands in the table."""
    files = {file for file in catalogue.target(target).port
             if any(fnmatch(Path(file).name, name) for name in FILES.get(target, ("*",)))}
    guards = {g.index: g for g in catalogue.guards(FLAVOUR) if g.file in files}
    violated = {i for r in replay.run(target, seeds.files(target), FLAVOUR) for i in r.violated}
    dominated = {find(row.guard).index for row in TABLE
                 if row.target == target and find(row.guard).file in files}
    assert {guards[i].id for i in guards.keys() - violated} == {guards[i].id for i in dominated}
    assert len(dominated) <= MOST * len(guards)


def test_the_page_names_them() -> None:
    for row in TABLE:
        family = catalogue.target(row.target).family
        pages = (path.read_text(encoding="utf-8") for path in
                 sorted((paths.root() / "parsers" / family).glob("*.md")))
        function = row.guard.partition(":")[0]
        sections = (page.partition("## Guards that input alone cannot violate")[2]
                    .partition("\n## ")[0] for page in pages)
        assert any(f"`{function}`" in section for section in sections), row.guard
