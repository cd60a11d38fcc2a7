/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a flow dissector reads out of a packet: keys by number, each at an offset of its
 * user's structure. Faithful to Linux 6.1, with the CFM key of 6.5; keys of tunnel
 * metadata, connection tracking and hashes of the device are left out.
 */
#ifndef _NET_FLOW_DISSECTOR_H
#define _NET_FLOW_DISSECTOR_H

#include <linux/bits.h>
#include <linux/if_ether.h>
#include <linux/in6.h>
#include <linux/kernel.h>
#include <linux/types.h>

struct net;
struct sk_buff;

struct flow_dissector_key_control {
	u16	thoff;
	u16	addr_type;
	u32	flags;
};

#define FLOW_DIS_IS_FRAGMENT	BIT(0)
#define FLOW_DIS_FIRST_FRAG	BIT(1)
#define FLOW_DIS_ENCAPSULATION	BIT(2)

enum flow_dissect_ret {
	FLOW_DISSECT_RET_OUT_GOOD,
	FLOW_DISSECT_RET_OUT_BAD,
	FLOW_DISSECT_RET_PROTO_AGAIN,
	FLOW_DISSECT_RET_IPPROTO_AGAIN,
	FLOW_DISSECT_RET_CONTINUE,
};

struct flow_dissector_key_basic {
	__be16	n_proto;
	u8	ip_proto;
	u8	padding;
};

struct flow_dissector_key_tags {
	u32	flow_label;
};

struct flow_dissector_key_vlan {
	u16	vlan_id:12,
		vlan_dei:1,
		vlan_priority:3;
	__be16	vlan_tpid;
	__be16	vlan_eth_type;
	u16	padding;
};

struct flow_dissector_mpls_lse {
	u32	mpls_ttl:8,
		mpls_bos:1,
		mpls_tc:3,
		mpls_label:20;
};

#define FLOW_DIS_MPLS_MAX 7
struct flow_dissector_key_mpls {
	struct flow_dissector_mpls_lse ls[FLOW_DIS_MPLS_MAX];
	u8	used_lses;		/* a bit for each entry in use */
};

static inline void dissector_set_mpls_lse(struct flow_dissector_key_mpls *mpls,
					  int lse_index)
{
	mpls->used_lses |= 1 << lse_index;
}

struct flow_dissector_key_keyid {
	__be32	keyid;
};

/* Source and destination follow one another as in the IP header. */
struct flow_dissector_key_ipv4_addrs {
	__be32	src;
	__be32	dst;
};

struct flow_dissector_key_ipv6_addrs {
	struct in6_addr	src;
	struct in6_addr	dst;
};

struct flow_dissector_key_tipc {
	__be32	key;
};

struct flow_dissector_key_addrs {
	union {
		struct flow_dissector_key_ipv4_addrs v4addrs;
		struct flow_dissector_key_ipv6_addrs v6addrs;
		struct flow_dissector_key_tipc tipckey;
	};
};

struct flow_dissector_key_arp {
	u32	sip;
	u32	tip;
	u8	op;
	unsigned char sha[ETH_ALEN];
	unsigned char tha[ETH_ALEN];
};

struct flow_dissector_key_ports {
	union {
		__be32 ports;
		struct {
			__be16 src;
			__be16 dst;
		};
	};
};

struct flow_dissector_key_ports_range {
	struct flow_dissector_key_ports tp;
	struct flow_dissector_key_ports tp_max;
};

struct flow_dissector_key_icmp {
	u8	type;
	u8	code;
	u16	id;
};

/* As in the Ethernet header. */
struct flow_dissector_key_eth_addrs {
	unsigned char dst[ETH_ALEN];
	unsigned char src[ETH_ALEN];
};

struct flow_dissector_key_tcp {
	__be16	flags;
};

struct flow_dissector_key_ip {
	u8	tos;
	u8	ttl;
};

struct flow_dissector_key_num_of_vlans {
	u8	num_of_vlans;
};

struct flow_dissector_key_pppoe {
	__be16	session_id;
	__be16	ppp_proto;
	__be16	type;
};

struct flow_dissector_key_l2tpv3 {
	__be32	session_id;
};

#define FLOW_DIS_CFM_MDL_MASK	GENMASK(7, 5)
struct flow_dissector_key_cfm {
	u8	mdl_ver;
	u8	opcode;
};

