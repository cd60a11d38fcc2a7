// SPDX-License-Identifier: GPL-2.0-only
/*
 * ICMP: messages received, errors and answers sent.
 *
 * Modelled on: Linux 6.1 net/ipv4/icmp.c (icmp_rcv, icmp_unreach, icmp_redirect,
 *	icmp_echo, icmp_timestamp, icmp_socket_deliver, icmp_tag_validation, icmp_reply,
 *	__icmp_send, icmp_push_reply, icmp_glue_bits)
 * Spec: RFC 792, RFC 1122 3.2.2, RFC 1812 4.3
 * Differs: no rate limits, policies or connection tracking (what it would attach to is
 *	an effect); an echo reply goes to nobody. icmp_probe.c and icmp_errqueue.c have
 *	the extensions.
 */
#include <linux/err.h>
#include <linux/slab.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/protocol.h>

#include "icmp_priv.h"
#include "ip_rcv_core.h"
#include "rx.h"

enum { ICMP_ROOM = 576 };	/* RFC 1812 4.3.2.3 */

/* A message being built: @data.icmph and what follows it, then bytes of @skb. */
struct icmp_bxm {
	struct sk_buff *skb;
	int offset;
	int data_len;
	struct {
		struct icmphdr icmph;
		__be32 times[3];
	} data;
	int head_len;
	struct ip_options_data replyopts;
};

struct icmp_control {
	enum skb_drop_reason (*handler)(struct sk_buff *skb);
	short error;		/* this ICMP is classed as an error message */
};

static const struct icmp_control icmp_pointers[NR_ICMP_TYPES + 1];

/*
 * Sending
 */

/* An error belongs to the connection of the packet that it is about. */
static void icmp_glue_bits(struct icmp_bxm *icmp_param, struct sk_buff *skb)
{
	u8 type = icmp_param->data.icmph.type;

	if (malformed_in(CVE_2026_46037, type > NR_ICMP_TYPES))
		return;
	if (icmp_pointers[type].error)
		sink_effect_u64(rx_sink(icmp_param->skb), "icmp.attached", type);
}

static void icmp_push_reply(struct net *net, struct icmp_bxm *icmp_param, __be32 saddr,
			    __be32 daddr, u8 tos)
{
	int len = icmp_param->head_len + icmp_param->data_len;
	int hlen = LL_RESERVED_SPACE(net->loopback_dev) + sizeof(struct iphdr) + MAX_IPOPTLEN;
	struct icmphdr *icmph;
	struct sk_buff *skb;

	skb = alloc_skb(hlen + len, GFP_ATOMIC);
	if (!skb)
		return;
	skb->dev = icmp_param->skb->dev;
	skb_reserve(skb, hlen);
	skb_reset_transport_header(skb);
	icmph = skb_put_data(skb, &icmp_param->data, icmp_param->head_len);
	BUG_ON(skb_copy_bits(icmp_param->skb, icmp_param->offset,
			     skb_put(skb, icmp_param->data_len), icmp_param->data_len));
	icmp_glue_bits(icmp_param, skb);

	icmph->checksum = 0;
	icmph->checksum = ip_compute_csum(icmph, len);
	ip_build_and_send_pkt(skb, net, saddr, daddr, IPPROTO_ICMP,
			      &icmp_param->replyopts.opt, tos);
}

/* An answer to @skb, along the way that it came. */
static void icmp_reply(struct icmp_bxm *icmp_param, struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);

	if (__ip_options_echo(net, &icmp_param->replyopts.opt, skb, &IPCB(skb)->opt))
		return;
	icmp_push_reply(net, icmp_param, fib_compute_spec_dst(skb), ip_hdr(skb)->saddr,
			ip_hdr(skb)->tos);
}

/* RFC 1122 3.2.2: no error about an error. */
static bool icmp_about_error(const struct sk_buff *skb_in, const struct iphdr *iph)
{
	u8 _inner_type, *itp;

	if (iph->protocol != IPPROTO_ICMP)
		return false;
	itp = skb_header_pointer(skb_in, skb_network_offset(skb_in) + (iph->ihl << 2) +
				 (int)offsetof(struct icmphdr, type),
				 sizeof(_inner_type), &_inner_type);
	if (malformed(!itp))
		return true;
	/* what is unknown may be one */
	if (malformed(*itp > NR_ICMP_TYPES))
		return true;
	return malformed(icmp_pointers[*itp].error);
}

/* RFC 1122 3.2.2: about which packets no error may be sent. */
static bool icmp_may_send(const struct sk_buff *skb_in, const struct iphdr *iph, int type)
{
	if (malformed(skb_in->pkt_type != PACKET_HOST))
		return false;
	if (malformed(skb_rtable(skb_in)->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST)))
		return false;
	if (malformed(iph->frag_off & htons(IP_OFFSET)))
		return false;
	return !(icmp_pointers[type].error && icmp_about_error(skb_in, iph));
}

