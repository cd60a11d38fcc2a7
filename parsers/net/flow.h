/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of the flow dissector share. */
#ifndef PARSERS_NET_FLOW_H
#define PARSERS_NET_FLOW_H

#include <linux/skbuff.h>
#include <net/flow_dissector.h>
#include <redzone/guard.h>
#include <redzone/sink.h>

/* One call of __skb_flow_dissect(): its arguments, and how far it came. */
struct flow_walk {
	const struct sk_buff		*skb;	/* NULL: a raw buffer */
	const struct flow_dissector	*fd;
	void				*target;
	const void			*data;
	struct sink			*sink;	/* NULL: values are nobody's */
	struct flow_dissector_key_control *key_control;
	unsigned int			flags;
	int				nhoff;
	int				hlen;
	__be16				proto;
	u8				ip_proto;
	enum flow_dissector_key_id	vlan_key;
	bool				mpls_el;
	int				mpls_lse;
	int				num_hdrs;
};

/* The @len bytes at @offset, copied to @buffer if they are not linear; or NULL. */
static inline void *flow_header(const struct flow_walk *w, int offset, int len, void *buffer)
{
	return __skb_header_pointer(w->skb, offset, len, w->data, w->hlen, buffer);
}

static inline bool flow_uses(const struct flow_walk *w, enum flow_dissector_key_id key_id)
{
	return dissector_uses_key(w->fd, key_id);
}

static inline void *flow_key(const struct flow_walk *w, enum flow_dissector_key_id key_id)
{
	return skb_flow_dissector_target(w->fd, key_id, w->target);
}

void flow_u64(const struct flow_walk *w, const char *name, u64 value);
void flow_bytes(const struct flow_walk *w, const char *name, const void *data, size_t len);

/* flow_l2.c: each takes the header at w->nhoff. */
enum flow_dissect_ret __skb_flow_dissect_mpls(struct flow_walk *w);
enum flow_dissect_ret __skb_flow_dissect_arp(struct flow_walk *w);
enum flow_dissect_ret __skb_flow_dissect_batadv(struct flow_walk *w);
enum flow_dissect_ret __skb_flow_dissect_cfm(struct flow_walk *w);
enum flow_dissect_ret flow_dissect_vlan(struct flow_walk *w);
enum flow_dissect_ret flow_dissect_pppoe(struct flow_walk *w);
enum flow_dissect_ret flow_dissect_tipc(struct flow_walk *w);
enum flow_dissect_ret flow_dissect_fcoe(struct flow_walk *w);
enum flow_dissect_ret flow_dissect_ptp(struct flow_walk *w);
enum flow_dissect_ret flow_dissect_hsr(struct flow_walk *w);

/* flow_l4.c: what lies behind an IP header. */
enum flow_dissect_ret __skb_flow_dissect_gre(struct flow_walk *w);
void __skb_flow_dissect_tcp(struct flow_walk *w);
void __skb_flow_dissect_icmp(struct flow_walk *w);
void __skb_flow_dissect_l2tpv3(struct flow_walk *w);
void __skb_flow_dissect_ports(struct flow_walk *w);

/* flow_mpls.c: the MPLS part of Open vSwitch's key_extract(). */
void ovs_key_extract_mpls(struct sk_buff *skb, struct sink *sink);

#endif /* PARSERS_NET_FLOW_H */
