// SPDX-License-Identifier: GPL-2.0-only
/* Packets behind their IP header: see ip_record.h. */
#include "ip_record.h"

#include <asm/unaligned.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <net/ipv6.h>
#include <net/sock.h>
#include <redzone/kernel.h>
#include <redzone/net.h>

enum { IPV4_PROTO = 9, IPV6_NEXTHDR = 6 };

static bool read_head(const u8 *ip, size_t len, struct ip_head *head)
{
	if (len >= sizeof(struct ipv6hdr) && ip[0] >> 4 == 6) {
		head->family = AF_INET6;
		head->proto = ip[IPV6_NEXTHDR];
		head->len = sizeof(struct ipv6hdr);
		return true;
	}
	if (len < sizeof(struct iphdr) || ip[0] >> 4 != 4)
		return false;
	head->family = AF_INET;
	head->proto = ip[IPV4_PROTO];
	head->len = (ip[0] & 15) * 4U;
	return head->len >= sizeof(struct iphdr) && head->len <= len;
}

/* Bytes behind the datagram are padding of the link. */
static size_t datagram_len(const u8 *ip, size_t len, const struct ip_head *head)
{
	size_t total = head->family == AF_INET ? get_unaligned_be16(ip + 2) :
						 get_unaligned_be16(ip + 4) + head->len;

	return total >= head->len && total < len ? total : len;
}

struct sk_buff *ip_record_skb(const u8 *frame, size_t len, struct ip_head *head)
{
	const u8 *ip = frame + ETH_HLEN;
	struct sk_buff *skb;

	if (len < ETH_HLEN || !read_head(ip, len - ETH_HLEN, head))
		return NULL;
	skb = redzone_skb_from_input(frame, ETH_HLEN + datagram_len(ip, len - ETH_HLEN, head));
	if (!skb)
		return NULL;
	skb->dev = redzone_net_device();
	skb->protocol = htons(head->family == AF_INET ? ETH_P_IP : ETH_P_IPV6);
	skb->pkt_type = frame[0] & 1 ? PACKET_MULTICAST : PACKET_HOST;
	if (!pskb_may_pull(skb, ETH_HLEN + head->len)) {
		kfree_skb(skb);
		return NULL;
	}
	skb_reset_mac_header(skb);
	skb_pull(skb, ETH_HLEN);
	skb_reset_network_header(skb);
	skb_pull(skb, head->len);
	skb_reset_transport_header(skb);
	return skb;
}

/* The router alert among the options at @opt, if it comes first. */
static void note_alert(struct sk_buff *skb, const u8 *opt)
{
	if (opt[0] != IPV6_TLV_ROUTERALERT)
		return;
	IP6CB(skb)->flags |= IP6SKB_ROUTERALERT;
	IP6CB(skb)->ra = get_unaligned((const __be16 *)(opt + 2));
}

/* An extension header is gone: @next is what it said comes behind it. */
static bool skip_ext(struct sk_buff *skb, unsigned int len, u8 *next)
{
	if (!pskb_may_pull(skb, len))
		return false;
	*next = skb->data[0];
	skb_pull(skb, len);
	skb_reset_transport_header(skb);
	return true;
}

u8 ip6_record_skip(struct sk_buff *skb, const struct ip_head *head)
{
	u8 next = head->proto;

	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
	IP6CB(skb)->iif = skb->dev->ifindex;
	if (next == IPPROTO_HOPOPTS) {
		if (!pskb_may_pull(skb, 8))
			return IPPROTO_NONE;
		note_alert(skb, skb->data + 2);
		if (!skip_ext(skb, (skb->data[1] + 1U) * 8, &next))
			return IPPROTO_NONE;
	}
	if (next == IPPROTO_FRAGMENT) {
		IP6CB(skb)->flags |= IP6SKB_FRAGMENTED;
		if (!skip_ext(skb, sizeof(struct frag_hdr), &next))
			return IPPROTO_NONE;
	}
	return next;
}
