// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flow dissector: headers that an EtherType announces, IP's excepted.
 *
 * Modelled on: Linux 6.1 net/core/flow_dissector.c (__skb_flow_dissect_mpls,
 *	__skb_flow_dissect_arp, __skb_flow_dissect_batadv, is_pppoe_ses_hdr_valid, cases of
 *	__skb_flow_dissect), include/net/tipc.h; 6.5 (__skb_flow_dissect_cfm)
 * Spec: IEEE 802.1Q 9.6, RFC 3032, RFC 826, RFC 2516, IEEE 802.1Q 21.4 (CFM), IEEE 1588
 *	13.3, IEC 62439-3
 * Differs: each case is a function; a TIPC keepalive message has no key, upstream's is random.
 */
#include "flow.h"

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/if_hsr.h>
#include <linux/if_pppox.h>
#include <linux/if_vlan.h>
#include <linux/mpls.h>

#define MPLS_LABEL_ENTROPY	7
#define PPPOE_SES_HLEN		8
#define FCOE_HEADER_LEN		38
#define BATADV_COMPAT_VERSION	15
#define BATADV_UNICAST		0x40
#define KEEPALIVE_MSG_MASK	0x0e080000	/* of TIPC: a link protocol's probe */

struct batadv_unicast_packet {
	u8	packet_type;
	u8	version;
	u8	ttl;
	u8	ttvn;
	u8	dest[ETH_ALEN];
};

struct tipc_basic_hdr {
	__be32	w[4];
};

/* Of PTP version 2. */
struct ptp_header {
	u8	tsmt;
	u8	ver;
	__be16	message_length;
	u8	domain_number;
	u8	reserved1;
	u8	flag_field[2];
	__be64	correction;
	__be32	reserved2;
	u8	source_port_identity[10];
	__be16	sequence_id;
	u8	control;
	u8	log_message_interval;
} __attribute__((packed));

static void flow_set_mpls(struct flow_walk *w, u32 entry, u32 label, u32 bos)
{
	struct flow_dissector_key_mpls *key_mpls = flow_key(w, FLOW_DISSECTOR_KEY_MPLS);
	struct flow_dissector_mpls_lse *lse = &key_mpls->ls[w->mpls_lse];

	lse->mpls_ttl = (entry & MPLS_LS_TTL_MASK) >> MPLS_LS_TTL_SHIFT;
	lse->mpls_bos = bos;
	lse->mpls_tc = (entry & MPLS_LS_TC_MASK) >> MPLS_LS_TC_SHIFT;
	lse->mpls_label = label;
	dissector_set_mpls_lse(key_mpls, w->mpls_lse);
}

static enum flow_dissect_ret flow_mpls_entry(struct flow_walk *w)
{
	struct flow_dissector_key_keyid *key_keyid;
	struct mpls_label *hdr, _hdr;
	u32 entry, label, bos;

	if (!flow_uses(w, FLOW_DISSECTOR_KEY_MPLS_ENTROPY) &&
	    !flow_uses(w, FLOW_DISSECTOR_KEY_MPLS))
		return FLOW_DISSECT_RET_OUT_GOOD;

	if (malformed(w->mpls_lse >= FLOW_DIS_MPLS_MAX))
		return FLOW_DISSECT_RET_OUT_GOOD;

	hdr = flow_header(w, w->nhoff, sizeof(_hdr), &_hdr);
	if (malformed(!hdr))
		return FLOW_DISSECT_RET_OUT_BAD;

	entry = ntohl(hdr->entry);
	label = (entry & MPLS_LS_LABEL_MASK) >> MPLS_LS_LABEL_SHIFT;
	bos = (entry & MPLS_LS_S_MASK) >> MPLS_LS_S_SHIFT;
	flow_u64(w, "mpls.label", label);
	flow_u64(w, "mpls.exp", (entry & MPLS_LS_TC_MASK) >> MPLS_LS_TC_SHIFT);
	flow_u64(w, "mpls.bottom", bos);
	flow_u64(w, "mpls.ttl", entry & MPLS_LS_TTL_MASK);

	if (flow_uses(w, FLOW_DISSECTOR_KEY_MPLS))
		flow_set_mpls(w, entry, label, bos);

	/* The label behind the entropy label indicator is the flow's. */
	if (w->mpls_el && flow_uses(w, FLOW_DISSECTOR_KEY_MPLS_ENTROPY)) {
		key_keyid = flow_key(w, FLOW_DISSECTOR_KEY_MPLS_ENTROPY);
		key_keyid->keyid = cpu_to_be32(label);
	}
	w->mpls_el = label == MPLS_LABEL_ENTROPY;