/* From which address: ours that was addressed, else one of ours. */
static __be32 icmp_source(const struct sk_buff *skb_in, const struct iphdr *iph)
{
	struct net *net = dev_net(skb_in->dev);
	struct net_device *dev = skb_in->dev;

	if (skb_rtable(skb_in)->rt_flags & RTCF_LOCAL)
		return iph->daddr;
	if (!net->ipv4.sysctl_icmp_errors_use_inbound_ifaddr)
		dev = skb_dst(skb_in)->dev;
	return __in_dev_get_rcu(dev)->ifa_local;
}

void __icmp_send(struct sk_buff *skb_in, int type, int code, __be32 info,
		 const struct ip_options *opt)
{
	struct net *net = dev_net(skb_in->dev);
	struct icmp_bxm icmp_param;
	struct iphdr *iph;
	struct rtable *rt;
	int room;
	u8 tos;

	if (!skb_rtable(skb_in))
		return;
	iph = ip_hdr(skb_in);
	if ((u8 *)iph < skb_in->head)
		return;
	if (skb_network_header(skb_in) + sizeof(*iph) > skb_tail_pointer(skb_in))
		return;
	if (!icmp_may_send(skb_in, iph, type))
		return;

	tos = icmp_pointers[type].error ? (RT_TOS(iph->tos) | IPTOS_PREC_INTERNETCONTROL) :
					  iph->tos;
	if (__ip_options_echo(net, &icmp_param.replyopts.opt, skb_in,
			      opt ? opt : &IPCB(skb_in)->opt))
		return;

	icmp_param.data.icmph.type = type;
	icmp_param.data.icmph.code = code;
	icmp_param.data.icmph.un.gateway = info;
	icmp_param.data.icmph.checksum = 0;
	icmp_param.skb = skb_in;
	icmp_param.offset = skb_network_offset(skb_in);

	rt = ip_route_output(net, iph->saddr, 0, tos, 0);
	if (IS_ERR(rt))
		return;
	room = min_t(int, dst_mtu(&rt->dst), ICMP_ROOM);
	room -= sizeof(struct iphdr) + icmp_param.replyopts.opt.optlen;
	room -= sizeof(struct icmphdr);
	if (room <= (int)sizeof(struct iphdr))
		return;

	icmp_param.data_len = min_t(int, (int)skb_in->len - icmp_param.offset, room);
	icmp_param.head_len = sizeof(struct icmphdr);
	icmp_push_reply(net, &icmp_param, icmp_source(skb_in, iph), iph->saddr, tos);
}

/*
 * Errors received: skb->data is at the header they quote
 */

static void icmp_socket_deliver(struct sk_buff *skb, u32 info)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	const struct net_protocol *ipprot;
	int protocol = iph->protocol;

	/* ports, or what else identifies the sender, are in the first 8 bytes */
	if (malformed(!pskb_may_pull(skb, iph->ihl * 4 + 8)))
		return;
	if (malformed(protocol == IPPROTO_RAW))
		return;

	sink_effect_u64(rx_sink(skb), "icmp.notify", protocol);
	sink_effect_u64(rx_sink(skb), "icmp.info", info);
	ipprot = inet_protos[protocol];
	if (ipprot && ipprot->err_handler)
		ipprot->err_handler(skb, info);
}

/* Does the protocol see for itself that the error is about a packet of its? */
static bool icmp_tag_validation(int proto)
{
	const struct net_protocol *ipprot = inet_protos[proto];

	if (malformed_in(CVE_2026_23398, !ipprot))
		return false;
	return ipprot->icmp_strict_tag_validation;
}

/* Destination unreachable; false: it ends here. */
static bool icmp_dest_unreach(struct net *net, const struct icmphdr *icmph,
			      const struct iphdr *iph, u32 *info)
{
	if ((icmph->code & 15) == ICMP_FRAG_NEEDED) {
		switch (net->ipv4.sysctl_ip_no_pmtu_disc) {
		case 3:
			if (malformed(!icmp_tag_validation(iph->protocol)))
				return false;
			*info = ntohs(icmph->un.frag.mtu);
			break;
		case 0:
			*info = ntohs(icmph->un.frag.mtu);
			break;
		}
	}
	return !malformed(icmph->code > NR_ICMP_UNREACH);
}

static void icmp_unreach_decode(const struct sk_buff *skb, const struct icmphdr *icmph)
{
	if (icmph->type == ICMP_DEST_UNREACH && icmph->code == ICMP_FRAG_NEEDED)
		rx_u64(skb, "icmp.mtu", ntohs(icmph->un.frag.mtu));
	if (icmph->type == ICMP_PARAMETERPROB)
		rx_u64(skb, "icmp.pointer", icmph->un.reserved[0]);
}

