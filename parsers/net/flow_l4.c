// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flow dissector: what lies behind an IP header.
 *
 * Modelled on: Linux 6.1 net/core/flow_dissector.c (__skb_flow_dissect_gre,
 *	__skb_flow_dissect_tcp, skb_flow_get_icmp_tci, __skb_flow_dissect_l2tpv3,
 *	__skb_flow_get_ports, __skb_flow_dissect_ports), include/net/ip.h (proto_ports_offset)
 * Spec: RFC 2784, RFC 2890, RFC 2637 4.1, RFC 9293 3.1, RFC 792, RFC 3931 4.1.1
 * Differs: GRE's optional words and what it carries are functions of their own.
 */
#include "flow.h"

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_ether.h>
#include <linux/if_pppox.h>
#include <linux/in.h>
#include <linux/tcp.h>
#include <net/gre.h>

#define PPP_HDRLEN	4

/* A frame's protocol, instead of that of the frame. */
static bool flow_gre_teb(struct flow_walk *w, int *offset)
{
	const struct ethhdr *eth;
	struct ethhdr _eth;

	eth = flow_header(w, w->nhoff + *offset, sizeof(_eth), &_eth);
	if (malformed(!eth))
		return false;
	w->proto = eth->h_proto;
	*offset += sizeof(*eth);

	/* What follows is aligned to two bytes only: it is copied. */
	if (NET_IP_ALIGN)
		w->hlen = w->nhoff + *offset;
	return true;
}

static bool flow_gre_ppp(struct flow_walk *w, const struct gre_base_hdr *hdr, int *offset)
{
	u8 _ppp_hdr[PPP_HDRLEN];
	u8 *ppp_hdr;

	if (hdr->flags & GRE_ACK)
		*offset += sizeof(((struct pptp_gre_header *)0)->ack);

	ppp_hdr = flow_header(w, w->nhoff + *offset, sizeof(_ppp_hdr), _ppp_hdr);
	if (malformed(!ppp_hdr))
		return false;

	switch (ppp_hdr[2] << 8 | ppp_hdr[3]) {
	case PPP_IP:
		w->proto = htons(ETH_P_IP);
		break;
	case PPP_IPV6:
		w->proto = htons(ETH_P_IPV6);
		break;
	}
	*offset += PPP_HDRLEN;
	return true;
}

static bool flow_gre_key(struct flow_walk *w, u16 gre_ver, int *offset)
{
	struct flow_dissector_key_keyid *key_keyid;
	const __be32 *keyid;
	__be32 _keyid;

	keyid = flow_header(w, w->nhoff + *offset, sizeof(_keyid), &_keyid);
	if (malformed(!keyid))
		return false;

	if (gre_ver == 0)
		flow_u64(w, "gre.key", ntohl(*keyid));
	if (flow_uses(w, FLOW_DISSECTOR_KEY_GRE_KEYID)) {
		key_keyid = flow_key(w, FLOW_DISSECTOR_KEY_GRE_KEYID);
		key_keyid->keyid = gre_ver == 0 ? *keyid : *keyid & GRE_PPTP_KEY_MASK;
	}
	*offset += sizeof(*keyid);
	return true;
}

/* Optional words, then what a version carries. */
static bool flow_gre_words(struct flow_walk *w, const struct gre_base_hdr *hdr, u16 gre_ver)
{
	int offset = sizeof(struct gre_base_hdr);

	if (hdr->flags & GRE_CSUM)
		offset += sizeof(__be16) + sizeof(__be16);
	if ((hdr->flags & GRE_KEY) && !flow_gre_key(w, gre_ver, &offset))
		return false;
	if (hdr->flags & GRE_SEQ)
		offset += sizeof(__be32);

	if (gre_ver) {
		if (!flow_gre_ppp(w, hdr, &offset))
			return false;
	} else if (w->proto == htons(ETH_P_TEB)) {
		if (!flow_gre_teb(w, &offset))
			return false;
	}
	w->nhoff += offset;
	return true;
}

enum flow_dissect_ret __skb_flow_dissect_gre(struct flow_walk *w)
{
	struct gre_base_hdr *hdr, _hdr;
	u16 gre_ver;

	hdr = flow_header(w, w->nhoff, sizeof(_hdr), &_hdr);
	if (malformed(!hdr))
		return FLOW_DISSECT_RET_OUT_BAD;

	flow_u64(w, "gre.flags_and_version", ntohs(hdr->flags));
	flow_u64(w, "gre.proto", ntohs(hdr->protocol));

	/* Source routes have a length of their own. */
	if (malformed(hdr->flags & GRE_ROUTING))
		return FLOW_DISSECT_RET_OUT_GOOD;

	gre_ver = ntohs(hdr->flags & GRE_VERSION);
	if (malformed(gre_ver > 1))
		return FLOW_DISSECT_RET_OUT_GOOD;