	return bos ? FLOW_DISSECT_RET_OUT_GOOD : FLOW_DISSECT_RET_PROTO_AGAIN;
}

enum flow_dissect_ret __skb_flow_dissect_mpls(struct flow_walk *w)
{
	enum flow_dissect_ret fdret = flow_mpls_entry(w);

	w->nhoff += sizeof(struct mpls_label);
	w->mpls_lse++;
	return fdret;
}

/* Addresses of an ARP packet for IPv4 over Ethernet. */
struct arp_eth {
	unsigned char ar_sha[ETH_ALEN];
	unsigned char ar_sip[4];
	unsigned char ar_tha[ETH_ALEN];
	unsigned char ar_tip[4];
};

static void flow_sink_arp(const struct flow_walk *w, const struct arphdr *arp)
{
	flow_u64(w, "arp.hw.type", ntohs(arp->ar_hrd));
	flow_u64(w, "arp.proto.type", ntohs(arp->ar_pro));
	flow_u64(w, "arp.hw.size", arp->ar_hln);
	flow_u64(w, "arp.proto.size", arp->ar_pln);
	flow_u64(w, "arp.opcode", ntohs(arp->ar_op));
}

enum flow_dissect_ret __skb_flow_dissect_arp(struct flow_walk *w)
{
	struct flow_dissector_key_arp *key_arp;
	struct arp_eth *arp_eth, _arp_eth;
	const struct arphdr *arp;
	struct arphdr _arp;

	if (!flow_uses(w, FLOW_DISSECTOR_KEY_ARP))
		return FLOW_DISSECT_RET_OUT_GOOD;

	arp = flow_header(w, w->nhoff, sizeof(_arp), &_arp);
	if (malformed(!arp))
		return FLOW_DISSECT_RET_OUT_BAD;

	flow_sink_arp(w, arp);
	if (malformed(arp->ar_hrd != htons(ARPHRD_ETHER)) ||
	    malformed(arp->ar_pro != htons(ETH_P_IP)) ||
	    malformed(arp->ar_hln != ETH_ALEN) ||
	    malformed(arp->ar_pln != 4) ||
	    malformed(arp->ar_op != htons(ARPOP_REPLY) && arp->ar_op != htons(ARPOP_REQUEST)))
		return FLOW_DISSECT_RET_OUT_BAD;

	arp_eth = flow_header(w, w->nhoff + (int)sizeof(_arp), sizeof(_arp_eth), &_arp_eth);
	if (malformed(!arp_eth))
		return FLOW_DISSECT_RET_OUT_BAD;

	key_arp = flow_key(w, FLOW_DISSECTOR_KEY_ARP);
	memcpy(&key_arp->sip, arp_eth->ar_sip, sizeof(key_arp->sip));
	memcpy(&key_arp->tip, arp_eth->ar_tip, sizeof(key_arp->tip));
	key_arp->op = ntohs(arp->ar_op) & 0xff;
	ether_addr_copy(key_arp->sha, arp_eth->ar_sha);
	ether_addr_copy(key_arp->tha, arp_eth->ar_tha);
	return FLOW_DISSECT_RET_OUT_GOOD;
}

/* Unicast packets carry an Ethernet frame. */
enum flow_dissect_ret __skb_flow_dissect_batadv(struct flow_walk *w)
{
	struct batadv_eth {
		struct batadv_unicast_packet batadv_unicast;
		struct ethhdr eth;
	} *hdr, _hdr;

	hdr = flow_header(w, w->nhoff, sizeof(_hdr), &_hdr);
	if (malformed(!hdr))
		return FLOW_DISSECT_RET_OUT_BAD;

	flow_u64(w, "batadv.version", hdr->batadv_unicast.version);
	flow_u64(w, "batadv.packet_type", hdr->batadv_unicast.packet_type);
	if (malformed(hdr->batadv_unicast.version != BATADV_COMPAT_VERSION))
		return FLOW_DISSECT_RET_OUT_BAD;
	if (malformed(hdr->batadv_unicast.packet_type != BATADV_UNICAST))
		return FLOW_DISSECT_RET_OUT_BAD;

	w->proto = hdr->eth.h_proto;
	w->nhoff += sizeof(*hdr);

	w->key_control->flags |= FLOW_DIS_ENCAPSULATION;
	if (w->flags & FLOW_DISSECTOR_F_STOP_AT_ENCAP)
		return FLOW_DISSECT_RET_OUT_GOOD;
	return FLOW_DISSECT_RET_PROTO_AGAIN;
}

