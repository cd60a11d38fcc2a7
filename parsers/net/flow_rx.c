// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who asks the flow dissector on a packet's way in: a driver for the length of the headers,
 * a classifier for every key, packet steering for a hash, a filter for the payload.
 *
 * Modelled on: Linux 6.1 net/ethernet/eth.c (eth_get_headlen), net/core/flow_dissector.c
 *	(__skb_get_poff, skb_get_poff, __skb_get_hash_net, __flow_hash_consistentify,
 *	flow_keys_hash_length, init_default_flow_dissectors), net/sched/cls_flower.c (the keys)
 * Spec: none
 * Differs: what would be hashed is an effect, without siphash; the outer VLAN tag is taken
 *	off by the device when it is linear.
 */
#include "flow.h"

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_vlan.h>
#include <linux/igmp.h>
#include <linux/in.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/net_namespace.h>

enum { DCCP_HDR_LEN = 12, SCTP_HDR_LEN = 12 };

/* Every key, as a classifier may ask for them. */
struct flow_all_keys {
	struct flow_dissector_key_control control;
	struct flow_dissector_key_basic basic;
	struct flow_dissector_key_eth_addrs eth;
	struct flow_dissector_key_addrs addrs;
	struct flow_dissector_key_addrs addrs6;
	struct flow_dissector_key_addrs tipc;
	struct flow_dissector_key_ports ports;
	struct flow_dissector_key_ports_range ports_range;
	struct flow_dissector_key_icmp icmp;
	struct flow_dissector_key_arp arp;
	struct flow_dissector_key_vlan vlan;
	struct flow_dissector_key_vlan cvlan;
	struct flow_dissector_key_num_of_vlans num_of_vlans;
	struct flow_dissector_key_tags tags;
	struct flow_dissector_key_keyid gre;
	struct flow_dissector_key_keyid entropy;
	struct flow_dissector_key_mpls mpls;
	struct flow_dissector_key_tcp tcp;
	struct flow_dissector_key_ip ip;
	struct flow_dissector_key_pppoe pppoe;
	struct flow_dissector_key_l2tpv3 l2tpv3;
	struct flow_dissector_key_cfm cfm;
};