/* Destination unreachable, time exceeded, source quench, parameter problem. */
static enum skb_drop_reason icmp_unreach(struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);
	const struct iphdr *iph;
	struct icmphdr *icmph;
	u32 info = 0;

	if (malformed(!pskb_may_pull(skb, sizeof(struct iphdr))))
		return SKB_DROP_REASON_NOT_SPECIFIED;
	icmph = icmp_hdr(skb);
	iph = (const struct iphdr *)skb->data;
	icmp_unreach_decode(skb, icmph);
	ip_decode(skb, iph);

	if (malformed(iph->ihl < 5))
		return SKB_DROP_REASON_IP_INHDR;

	switch (icmph->type) {
	case ICMP_DEST_UNREACH:
		if (!icmp_dest_unreach(net, icmph, iph, &info))
			return SKB_NOT_DROPPED_YET;
		break;
	case ICMP_PARAMETERPROB:
		info = ntohl(icmph->un.gateway) >> 24;
		break;
	case ICMP_TIME_EXCEEDED:
		if (malformed(icmph->code == ICMP_EXC_FRAGTIME))
			return SKB_NOT_DROPPED_YET;
		break;
	}

	/* RFC 1122 3.2.2: nobody answers a broadcast with an error */
	if (malformed(!net->ipv4.sysctl_icmp_ignore_bogus_error_responses &&
		      inet_addr_type(net, iph->daddr) == RTN_BROADCAST))
		return SKB_NOT_DROPPED_YET;

	icmp_socket_deliver(skb, info);
	return SKB_NOT_DROPPED_YET;
}

static enum skb_drop_reason icmp_redirect(struct sk_buff *skb)
{
	__be32 gateway = icmp_hdr(skb)->un.gateway;

	rx_bytes(skb, "icmp.redir_gw", &gateway, sizeof(gateway));
	if (malformed(skb->len < sizeof(struct iphdr)))
		return SKB_DROP_REASON_PKT_TOO_SMALL;
	if (!pskb_may_pull(skb, sizeof(struct iphdr)))
		return SKB_DROP_REASON_NOMEM;
	ip_decode(skb, (const struct iphdr *)skb->data);
	icmp_socket_deliver(skb, ntohl(gateway));
	return SKB_NOT_DROPPED_YET;
}

/*
 * Questions
 */

static enum skb_drop_reason icmp_echo(struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);
	struct icmp_bxm icmp_param;

	if (net->ipv4.sysctl_icmp_echo_ignore_all)
		return SKB_NOT_DROPPED_YET;

	icmp_param.data.icmph = *icmp_hdr(skb);
	icmp_param.skb = skb;
	icmp_param.offset = 0;
	icmp_param.data_len = skb->len;
	icmp_param.head_len = sizeof(struct icmphdr);

	if (icmp_param.data.icmph.type == ICMP_ECHO)
		icmp_param.data.icmph.type = ICMP_ECHOREPLY;
	else if (!icmp_build_probe(skb, &icmp_param.data.icmph))
		return SKB_NOT_DROPPED_YET;

	icmp_reply(&icmp_param, skb);
	return SKB_NOT_DROPPED_YET;
}

/* Milliseconds since midnight, which it always is. */
static enum skb_drop_reason icmp_timestamp(struct sk_buff *skb)
{
	struct icmp_bxm icmp_param;

	if (malformed(skb->len < 4))
		return SKB_DROP_REASON_PKT_TOO_SMALL;

	icmp_param.data.times[1] = 0;
	icmp_param.data.times[2] = 0;
	if (skb_copy_bits(skb, 0, &icmp_param.data.times[0], 4))
		BUG();
	rx_u64(skb, "icmp.originate_timestamp", ntohl(icmp_param.data.times[0]));

	icmp_param.data.icmph = *icmp_hdr(skb);
	icmp_param.data.icmph.type = ICMP_TIMESTAMPREPLY;
	icmp_param.data.icmph.code = 0;
	icmp_param.skb = skb;
	icmp_param.offset = 0;
	icmp_param.data_len = 0;
	icmp_param.head_len = sizeof(struct icmphdr) + 12;
	icmp_reply(&icmp_param, skb);
	return SKB_NOT_DROPPED_YET;
}

static enum skb_drop_reason icmp_discard(struct sk_buff *skb)
{
	return SKB_NOT_DROPPED_YET;
}