enum flow_dissect_ret __skb_flow_dissect_cfm(struct flow_walk *w)
{
	struct flow_dissector_key_cfm *key, *hdr, _hdr;

	if (!flow_uses(w, FLOW_DISSECTOR_KEY_CFM))
		return FLOW_DISSECT_RET_OUT_GOOD;

	hdr = flow_header(w, w->nhoff, sizeof(_hdr), &_hdr);
	if (malformed(!hdr))
		return FLOW_DISSECT_RET_OUT_BAD;

	flow_u64(w, "cfm.md.level", (hdr->mdl_ver & FLOW_DIS_CFM_MDL_MASK) >> 5);
	flow_u64(w, "cfm.opcode", hdr->opcode);
	key = flow_key(w, FLOW_DISSECTOR_KEY_CFM);
	key->mdl_ver = hdr->mdl_ver;
	key->opcode = hdr->opcode;
	return FLOW_DISSECT_RET_OUT_GOOD;
}

/* The next tag's key: outer, inner, none. */
static bool flow_vlan_next_key(struct flow_walk *w)
{
	if (w->vlan_key == FLOW_DISSECTOR_KEY_MAX)
		w->vlan_key = FLOW_DISSECTOR_KEY_VLAN;
	else if (w->vlan_key == FLOW_DISSECTOR_KEY_VLAN)
		w->vlan_key = FLOW_DISSECTOR_KEY_CVLAN;
	else
		return false;
	return true;
}

static void flow_count_vlan(struct flow_walk *w)
{
	struct flow_dissector_key_num_of_vlans *key_nvs;

	if (!flow_uses(w, FLOW_DISSECTOR_KEY_NUM_OF_VLANS) ||
	    (w->key_control->flags & FLOW_DIS_ENCAPSULATION))
		return;
	key_nvs = flow_key(w, FLOW_DISSECTOR_KEY_NUM_OF_VLANS);
	key_nvs->num_of_vlans++;
}

enum flow_dissect_ret flow_dissect_vlan(struct flow_walk *w)
{
	const struct vlan_hdr *vlan = NULL;
	struct flow_dissector_key_vlan *key_vlan;
	__be16 saved_vlan_tpid = w->proto;
	struct vlan_hdr _vlan;
	u16 tci;

	/* The device may have taken the outer tag off. */
	if (w->vlan_key == FLOW_DISSECTOR_KEY_MAX && w->skb && skb_vlan_tag_present(w->skb)) {
		w->proto = w->skb->protocol;
		tci = skb_vlan_tag_get(w->skb);
	} else {
		vlan = flow_header(w, w->nhoff, sizeof(_vlan), &_vlan);
		if (malformed(!vlan))
			return FLOW_DISSECT_RET_OUT_BAD;
		w->proto = vlan->h_vlan_encapsulated_proto;
		w->nhoff += sizeof(*vlan);
		tci = ntohs(vlan->h_vlan_TCI);
	}
	flow_u64(w, "vlan.priority", tci >> VLAN_PRIO_SHIFT);
	flow_u64(w, "vlan.id", tci & VLAN_VID_MASK);
	flow_u64(w, "vlan.etype", ntohs(w->proto));

	flow_count_vlan(w);
	if (malformed(!flow_vlan_next_key(w)))
		return FLOW_DISSECT_RET_PROTO_AGAIN;

	if (flow_uses(w, w->vlan_key)) {
		key_vlan = flow_key(w, w->vlan_key);
		key_vlan->vlan_id = tci & VLAN_VID_MASK;
		key_vlan->vlan_priority = (tci & VLAN_PRIO_MASK) >> VLAN_PRIO_SHIFT;
		key_vlan->vlan_tpid = saved_vlan_tpid;
		key_vlan->vlan_eth_type = w->proto;
	}
	return FLOW_DISSECT_RET_PROTO_AGAIN;
}

static bool ppp_proto_is_valid(u16 proto)
{
	return (proto & 0x0101) == 0x0001;
}