#define KEY(id, type, member) \
	{ .key_id = FLOW_DISSECTOR_KEY_##id, .offset = offsetof(type, member) }

static const struct flow_dissector_key all_keys[] = {
	KEY(CONTROL, struct flow_all_keys, control),
	KEY(BASIC, struct flow_all_keys, basic),
	KEY(ETH_ADDRS, struct flow_all_keys, eth),
	KEY(IPV4_ADDRS, struct flow_all_keys, addrs),
	KEY(IPV6_ADDRS, struct flow_all_keys, addrs6),
	KEY(TIPC, struct flow_all_keys, tipc),
	KEY(PORTS, struct flow_all_keys, ports),
	KEY(PORTS_RANGE, struct flow_all_keys, ports_range),
	KEY(ICMP, struct flow_all_keys, icmp),
	KEY(ARP, struct flow_all_keys, arp),
	KEY(VLAN, struct flow_all_keys, vlan),
	KEY(CVLAN, struct flow_all_keys, cvlan),
	KEY(NUM_OF_VLANS, struct flow_all_keys, num_of_vlans),
	KEY(FLOW_LABEL, struct flow_all_keys, tags),
	KEY(GRE_KEYID, struct flow_all_keys, gre),
	KEY(MPLS_ENTROPY, struct flow_all_keys, entropy),
	KEY(MPLS, struct flow_all_keys, mpls),
	KEY(TCP, struct flow_all_keys, tcp),
	KEY(IP, struct flow_all_keys, ip),
	KEY(PPPOE, struct flow_all_keys, pppoe),
	KEY(L2TPV3, struct flow_all_keys, l2tpv3),
	KEY(CFM, struct flow_all_keys, cfm),
};

static const struct flow_dissector_key flow_keys_dissector_keys[] = {
	KEY(CONTROL, struct flow_keys, control),
	KEY(BASIC, struct flow_keys, basic),
	KEY(IPV4_ADDRS, struct flow_keys, addrs.v4addrs),
	KEY(IPV6_ADDRS, struct flow_keys, addrs.v6addrs),
	KEY(TIPC, struct flow_keys, addrs.tipckey),
	KEY(PORTS, struct flow_keys, ports),
	KEY(VLAN, struct flow_keys, vlan),
	KEY(FLOW_LABEL, struct flow_keys, tags),
	KEY(GRE_KEYID, struct flow_keys, keyid),
};

static const struct flow_dissector_key flow_keys_basic_dissector_keys[] = {
	KEY(CONTROL, struct flow_keys, control),
	KEY(BASIC, struct flow_keys, basic),
};

static struct flow_dissector flow_all_dissector;
static struct flow_dissector flow_keys_dissector;
static struct flow_dissector flow_keys_basic_dissector;

/* ---- Length of the headers, beginning of the payload ---- */

static u32 flow_tcp_hdrlen(const struct sk_buff *skb, const void *data, u32 poff, int hlen)
{
	const u8 *doff;
	u8 _doff;

	/* A byte: the word may not be aligned. */
	doff = __skb_header_pointer(skb, (int)poff + 12, sizeof(_doff), data, hlen, &_doff);
	if (malformed(!doff))
		return 0;
	return max_t(u32, sizeof(struct tcphdr), (*doff & 0xF0) >> 2);
}

u32 __skb_get_poff(const struct sk_buff *skb, const void *data,
		   const struct flow_keys_basic *keys, int hlen)
{
	u32 poff = keys->control.thoff;

	/* Later fragments have no transport header. */
	if ((keys->control.flags & FLOW_DIS_IS_FRAGMENT) &&
	    malformed(!(keys->control.flags & FLOW_DIS_FIRST_FRAG)))
		return poff;

	switch (keys->basic.ip_proto) {
	case IPPROTO_TCP:
		return poff + flow_tcp_hdrlen(skb, data, poff, hlen);
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
		return poff + sizeof(struct udphdr);
	case IPPROTO_ICMP:
		return poff + sizeof(struct icmphdr);
	case IPPROTO_ICMPV6:
		return poff + sizeof(struct icmp6hdr);
	case IPPROTO_IGMP:
		return poff + sizeof(struct igmphdr);
	case IPPROTO_DCCP:
		return poff + DCCP_HDR_LEN;
	case IPPROTO_SCTP:
		return poff + SCTP_HDR_LEN;
	}
	return poff;
}

u32 skb_get_poff(const struct sk_buff *skb)
{
	struct flow_keys_basic keys = { 0 };

	if (!__skb_flow_dissect(NULL, skb, &flow_keys_basic_dissector, &keys, NULL, 0, 0, 0, 0))
		return 0;
	return __skb_get_poff(skb, skb->data, &keys, (int)skb_headlen(skb));
}

u32 eth_get_headlen(const void *data, u32 len)
{
	const struct ethhdr *eth = data;
	struct flow_keys_basic keys = { 0 };

	if (malformed(len < sizeof(*eth)))
		return len;

	if (!__skb_flow_dissect(NULL, NULL, &flow_keys_basic_dissector, &keys, data, eth->h_proto,
				sizeof(*eth), (int)len, FLOW_DISSECTOR_F_PARSE_1ST_FRAG))
		return max_t(u32, keys.control.thoff, sizeof(*eth));

	return min_t(u32, __skb_get_poff(NULL, data, &keys, (int)len), len);
}

/* ---- The hash ---- */

/* Both directions of a flow have one hash. */
static void __flow_hash_consistentify(struct flow_keys *keys)
{
	int i;

	switch (keys->control.addr_type) {
	case FLOW_DISSECTOR_KEY_IPV4_ADDRS:
		if (keys->addrs.v4addrs.dst < keys->addrs.v4addrs.src)
			swap(keys->addrs.v4addrs.src, keys->addrs.v4addrs.dst);
		break;
	case FLOW_DISSECTOR_KEY_IPV6_ADDRS:
		if (memcmp(&keys->addrs.v6addrs.dst, &keys->addrs.v6addrs.src,
			   sizeof(keys->addrs.v6addrs.dst)) >= 0)
			break;
		for (i = 0; i < 4; i++)
			swap(keys->addrs.v6addrs.src.s6_addr32[i],
			     keys->addrs.v6addrs.dst.s6_addr32[i]);
		break;
	default:
		return;
	}
	if (keys->ports.dst < keys->ports.src)
		swap(keys->ports.src, keys->ports.dst);
}

static size_t flow_keys_hash_length(const struct flow_keys *flow)
{
	size_t len = offsetof(struct flow_keys, addrs) - offsetof(struct flow_keys, basic);

	switch (flow->control.addr_type) {
	case FLOW_DISSECTOR_KEY_IPV4_ADDRS:
		return len + sizeof(flow->addrs.v4addrs);
	case FLOW_DISSECTOR_KEY_IPV6_ADDRS:
		return len + sizeof(flow->addrs.v6addrs);
	case FLOW_DISSECTOR_KEY_TIPC:
		return len + sizeof(flow->addrs.tipckey);
	}
	return len;
}

static void flow_hash(const struct sk_buff *skb, struct sink *sink)
{
	struct flow_keys keys = { 0 };

	__skb_flow_dissect(NULL, skb, &flow_keys_dissector, &keys, NULL, 0, 0, 0,
			   FLOW_DISSECTOR_F_STOP_AT_FLOW_LABEL);
	__flow_hash_consistentify(&keys);
	sink_effect_bytes(sink, "flow.hashed", &keys.basic, flow_keys_hash_length(&keys));
}

/* ---- The classifier ---- */

static void flow_sink_addrs(struct sink *sink, const struct flow_all_keys *keys)
{
	switch (keys->control.addr_type) {
	case FLOW_DISSECTOR_KEY_IPV4_ADDRS:
		sink_bytes(sink, "flow.ipv4_addrs", &keys->addrs.v4addrs,
			   sizeof(keys->addrs.v4addrs));
		break;
	case FLOW_DISSECTOR_KEY_IPV6_ADDRS:
		sink_bytes(sink, "flow.ipv6_addrs", &keys->addrs6.v6addrs,
			   sizeof(keys->addrs6.v6addrs));
		break;
	case FLOW_DISSECTOR_KEY_TIPC:
		sink_u64(sink, "flow.tipc", ntohl(keys->tipc.tipckey.key));
		break;
	}
}

static void flow_sink_keys(struct sink *sink, const struct flow_all_keys *keys)
{
	sink_u64(sink, "flow.thoff", keys->control.thoff);
	sink_u64(sink, "flow.flags", keys->control.flags);
	sink_u64(sink, "flow.n_proto", ntohs(keys->basic.n_proto));
	sink_u64(sink, "flow.ip_proto", keys->basic.ip_proto);
	flow_sink_addrs(sink, keys);
	sink_u64(sink, "flow.ports", ntohl(keys->ports.ports));
	sink_bytes(sink, "flow.eth", &keys->eth, sizeof(keys->eth));
	sink_bytes(sink, "flow.keys", &keys->ports_range,
		   sizeof(*keys) - offsetof(struct flow_all_keys, ports_range));
}

static bool flow_classify(struct net *net, const struct sk_buff *skb, unsigned int flags)
{
	struct flow_all_keys keys;
	bool ok;

	memset(&keys, 0, sizeof(keys));
	ok = __skb_flow_dissect(net, skb, &flow_all_dissector, &keys, NULL, 0, 0, 0, flags);
	flow_sink_keys(net->sink, &keys);
	return ok;
}

/* The device may keep the outer tag beside the frame. */
static void flow_rx_vlan(struct sk_buff *skb)
{
	const struct vlan_hdr *vlan = (const struct vlan_hdr *)skb->data;

	if (!eth_type_vlan(skb->protocol))
		return;
	if (malformed(skb_headlen(skb) < sizeof(*vlan)))
		return;
	__vlan_hwaccel_put_tag(skb, skb->protocol, ntohs(vlan->h_vlan_TCI));
	skb->protocol = vlan->h_vlan_encapsulated_proto;
	__skb_pull(skb, sizeof(*vlan));
}

void redzone_flow_rx(struct net *net, struct sk_buff *skb, unsigned int flags)
{
	struct sink *sink = net->sink;
	bool ok;

	/* Of one buffer the driver asks what is to be linear; its device has hashed it. */
	if (!skb_is_nonlinear(skb))
		sink_u64(sink, "flow.headlen", eth_get_headlen(skb->data, skb->len));
	if (malformed(skb->len < ETH_HLEN)) {
		sink_verdict(sink, -EINVAL, SKB_DROP_REASON_HDR_TRUNC);
		return;
	}
	skb_reset_mac_header(skb);
	skb->protocol = eth_hdr(skb)->h_proto;
	__skb_pull(skb, ETH_HLEN);
	flow_rx_vlan(skb);
	skb_reset_network_header(skb);
	skb_reset_mac_len(skb);

	ok = flow_classify(net, skb, flags);
	if (skb_is_nonlinear(skb)) {
		flow_hash(skb, sink);
		sink_u64(sink, "flow.poff", skb_get_poff(skb));
	}
	if (skb->protocol == htons(ETH_P_MPLS_UC) || skb->protocol == htons(ETH_P_MPLS_MC)) {
		/* The switch has the frame from its link header on. */
		__skb_push(skb, skb->mac_len);
		ovs_key_extract_mpls(skb, sink);
	}
	sink_verdict(sink, ok ? 0 : -EINVAL, 0);
}

void flow_init(void)
{
	skb_flow_dissector_init(&flow_all_dissector, all_keys, ARRAY_SIZE(all_keys));
	skb_flow_dissector_init(&flow_keys_dissector, flow_keys_dissector_keys,
				ARRAY_SIZE(flow_keys_dissector_keys));
	skb_flow_dissector_init(&flow_keys_basic_dissector, flow_keys_basic_dissector_keys,
				ARRAY_SIZE(flow_keys_basic_dissector_keys));
}