static const struct icmp_control icmp_pointers[NR_ICMP_TYPES + 1] = {
	[ICMP_ECHOREPLY] = { .handler = icmp_discard },
	[1] = { .handler = icmp_discard, .error = 1 },
	[2] = { .handler = icmp_discard, .error = 1 },
	[ICMP_DEST_UNREACH] = { .handler = icmp_unreach, .error = 1 },
	[ICMP_SOURCE_QUENCH] = { .handler = icmp_unreach, .error = 1 },
	[ICMP_REDIRECT] = { .handler = icmp_redirect, .error = 1 },
	[6] = { .handler = icmp_discard, .error = 1 },
	[7] = { .handler = icmp_discard, .error = 1 },
	[ICMP_ECHO] = { .handler = icmp_echo },
	[9] = { .handler = icmp_discard, .error = 1 },
	[10] = { .handler = icmp_discard, .error = 1 },
	[ICMP_TIME_EXCEEDED] = { .handler = icmp_unreach, .error = 1 },
	[ICMP_PARAMETERPROB] = { .handler = icmp_unreach, .error = 1 },
	[ICMP_TIMESTAMP] = { .handler = icmp_timestamp },
	[ICMP_TIMESTAMPREPLY] = { .handler = icmp_discard },
	[ICMP_INFO_REQUEST] = { .handler = icmp_discard },
	[ICMP_INFO_REPLY] = { .handler = icmp_discard },
	[ICMP_ADDRESS] = { .handler = icmp_discard },
	[ICMP_ADDRESSREPLY] = { .handler = icmp_discard },
};

static void icmp_decode(const struct sk_buff *skb, const struct icmphdr *icmph)
{
	rx_u64(skb, "icmp.type", icmph->type);
	rx_u64(skb, "icmp.code", icmph->code);
	rx_u64(skb, "icmp.checksum", ntohs(icmph->checksum));
	switch (icmph->type) {
	case ICMP_ECHO:
	case ICMP_ECHOREPLY:
	case ICMP_TIMESTAMP:
	case ICMP_TIMESTAMPREPLY:
		rx_u64(skb, "icmp.seq", ntohs(icmph->un.echo.sequence));
		/* fallthrough */
	case ICMP_EXT_ECHO:
	case ICMP_EXT_ECHOREPLY:
		rx_u64(skb, "icmp.ident", ntohs(icmph->un.echo.id));
	}
}

/* What a group or everybody was told. */
static bool icmp_rcv_group_ok(struct net *net, const struct icmphdr *icmph)
{
	if (malformed((icmph->type == ICMP_ECHO || icmph->type == ICMP_TIMESTAMP) &&
		      net->ipv4.sysctl_icmp_echo_ignore_broadcasts))
		return false;
	return !malformed(icmph->type != ICMP_ECHO && icmph->type != ICMP_TIMESTAMP &&
			  icmph->type != ICMP_ADDRESS && icmph->type != ICMP_ADDRESSREPLY);
}

static int icmp_rcv(struct sk_buff *skb)
{
	enum skb_drop_reason reason = SKB_DROP_REASON_NOT_SPECIFIED;
	struct rtable *rt = skb_rtable(skb);
	struct icmphdr *icmph;

	if (malformed(skb_checksum_simple_validate(skb))) {
		reason = SKB_DROP_REASON_ICMP_CSUM;
		goto drop;
	}
	if (malformed(!pskb_may_pull(skb, sizeof(*icmph))))
		goto drop;
	__skb_pull(skb, sizeof(*icmph));
	icmph = icmp_hdr(skb);
	icmp_decode(skb, icmph);

	if (icmph->type == ICMP_EXT_ECHO || icmph->type == ICMP_EXT_ECHOREPLY) {
		reason = icmph->type == ICMP_EXT_ECHO ? icmp_echo(skb) : icmp_discard(skb);
		goto reason_check;
	}
	if (malformed(icmph->type > NR_ICMP_TYPES)) {
		reason = SKB_DROP_REASON_UNHANDLED_PROTO;
		goto drop;
	}
	if (rt->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST)) {
		if (!icmp_rcv_group_ok(dev_net(skb->dev), icmph)) {
			reason = SKB_DROP_REASON_INVALID_PROTO;
			goto drop;
		}
	}

	reason = icmp_pointers[icmph->type].handler(skb);
reason_check:
	if (!reason) {
		sink_verdict(rx_sink(skb), 0, 0);
		consume_skb(skb);
		return NET_RX_SUCCESS;
	}
drop:
	kfree_skb_reason(skb, reason);
	return NET_RX_DROP;
}

static const struct net_protocol icmp_protocol = {
	.handler = icmp_rcv,
	.err_handler = icmp_err,
	.no_policy = 1,
};

void icmp_init(void)
{
	inet_add_protocol(&icmp_protocol, IPPROTO_ICMP);
}