/* What a PPP protocol field announces; also whether it can be one. */
static enum flow_dissect_ret flow_ppp_proto(struct flow_walk *w, u16 ppp_proto)
{
	switch (ppp_proto) {
	case PPP_IP:
		w->proto = htons(ETH_P_IP);
		return FLOW_DISSECT_RET_PROTO_AGAIN;
	case PPP_IPV6:
		w->proto = htons(ETH_P_IPV6);
		return FLOW_DISSECT_RET_PROTO_AGAIN;
	case PPP_MPLS_UC:
		w->proto = htons(ETH_P_MPLS_UC);
		return FLOW_DISSECT_RET_PROTO_AGAIN;
	case PPP_MPLS_MC:
		w->proto = htons(ETH_P_MPLS_MC);
		return FLOW_DISSECT_RET_PROTO_AGAIN;
	}
	/* One byte alone, as some peers compress it, is none either. */
	if (malformed(!ppp_proto_is_valid(ppp_proto)))
		return FLOW_DISSECT_RET_OUT_BAD;
	return FLOW_DISSECT_RET_OUT_GOOD;
}

enum flow_dissect_ret flow_dissect_pppoe(struct flow_walk *w)
{
	struct flow_dissector_key_pppoe *key_pppoe;
	enum flow_dissect_ret fdret;
	struct pppoe_ses {
		struct pppoe_hdr hdr;
		__be16 proto;
	} __attribute__((packed)) *hdr, _hdr;

	hdr = flow_header(w, w->nhoff, sizeof(_hdr), &_hdr);
	if (malformed(!hdr))
		return FLOW_DISSECT_RET_OUT_BAD;

	if (malformed(hdr->hdr.ver != 1) || malformed(hdr->hdr.type != 1) ||
	    malformed(hdr->hdr.code != 0))
		return FLOW_DISSECT_RET_OUT_BAD;

	flow_u64(w, "pppoe.session_id", ntohs(hdr->hdr.sid));
	flow_u64(w, "ppp.protocol", ntohs(hdr->proto));
	w->nhoff += PPPOE_SES_HLEN;
	fdret = flow_ppp_proto(w, ntohs(hdr->proto));
	if (fdret == FLOW_DISSECT_RET_OUT_BAD)
		return fdret;

	if (flow_uses(w, FLOW_DISSECTOR_KEY_PPPOE)) {
		key_pppoe = flow_key(w, FLOW_DISSECTOR_KEY_PPPOE);
		key_pppoe->session_id = hdr->hdr.sid;
		key_pppoe->ppp_proto = hdr->proto;
		key_pppoe->type = htons(ETH_P_PPP_SES);
	}
	return fdret;
}

static __be32 tipc_hdr_rps_key(const struct tipc_basic_hdr *hdr)
{
	u32 w0 = ntohl(hdr->w[0]);

	return (w0 & KEEPALIVE_MSG_MASK) == KEEPALIVE_MSG_MASK ? 0 : hdr->w[3];
}

enum flow_dissect_ret flow_dissect_tipc(struct flow_walk *w)
{
	struct tipc_basic_hdr *hdr, _hdr;
	struct flow_dissector_key_addrs *key_addrs;

	hdr = flow_header(w, w->nhoff, sizeof(_hdr), &_hdr);
	if (malformed(!hdr))
		return FLOW_DISSECT_RET_OUT_BAD;

	if (flow_uses(w, FLOW_DISSECTOR_KEY_TIPC)) {
		key_addrs = flow_key(w, FLOW_DISSECTOR_KEY_TIPC);
		key_addrs->tipckey.key = tipc_hdr_rps_key(hdr);
		w->key_control->addr_type = FLOW_DISSECTOR_KEY_TIPC;
	}
	return FLOW_DISSECT_RET_OUT_GOOD;
}

enum flow_dissect_ret flow_dissect_fcoe(struct flow_walk *w)
{
	if (malformed(w->hlen - w->nhoff < FCOE_HEADER_LEN))
		return FLOW_DISSECT_RET_OUT_BAD;

	w->nhoff += FCOE_HEADER_LEN;
	return FLOW_DISSECT_RET_OUT_GOOD;
}

enum flow_dissect_ret flow_dissect_ptp(struct flow_walk *w)
{
	struct ptp_header *hdr, _hdr;

	hdr = flow_header(w, w->nhoff, sizeof(_hdr), &_hdr);
	if (malformed(!hdr))
		return FLOW_DISSECT_RET_OUT_BAD;

	w->nhoff += sizeof(struct ptp_header);
	return FLOW_DISSECT_RET_OUT_GOOD;
}

enum flow_dissect_ret flow_dissect_hsr(struct flow_walk *w)
{
	struct hsr_tag *hdr, _hdr;

	hdr = flow_header(w, w->nhoff, sizeof(_hdr), &_hdr);
	if (malformed(!hdr))
		return FLOW_DISSECT_RET_OUT_BAD;

	w->proto = hdr->encap_proto;
	w->nhoff += HSR_HLEN;
	return FLOW_DISSECT_RET_PROTO_AGAIN;
}
