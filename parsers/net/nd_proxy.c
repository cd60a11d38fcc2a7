// SPDX-License-Identifier: GPL-2.0-only
/*
 * Answers on behalf of others: the proxy of a bridge.
 *
 * Modelled on: Linux 6.1 net/bridge/br_arp_nd_proxy.c (br_is_nd_neigh_msg,
 *	br_do_suppress_nd, br_nd_send)
 * Spec: RFC 4861 7.2.8
 * Differs: no VLANs and no forwarding database; whom it answers for is an act.
 */
#include <linux/slab.h>
#include <net/ipv6.h>

#include "nd.h"

static struct nd_proxy *nd_proxy_find(struct nd_dev *nd, const struct in6_addr *addr)
{
	struct nd_proxy *proxy;

	list_for_each_entry(proxy, &nd->proxies, list)
		if (ipv6_addr_equal(&proxy->addr, addr))
			return proxy;
	return NULL;
}

/* Whom the answer goes to on the link; NULL: the solicitation's options are no good. */
static const u8 *br_nd_reply_to(const struct sk_buff *request, const struct nd_msg *ns,
				const u8 *h_source)
{
	int ns_olen = (int)request->len - (int)sizeof(*ns);
	int i;

	for (i = 0; i < ns_olen - 1; i += ns->opt[i + 1] << 3) {
		if (malformed(!ns->opt[i + 1]))
			return NULL;
		if (malformed_in(CVE_2026_31752, i + (ns->opt[i + 1] << 3) > ns_olen))
			return NULL;
		if (ns->opt[i] == ND_OPT_SOURCE_LL_ADDR)
			return ns->opt + i + sizeof(struct nd_opt_hdr);
	}
	return h_source;
}

static void br_nd_send(struct nd_dev *nd, struct sk_buff *request, const struct nd_msg *ns,
		       const struct nd_proxy *proxy)
{
	const struct in6_addr *saddr = &ipv6_hdr(request)->saddr;
	bool dad = ipv6_addr_any(saddr);
	struct sk_buff *reply;
	struct nd_msg *na;
	u8 ha[ETH_ALEN];
	const u8 *to;

	to = br_nd_reply_to(request, ns, skb_mac_header(request) + ETH_ALEN);
	if (!to)
		return;
	memcpy(ha, to, ETH_ALEN);
	reply = ndisc_alloc_skb(nd, sizeof(*na) + 8);
	if (!reply)
		return;
	na = skb_put_zero(reply, sizeof(*na) + 8);
	na->icmph.icmp6_type = NDISC_NEIGHBOUR_ADVERTISEMENT;
	na->icmph.icmp6_override = 1;
	na->icmph.icmp6_solicited = !dad;
	na->target = ns->target;
	na->opt[0] = ND_OPT_TARGET_LL_ADDR;
	na->opt[1] = 1;
	memcpy(&na->opt[2], proxy->ha, ETH_ALEN);
	sink_effect_bytes(rx_sink(request), "proxy.ha", ha, ETH_ALEN);
	ndisc_send_skb(reply, dad ? &nd_allnodes : saddr, &proxy->addr, 255);
}

/* A bridge sees the message before the node does, and does not test its checksum. */
void br_do_suppress_nd(struct nd_dev *nd, struct sk_buff *skb)
{
	const struct nd_proxy *proxy;
	const struct nd_msg *msg;

	if (list_empty(&nd->proxies) || nd->dev->type != ARPHRD_ETHER)
		return;
	if (malformed(!pskb_may_pull(skb, sizeof(*msg))))
		return;
	msg = (const struct nd_msg *)skb_transport_header(skb);
	if (msg->icmph.icmp6_type != NDISC_NEIGHBOUR_SOLICITATION)
		return;
	if (malformed(msg->icmph.icmp6_code))
		return;
	/* nobody asks itself */
	if (malformed(ipv6_addr_equal(&ipv6_hdr(skb)->saddr, &ipv6_hdr(skb)->daddr)))
		return;
	proxy = nd_proxy_find(nd, &msg->target);
	if (!proxy)
		return;
	if (skb_linearize(skb))
		return;
	br_nd_send(nd, skb, (const struct nd_msg *)skb_transport_header(skb), proxy);
}

int nd_proxy_add(struct nd_dev *nd, const struct in6_addr *addr)
{
	struct nd_proxy *proxy;

	if (nd_proxy_find(nd, addr))
		return -EEXIST;
	proxy = kzalloc(sizeof(*proxy), GFP_ATOMIC);
	if (!proxy)
		return -ENOMEM;
	proxy->addr = *addr;
	memcpy(proxy->ha, nd->dev->dev_addr, ETH_ALEN);
	proxy->ha[ETH_ALEN - 1] = addr->s6_addr[15];
	list_add_tail(&proxy->list, &nd->proxies);
	return 0;
}

void nd_proxy_down(struct nd_dev *nd)
{
	struct nd_proxy *proxy, *tmp;

	list_for_each_entry_safe(proxy, tmp, &nd->proxies, list) {
		list_del(&proxy->list);
		kfree(proxy);
	}
}