enum flow_dissector_key_id {
	FLOW_DISSECTOR_KEY_CONTROL,
	FLOW_DISSECTOR_KEY_BASIC,
	FLOW_DISSECTOR_KEY_IPV4_ADDRS,
	FLOW_DISSECTOR_KEY_IPV6_ADDRS,
	FLOW_DISSECTOR_KEY_PORTS,
	FLOW_DISSECTOR_KEY_PORTS_RANGE,
	FLOW_DISSECTOR_KEY_ICMP,
	FLOW_DISSECTOR_KEY_ETH_ADDRS,
	FLOW_DISSECTOR_KEY_TIPC,
	FLOW_DISSECTOR_KEY_ARP,
	FLOW_DISSECTOR_KEY_VLAN,
	FLOW_DISSECTOR_KEY_FLOW_LABEL,
	FLOW_DISSECTOR_KEY_GRE_KEYID,
	FLOW_DISSECTOR_KEY_MPLS_ENTROPY,
	FLOW_DISSECTOR_KEY_MPLS,
	FLOW_DISSECTOR_KEY_TCP,
	FLOW_DISSECTOR_KEY_IP,
	FLOW_DISSECTOR_KEY_CVLAN,
	FLOW_DISSECTOR_KEY_NUM_OF_VLANS,
	FLOW_DISSECTOR_KEY_PPPOE,
	FLOW_DISSECTOR_KEY_L2TPV3,
	FLOW_DISSECTOR_KEY_CFM,

	FLOW_DISSECTOR_KEY_MAX,
};

#define FLOW_DISSECTOR_F_PARSE_1ST_FRAG		BIT(0)
#define FLOW_DISSECTOR_F_STOP_AT_FLOW_LABEL	BIT(1)
#define FLOW_DISSECTOR_F_STOP_AT_ENCAP		BIT(2)
#define FLOW_DISSECTOR_F_STOP_BEFORE_ENCAP	BIT(3)

struct flow_dissector_key {
	enum flow_dissector_key_id key_id;
	size_t offset;			/* in the user's structure */
};

struct flow_dissector {
	unsigned int used_keys;		/* a bit for each number */
	unsigned short offset[FLOW_DISSECTOR_KEY_MAX];
};

struct flow_keys_basic {
	struct flow_dissector_key_control control;
	struct flow_dissector_key_basic basic;
};

/* What a flow's hash is made of, from @basic on. */
struct flow_keys {
	struct flow_dissector_key_control control;
	struct flow_dissector_key_basic basic;
	struct flow_dissector_key_tags tags;
	struct flow_dissector_key_vlan vlan;
	struct flow_dissector_key_vlan cvlan;
	struct flow_dissector_key_keyid keyid;
	struct flow_dissector_key_ports ports;
	struct flow_dissector_key_icmp icmp;
	struct flow_dissector_key_addrs addrs;	/* the last one */
};

static inline bool dissector_uses_key(const struct flow_dissector *flow_dissector,
				      enum flow_dissector_key_id key_id)
{
	return flow_dissector->used_keys & (1U << key_id);
}

static inline void *skb_flow_dissector_target(const struct flow_dissector *flow_dissector,
					      enum flow_dissector_key_id key_id,
					      void *target_container)
{
	return (char *)target_container + flow_dissector->offset[key_id];
}

void skb_flow_dissector_init(struct flow_dissector *flow_dissector,
			     const struct flow_dissector_key *key,
			     unsigned int key_count);

/*
 * Read the keys of @flow_dissector into @target_container, which is zeroed: from @skb
 * (@data NULL: protocol, network header and linear part as it says), or from the @hlen
 * bytes at @data, in which a header of @proto begins at @nhoff. @net (may be NULL): values
 * that are read go to its sink. False: a header is not whole or makes no sense; the keys
 * hold what came before it.
 */
bool __skb_flow_dissect(const struct net *net, const struct sk_buff *skb,
			const struct flow_dissector *flow_dissector, void *target_container,
			const void *data, __be16 proto, int nhoff, int hlen, unsigned int flags);

/* Where the payload begins, as far as @keys know; @data, @hlen as above. */
u32 __skb_get_poff(const struct sk_buff *skb, const void *data,
		   const struct flow_keys_basic *keys, int hlen);
u32 skb_get_poff(const struct sk_buff *skb);

/* Bytes of the @len at @data, an Ethernet frame, that are headers. */
u32 eth_get_headlen(const void *data, u32 len);

void flow_init(void);

/*
 * What a node's receive path does with the frame @skb: the driver asks for the length of
 * the headers in a buffer, a classifier for every key (@flags); of a packet in fragments
 * come the hash, and where its payload begins. @skb is only looked at.
 */
void redzone_flow_rx(struct net *net, struct sk_buff *skb, unsigned int flags);

#endif /* _NET_FLOW_DISSECTOR_H */