	w->proto = hdr->protocol;
	/* Version 1 is PPTP's, which has a key. */
	if (gre_ver && (malformed(w->proto != GRE_PROTO_PPP) ||
			malformed(!(hdr->flags & GRE_KEY))))
		return FLOW_DISSECT_RET_OUT_GOOD;

	if (!flow_gre_words(w, hdr, gre_ver))
		return FLOW_DISSECT_RET_OUT_BAD;

	w->key_control->flags |= FLOW_DIS_ENCAPSULATION;
	if (w->flags & FLOW_DISSECTOR_F_STOP_AT_ENCAP)
		return FLOW_DISSECT_RET_OUT_GOOD;
	return FLOW_DISSECT_RET_PROTO_AGAIN;
}

void __skb_flow_dissect_tcp(struct flow_walk *w)
{
	struct flow_dissector_key_tcp *key_tcp;
	struct tcphdr *th, _th;

	if (!flow_uses(w, FLOW_DISSECTOR_KEY_TCP))
		return;

	th = flow_header(w, w->nhoff, sizeof(_th), &_th);
	if (malformed(!th))
		return;
	flow_u64(w, "tcp.hdr_len", th->doff * 4);
	if (malformed(th->doff * 4 < (int)sizeof(_th)))
		return;

	key_tcp = flow_key(w, FLOW_DISSECTOR_KEY_TCP);
	key_tcp->flags = *(const __be16 *)((const u8 *)th + 12) & htons(0x0FFF);
	flow_u64(w, "tcp.flags", ntohs(key_tcp->flags));
}

static bool icmp_has_id(u8 type)
{
	switch (type) {
	case ICMP_ECHO:
	case ICMP_ECHOREPLY:
	case ICMP_TIMESTAMP:
	case ICMP_TIMESTAMPREPLY:
	case ICMPV6_ECHO_REQUEST:
	case ICMPV6_ECHO_REPLY:
		return true;
	}
	return false;
}

void __skb_flow_dissect_icmp(struct flow_walk *w)
{
	struct flow_dissector_key_icmp *key_icmp;
	struct icmphdr *ih, _ih;

	if (!flow_uses(w, FLOW_DISSECTOR_KEY_ICMP))
		return;

	ih = flow_header(w, w->nhoff, sizeof(_ih), &_ih);
	if (malformed(!ih))
		return;

	key_icmp = flow_key(w, FLOW_DISSECTOR_KEY_ICMP);
	key_icmp->type = ih->type;
	key_icmp->code = ih->code;

	/* 0 stands for packets without an identifier. */
	if (icmp_has_id(ih->type))
		key_icmp->id = ih->un.echo.id ? ntohs(ih->un.echo.id) : 1;
	else
		key_icmp->id = 0;
}

void __skb_flow_dissect_l2tpv3(struct flow_walk *w)
{
	struct flow_dissector_key_l2tpv3 *key_l2tpv3;
	__be32 *session_id, _session_id;

	if (!flow_uses(w, FLOW_DISSECTOR_KEY_L2TPV3))
		return;

	session_id = flow_header(w, w->nhoff, sizeof(_session_id), &_session_id);
	if (malformed(!session_id))
		return;

	flow_u64(w, "l2tp.sid", ntohl(*session_id));
	key_l2tpv3 = flow_key(w, FLOW_DISSECTOR_KEY_L2TPV3);
	key_l2tpv3->session_id = *session_id;
}

/* Where a protocol has its ports, or an SPI in their place. */
static int proto_ports_offset(int proto)
{
	switch (proto) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_DCCP:
	case IPPROTO_ESP:
	case IPPROTO_SCTP:
	case IPPROTO_UDPLITE:
		return 0;
	case IPPROTO_AH:
		return 4;
	default:
		return -EINVAL;
	}
}

static __be32 __skb_flow_get_ports(const struct flow_walk *w)
{
	int poff = proto_ports_offset(w->ip_proto);
	__be32 *ports, _ports;

	if (malformed(poff < 0))
		return 0;
	ports = flow_header(w, w->nhoff + poff, sizeof(_ports), &_ports);
	if (malformed(!ports))
		return 0;
	return *ports;
}

void __skb_flow_dissect_ports(struct flow_walk *w)
{
	struct flow_dissector_key_ports_range *key_ports_range = NULL;
	struct flow_dissector_key_ports *key_ports = NULL;
	__be32 ports;

	if (flow_uses(w, FLOW_DISSECTOR_KEY_PORTS))
		key_ports = flow_key(w, FLOW_DISSECTOR_KEY_PORTS);
	if (flow_uses(w, FLOW_DISSECTOR_KEY_PORTS_RANGE))
		key_ports_range = flow_key(w, FLOW_DISSECTOR_KEY_PORTS_RANGE);
	if (!key_ports && !key_ports_range)
		return;

	ports = __skb_flow_get_ports(w);
	if (key_ports)
		key_ports->ports = ports;
	if (key_ports_range)
		key_ports_range->tp.ports = ports;
}
