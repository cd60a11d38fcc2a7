// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flow dissector: from a network header to the transport's, through every encapsulation
 * on the way, without changing the packet.
 *
 * Modelled on: Linux 6.1 net/core/flow_dissector.c (skb_flow_dissector_init,
 *	__skb_flow_dissect, skb_flow_dissect_allowed)
 * Spec: RFC 791, RFC 8200 4, RFC 2003, RFC 4213
 * Differs: the one large function is cut into a function for each header, which share a
 *	struct flow_walk; no BPF programs, no DSA tags, no metadata of tunnels. Values that
 *	are read go to the sink of a caller that has one.
 */
#include "flow.h"

#include <linux/bug.h>
#include <linux/if_vlan.h>
#include <net/ip.h>
#include <net/ipv6.h>

/* Headers of one packet that are looked at. */
#define MAX_FLOW_DISSECT_HDRS	15

/* Out of line: a caller without a sink shall cost no edge at each value. */
noinline
void flow_u64(const struct flow_walk *w, const char *name, u64 value)
{
	if (w->sink)
		sink_u64(w->sink, name, value);
}

noinline
void flow_bytes(const struct flow_walk *w, const char *name, const void *data, size_t len)
{
	if (w->sink)
		sink_bytes(w->sink, name, data, len);
}

/**
 * skb_flow_dissector_init - which keys a dissector reads, and where they go
 * @flow_dissector: filled in
 * @key: the keys, the control and basic ones among them
 * @key_count: how many
 */
void skb_flow_dissector_init(struct flow_dissector *flow_dissector,
			     const struct flow_dissector_key *key, unsigned int key_count)
{
	unsigned int i;

	memset(flow_dissector, 0, sizeof(*flow_dissector));
	for (i = 0; i < key_count; i++, key++) {
		BUG_ON(key->offset > U16_MAX);
		BUG_ON(dissector_uses_key(flow_dissector, key->key_id));
		flow_dissector->used_keys |= 1U << key->key_id;
		flow_dissector->offset[key->key_id] = (unsigned short)key->offset;
	}

	/* The walk writes both without asking. */
	BUG_ON(!dissector_uses_key(flow_dissector, FLOW_DISSECTOR_KEY_CONTROL));
	BUG_ON(!dissector_uses_key(flow_dissector, FLOW_DISSECTOR_KEY_BASIC));
}

static bool skb_flow_dissect_allowed(int *num_hdrs)
{
	++*num_hdrs;

	return *num_hdrs <= MAX_FLOW_DISSECT_HDRS;
}

static void flow_sink_ip(const struct flow_walk *w, const struct iphdr *iph)
{
	u16 frag_off = ntohs(iph->frag_off);

	flow_u64(w, "ip.hdr_len", iph->ihl * 4);
	flow_u64(w, "ip.dsfield", iph->tos);
	flow_u64(w, "ip.flags", frag_off >> 13);
	flow_u64(w, "ip.frag_offset", frag_off & IP_OFFSET);
	flow_u64(w, "ip.ttl", iph->ttl);
	flow_u64(w, "ip.proto", iph->protocol);
	flow_bytes(w, "ip.src", &iph->saddr, sizeof(iph->saddr));
	flow_bytes(w, "ip.dst", &iph->daddr, sizeof(iph->daddr));
}

static void __skb_flow_dissect_ipv4(struct flow_walk *w, const struct iphdr *iph)
{
	struct flow_dissector_key_ip *key_ip;

	if (!flow_uses(w, FLOW_DISSECTOR_KEY_IP))
		return;

	key_ip = flow_key(w, FLOW_DISSECTOR_KEY_IP);
	key_ip->tos = iph->tos;
	key_ip->ttl = iph->ttl;
}

static enum flow_dissect_ret flow_dissect_ip(struct flow_walk *w)
{
	const struct iphdr *iph;
	struct iphdr _iph;

	iph = flow_header(w, w->nhoff, sizeof(_iph), &_iph);
	if (malformed(!iph) || malformed(iph->ihl < 5))
		return FLOW_DISSECT_RET_OUT_BAD;

	flow_sink_ip(w, iph);
	w->nhoff += iph->ihl * 4;
	w->ip_proto = iph->protocol;

	if (flow_uses(w, FLOW_DISSECTOR_KEY_IPV4_ADDRS)) {
		struct flow_dissector_key_addrs *key_addrs =
			flow_key(w, FLOW_DISSECTOR_KEY_IPV4_ADDRS);

		memcpy(&key_addrs->v4addrs.src, &iph->saddr, sizeof(key_addrs->v4addrs.src));
		memcpy(&key_addrs->v4addrs.dst, &iph->daddr, sizeof(key_addrs->v4addrs.dst));
		w->key_control->addr_type = FLOW_DISSECTOR_KEY_IPV4_ADDRS;
	}

