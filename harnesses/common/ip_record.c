// SPDX-License-Identifier: GPL-2.0-only
/* Records that are packets, or acts (ip_record.h). */
#include "ip_record.h"

#include <asm/unaligned.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <net/ipv6.h>
#include <redzone/kernel.h>
#include <redzone/net.h>
#include <redzone/pump.h>

#include "net_play.h"

enum { IPV4_PROTO = 9, IPV6_NEXTHDR = 6, WORK_MAX = 64 };

/* What the IP header in @ip says. */
struct ip_head {
	u16 family;
	u8 proto;
	unsigned int len;
};

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

static void play_packet(const struct rz_input *in, const u8 *frame, size_t len,
			ip_record_fn *packet)
{
	const u8 *ip = frame + ETH_HLEN;
	struct ip_head head;
	struct sk_buff *skb;

	if (len < ETH_HLEN || !read_head(ip, len - ETH_HLEN, &head))
		return;
	skb = redzone_skb_from_input(frame, ETH_HLEN + datagram_len(ip, len - ETH_HLEN, &head));
	if (!skb)
		return;
	skb->dev = redzone_net_device();
	skb->protocol = htons(head.family == AF_INET ? ETH_P_IP : ETH_P_IPV6);
	skb->pkt_type = frame[0] & 1 ? PACKET_MULTICAST : PACKET_HOST;
	if (!pskb_may_pull(skb, ETH_HLEN + head.len)) {
		kfree_skb(skb);
		return;
	}
	skb_reset_mac_header(skb);
	skb_pull(skb, ETH_HLEN);
	skb_reset_network_header(skb);
	skb_pull(skb, head.len);
	skb_reset_transport_header(skb);
	packet(skb, head.family, head.proto, in->env);
}

static void play_act(const u8 *record, size_t len,
		     void (*act)(u8 op, const u8 *params, size_t len))
{
	if (len < 2)
		return;
	if (record[1] != NET_ACT_TIME) {
		act(record[1], record + 2, len - 2);
		return;
	}
	redzone_time_advance(len >= 4 ? 10U * get_unaligned_le16(record + 2) : 0);
	redzone_run_work(WORK_MAX);
	redzone_run_rcu();
}

void ip_records_play(const struct rz_input *in, ip_record_fn *packet,
		     void (*act)(u8 op, const u8 *params, size_t len))
{
	struct rz_records records;
	const u8 *record;
	size_t len;

	rz_records_open(&records, in);
	while (rz_records_next(&records, &record, &len)) {
		if (len && len < ETH_HLEN && record[0] == NET_ACT)
			play_act(record, len, act);
		else
			play_packet(in, record, len, packet);
	}
}