	__skb_flow_dissect_ipv4(w, iph);

	if (!ip_is_fragment(iph))
		return FLOW_DISSECT_RET_CONTINUE;

	w->key_control->flags |= FLOW_DIS_IS_FRAGMENT;
	if (malformed(iph->frag_off & htons(IP_OFFSET)))
		return FLOW_DISSECT_RET_OUT_GOOD;

	w->key_control->flags |= FLOW_DIS_FIRST_FRAG;
	if (!(w->flags & FLOW_DISSECTOR_F_PARSE_1ST_FRAG))
		return FLOW_DISSECT_RET_OUT_GOOD;
	return FLOW_DISSECT_RET_CONTINUE;
}

static u32 ip6_flowlabel(const struct ipv6hdr *hdr)
{
	return (u32)(hdr->flow_lbl[0] & 0x0f) << 16 | hdr->flow_lbl[1] << 8 | hdr->flow_lbl[2];
}

static void flow_sink_ipv6(const struct flow_walk *w, const struct ipv6hdr *iph)
{
	flow_u64(w, "ipv6.tclass", ipv6_get_dsfield(iph));
	flow_u64(w, "ipv6.flow", ip6_flowlabel(iph));
	flow_u64(w, "ipv6.nxt", iph->nexthdr);
	flow_u64(w, "ipv6.hlim", iph->hop_limit);
	flow_bytes(w, "ipv6.src", &iph->saddr, sizeof(iph->saddr));
	flow_bytes(w, "ipv6.dst", &iph->daddr, sizeof(iph->daddr));
}

static void __skb_flow_dissect_ipv6(struct flow_walk *w, const struct ipv6hdr *iph)
{
	struct flow_dissector_key_ip *key_ip;

	if (!flow_uses(w, FLOW_DISSECTOR_KEY_IP))
		return;

	key_ip = flow_key(w, FLOW_DISSECTOR_KEY_IP);
	key_ip->tos = ipv6_get_dsfield(iph);
	key_ip->ttl = iph->hop_limit;
}

/* False: the label stands for the flow, and nothing behind it is looked at. */
static bool flow_dissect_label(struct flow_walk *w, const struct ipv6hdr *iph)
{
	u32 flow_label = ip6_flowlabel(iph);
	struct flow_dissector_key_tags *key_tags;

	if (!flow_label)
		return true;
	if (flow_uses(w, FLOW_DISSECTOR_KEY_FLOW_LABEL)) {
		key_tags = flow_key(w, FLOW_DISSECTOR_KEY_FLOW_LABEL);
		key_tags->flow_label = flow_label;
	}
	return !(w->flags & FLOW_DISSECTOR_F_STOP_AT_FLOW_LABEL);
}

static enum flow_dissect_ret flow_dissect_ipv6(struct flow_walk *w)
{
	const struct ipv6hdr *iph;
	struct ipv6hdr _iph;

	iph = flow_header(w, w->nhoff, sizeof(_iph), &_iph);
	if (malformed(!iph))
		return FLOW_DISSECT_RET_OUT_BAD;

	flow_sink_ipv6(w, iph);
	w->ip_proto = iph->nexthdr;
	w->nhoff += sizeof(struct ipv6hdr);

	if (flow_uses(w, FLOW_DISSECTOR_KEY_IPV6_ADDRS)) {
		struct flow_dissector_key_addrs *key_addrs =
			flow_key(w, FLOW_DISSECTOR_KEY_IPV6_ADDRS);

		memcpy(&key_addrs->v6addrs.src, &iph->saddr, sizeof(key_addrs->v6addrs.src));
		memcpy(&key_addrs->v6addrs.dst, &iph->daddr, sizeof(key_addrs->v6addrs.dst));
		w->key_control->addr_type = FLOW_DISSECTOR_KEY_IPV6_ADDRS;
	}

	if (!flow_dissect_label(w, iph))
		return FLOW_DISSECT_RET_OUT_GOOD;

	__skb_flow_dissect_ipv6(w, iph);
	return FLOW_DISSECT_RET_CONTINUE;
}

/* The header of w->proto at w->nhoff. */
static enum flow_dissect_ret flow_dissect_proto(struct flow_walk *w)
{
	switch (ntohs(w->proto)) {
	case ETH_P_IP:
		return flow_dissect_ip(w);
	case ETH_P_IPV6:
		return flow_dissect_ipv6(w);
	case ETH_P_8021AD:
	case ETH_P_8021Q:
		return flow_dissect_vlan(w);
	case ETH_P_PPP_SES:
		return flow_dissect_pppoe(w);
	case ETH_P_TIPC:
		return flow_dissect_tipc(w);
	case ETH_P_MPLS_UC:
	case ETH_P_MPLS_MC:
		return __skb_flow_dissect_mpls(w);
	case ETH_P_FCOE:
		return flow_dissect_fcoe(w);
	case ETH_P_ARP:
	case ETH_P_RARP:
		return __skb_flow_dissect_arp(w);
	case ETH_P_BATMAN:
		return __skb_flow_dissect_batadv(w);
	case ETH_P_1588:
		return flow_dissect_ptp(w);
	case ETH_P_PRP:
	case ETH_P_HSR:
		return flow_dissect_hsr(w);
	case ETH_P_CFM:
		return __skb_flow_dissect_cfm(w);
	default:
		return FLOW_DISSECT_RET_OUT_BAD;
	}
}

/* Hop-by-Hop, Routing and Destination headers: how long they are, and what follows. */
static enum flow_dissect_ret flow_dissect_opthdr(struct flow_walk *w)
{
	u8 _opthdr[2], *opthdr;

	if (malformed(w->proto != htons(ETH_P_IPV6)))
		return FLOW_DISSECT_RET_CONTINUE;

	opthdr = flow_header(w, w->nhoff, sizeof(_opthdr), &_opthdr);
	if (malformed(!opthdr))
		return FLOW_DISSECT_RET_OUT_BAD;

	w->ip_proto = opthdr[0];
	w->nhoff += (opthdr[1] + 1) << 3;
	return FLOW_DISSECT_RET_IPPROTO_AGAIN;
}

static enum flow_dissect_ret flow_dissect_fraghdr(struct flow_walk *w)
{
	struct frag_hdr _fh, *fh;

	if (malformed(w->proto != htons(ETH_P_IPV6)))
		return FLOW_DISSECT_RET_CONTINUE;

	fh = flow_header(w, w->nhoff, sizeof(_fh), &_fh);
	if (malformed(!fh))
		return FLOW_DISSECT_RET_OUT_BAD;

	flow_u64(w, "ipv6.fraghdr.nxt", fh->nexthdr);
	flow_u64(w, "ipv6.fraghdr.offset", ntohs(fh->frag_off) >> 3);
	w->key_control->flags |= FLOW_DIS_IS_FRAGMENT;
	w->nhoff += sizeof(_fh);
	w->ip_proto = fh->nexthdr;

	if (malformed(fh->frag_off & htons(IP6_OFFSET)))
		return FLOW_DISSECT_RET_OUT_GOOD;

	w->key_control->flags |= FLOW_DIS_FIRST_FRAG;
	if (w->flags & FLOW_DISSECTOR_F_PARSE_1ST_FRAG)
		return FLOW_DISSECT_RET_IPPROTO_AGAIN;
	return FLOW_DISSECT_RET_OUT_GOOD;
}

/* An IP header of @proto follows. */
static enum flow_dissect_ret flow_dissect_tunnel(struct flow_walk *w, __be16 proto)
{
	if (w->flags & FLOW_DISSECTOR_F_STOP_BEFORE_ENCAP)
		return FLOW_DISSECT_RET_OUT_GOOD;

	w->proto = proto;
	w->key_control->flags |= FLOW_DIS_ENCAPSULATION;
	if (w->flags & FLOW_DISSECTOR_F_STOP_AT_ENCAP)
		return FLOW_DISSECT_RET_OUT_GOOD;
	return FLOW_DISSECT_RET_PROTO_AGAIN;
}

/* What w->ip_proto says is at w->nhoff. */
static enum flow_dissect_ret flow_dissect_ip_proto(struct flow_walk *w)
{
	switch (w->ip_proto) {
	case IPPROTO_GRE:
		if (w->flags & FLOW_DISSECTOR_F_STOP_BEFORE_ENCAP)
			return FLOW_DISSECT_RET_OUT_GOOD;
		return __skb_flow_dissect_gre(w);
	case NEXTHDR_HOP:
	case NEXTHDR_ROUTING:
	case NEXTHDR_DEST:
		return flow_dissect_opthdr(w);
	case NEXTHDR_FRAGMENT:
		return flow_dissect_fraghdr(w);
	case IPPROTO_IPIP:
		return flow_dissect_tunnel(w, htons(ETH_P_IP));
	case IPPROTO_IPV6:
		return flow_dissect_tunnel(w, htons(ETH_P_IPV6));
	case IPPROTO_MPLS:
		w->proto = htons(ETH_P_MPLS_UC);
		return FLOW_DISSECT_RET_PROTO_AGAIN;
	case IPPROTO_TCP:
		__skb_flow_dissect_tcp(w);
		return FLOW_DISSECT_RET_CONTINUE;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		__skb_flow_dissect_icmp(w);
		return FLOW_DISSECT_RET_CONTINUE;
	case IPPROTO_L2TP:
		__skb_flow_dissect_l2tpv3(w);
		return FLOW_DISSECT_RET_CONTINUE;
	default:
		return FLOW_DISSECT_RET_CONTINUE;
	}
}

/* From header to header until the transport, the limit, or one that is not whole. */
static bool flow_walk_headers(struct flow_walk *w)
{
	enum flow_dissect_ret fdret;

proto_again:
	fdret = flow_dissect_proto(w);
	if (fdret == FLOW_DISSECT_RET_OUT_GOOD)
		return true;
	if (fdret == FLOW_DISSECT_RET_OUT_BAD)
		return false;
	if (fdret == FLOW_DISSECT_RET_PROTO_AGAIN) {
		if (malformed(!skb_flow_dissect_allowed(&w->num_hdrs)))
			return true;
		goto proto_again;
	}

ip_proto_again:
	fdret = flow_dissect_ip_proto(w);
	if (!(w->key_control->flags & FLOW_DIS_IS_FRAGMENT))
		__skb_flow_dissect_ports(w);

	switch (fdret) {
	case FLOW_DISSECT_RET_PROTO_AGAIN:
		if (malformed(!skb_flow_dissect_allowed(&w->num_hdrs)))
			return true;
		goto proto_again;
	case FLOW_DISSECT_RET_IPPROTO_AGAIN:
		if (malformed(!skb_flow_dissect_allowed(&w->num_hdrs)))
			return true;
		goto ip_proto_again;
	case FLOW_DISSECT_RET_OUT_GOOD:
	case FLOW_DISSECT_RET_CONTINUE:
		return true;
	default:
		return false;
	}
}

static void flow_keys_begin(struct flow_walk *w)
{
	w->key_control = flow_key(w, FLOW_DISSECTOR_KEY_CONTROL);

	if (flow_uses(w, FLOW_DISSECTOR_KEY_ETH_ADDRS)) {
		void *key_eth_addrs = flow_key(w, FLOW_DISSECTOR_KEY_ETH_ADDRS);

		if (w->skb && w->skb->dev && w->skb->dev->type == ARPHRD_ETHER &&
		    skb_mac_header_was_set(w->skb))
			memcpy(key_eth_addrs, eth_hdr(w->skb),
			       sizeof(struct flow_dissector_key_eth_addrs));
		else
			memset(key_eth_addrs, 0, sizeof(struct flow_dissector_key_eth_addrs));
	}

	if (flow_uses(w, FLOW_DISSECTOR_KEY_NUM_OF_VLANS)) {
		struct flow_dissector_key_num_of_vlans *key_nvs =
			flow_key(w, FLOW_DISSECTOR_KEY_NUM_OF_VLANS);

		key_nvs->num_of_vlans = 0;
	}
}

/* Where the walk ended. False: that cannot be said in 16 bits. */
static bool flow_keys_end(struct flow_walk *w)
{
	struct flow_dissector_key_basic *key_basic = flow_key(w, FLOW_DISSECTOR_KEY_BASIC);
	u32 thoff = min_t(u32, w->nhoff, w->skb ? w->skb->len : (u32)w->hlen);
	bool ok = true;

	if (malformed(thoff > U16_MAX)) {
		thoff = U16_MAX;
		ok = false;
	}
	w->key_control->thoff = (u16)thoff;
	key_basic->n_proto = w->proto;
	key_basic->ip_proto = w->ip_proto;
	return ok;
}

bool __skb_flow_dissect(const struct net *net, const struct sk_buff *skb,
			const struct flow_dissector *flow_dissector, void *target_container,
			const void *data, __be16 proto, int nhoff, int hlen, unsigned int flags)
{
	struct flow_walk w = {
		.skb = skb, .fd = flow_dissector, .target = target_container, .data = data,
		.sink = net ? net->sink : NULL, .flags = flags, .nhoff = nhoff, .hlen = hlen,
		.proto = proto, .vlan_key = FLOW_DISSECTOR_KEY_MAX,
	};
	bool ret;

	if (!data) {
		w.data = skb->data;
		w.proto = skb_vlan_tag_present(skb) ? skb->vlan_proto : skb->protocol;
		w.nhoff = skb_network_offset(skb);
		w.hlen = (int)skb_headlen(skb);
	}

	flow_keys_begin(&w);
	ret = flow_walk_headers(&w);
	return flow_keys_end(&w) && ret;
}
