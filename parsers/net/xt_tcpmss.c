// SPDX-License-Identifier: GPL-2.0-only
/*
 * The packet filter's view of the MSS: a match on its value, and a target that lowers it
 * in packets which pass by.
 *
 * Modelled on: Linux 6.1 net/netfilter/xt_tcpmss.c (tcpmss_mt), net/netfilter/xt_TCPMSS.c
 *	(tcpmss_mangle_packet, tcpmss_tg4)
 * Spec: RFC 9293 3.7.1, RFC 4459
 * Differs: two rules, set by the environment: a SYN over IPv6 that does not match an MSS
 *	up to 1220, and any SYN over IPv4, go to the target.
 */
#include <asm/unaligned.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <net/ipv6.h>
#include <net/tcp.h>
#include <redzone/tcp.h>

#include "rx.h"

enum { TCPMSS_CLAMP = 1220, TCPMSS_DEFAULT4 = 536, TCP_HDRLEN_MAX = 60 };

/* Return: 1 if an MSS up to TCPMSS_CLAMP is there, 0 if not, -1 to drop. */
static int tcpmss_mt(const struct sk_buff *skb)
{
	u8 _opt[TCP_HDRLEN_MAX - sizeof(struct tcphdr)];
	const struct tcphdr *th;
	unsigned int i = 0, optlen;
	struct tcphdr _tcph;
	const u8 *op;

	th = skb_header_pointer(skb, 0, sizeof(_tcph), &_tcph);
	if (malformed(!th))
		return -1;
	if (malformed(th->doff * 4 < sizeof(*th)))
		return -1;
	optlen = th->doff * 4 - (unsigned int)sizeof(*th);
	if (!optlen)
		return 0;
	/* a copy, wherever the options lie */
	op = skb_copy_bits(skb, sizeof(*th), _opt, (int)optlen) < 0 ? NULL : _opt;
	if (malformed(!op))
		return -1;

	while (i < optlen) {
		if (op[i] == TCPOPT_MSS && optlen - i >= TCPOLEN_MSS &&
		    !malformed(op[i + 1] != TCPOLEN_MSS))
			return get_unaligned_be16(op + i + 2) <= TCPMSS_CLAMP;
		if (op[i] < 2 || malformed_in(CVE_2026_43190, i == optlen - 1))
			i++;
		else
			i += malformed(!op[i + 1]) ? 1 : op[i + 1];
	}
	return 0;
}

/* Length of the option at @offset: as the walk of the target takes it. */
static unsigned int optlen(const u8 *opt, unsigned int offset)
{
	/* beware of zero-length options: make progress */
	if (opt[offset] <= TCPOPT_NOP || malformed(!opt[offset + 1]))
		return 1;
	return opt[offset + 1];
}

static void tcpmss_lower(struct tcphdr *tcph, u8 *opt, u16 oldmss, u16 newmss)
{
	put_unaligned_be16(newmss, opt + 2);
	csum_replace2(&tcph->check, htons(oldmss), htons(newmss));
}

/* Put an MSS option in front of the others. Return: what the packet grew by, -1. */
static int tcpmss_insert(struct sk_buff *skb, int len, u16 newmss)
{
	struct tcphdr *tcph;
	u8 *opt;

	if (skb_tailroom(skb) < TCPOLEN_MSS &&
	    pskb_expand_head(skb, 0, TCPOLEN_MSS - skb_tailroom(skb), GFP_ATOMIC))
		return -1;
	skb_put(skb, TCPOLEN_MSS);
	tcph = (struct tcphdr *)skb->data;
	opt = (u8 *)(tcph + 1);
	memmove(opt + TCPOLEN_MSS, opt, (size_t)len - sizeof(*tcph));
	opt[0] = TCPOPT_MSS;
	opt[1] = TCPOLEN_MSS;
	put_unaligned_be16(newmss, opt + 2);
	tcph->doff = (u16)(tcph->doff + TCPOLEN_MSS / 4) & 15;
	tcph->check = 0;
	return TCPOLEN_MSS;
}

/* Return: what the packet grew by, or -1 to drop it. */
static int tcpmss_mangle_packet(struct sk_buff *skb, u16 family)
{
	u16 newmss = TCPMSS_CLAMP, oldmss;
	int len, tcp_hdrlen;
	struct tcphdr *tcph;
	unsigned int i;
	u8 *opt;

	if (skb_ensure_writable(skb, skb->len))
		return -1;
	len = (int)skb->len;
	if (malformed(len < (int)sizeof(*tcph)))
		return -1;
	tcph = (struct tcphdr *)skb->data;
	tcp_hdrlen = tcph->doff * 4;
	if (malformed_in(CVE_2017_18017, len < tcp_hdrlen))
		return -1;
	if (malformed_in(CVE_2017_18017, tcp_hdrlen < (int)sizeof(*tcph)))
		return -1;

	opt = (u8 *)tcph;
	for (i = sizeof(*tcph); (int)i <= tcp_hdrlen - TCPOLEN_MSS; i += optlen(opt, i)) {
		if (opt[i] != TCPOPT_MSS || malformed(opt[i + 1] != TCPOLEN_MSS))
			continue;
		oldmss = get_unaligned_be16(opt + i + 2);
		if (oldmss > newmss)
			tcpmss_lower(tcph, opt + i, oldmss, newmss);
		return 0;
	}
	/* data behind the header: none may be put between */
	if (malformed(len > tcp_hdrlen))
		return 0;
	if (malformed(tcp_hdrlen >= TCP_HDRLEN_MAX))
		return 0;
	return tcpmss_insert(skb, len, family == AF_INET ? TCPMSS_DEFAULT4 : TCPMSS_CLAMP);
}

/* The sum of a packet that has grown, from its beginning. */
static void tcpmss_sum(struct sk_buff *skb, u16 family)
{
	struct tcphdr *tcph = (struct tcphdr *)skb->data;
	__wsum sum = csum_partial(tcph, (int)skb->len, 0);
	struct iphdr *iph = ip_hdr(skb);

	if (family == AF_INET) {
		iph->tot_len = htons((u16)(ntohs(iph->tot_len) + TCPOLEN_MSS));
		tcph->check = csum_tcpudp_magic(iph->saddr, iph->daddr, skb->len, IPPROTO_TCP,
						sum);
	} else {
		struct ipv6hdr *hdr = ipv6_hdr(skb);

		hdr->payload_len = htons((u16)(ntohs(hdr->payload_len) + TCPOLEN_MSS));
		tcph->check = csum_ipv6_magic(&hdr->saddr, &hdr->daddr, skb->len, IPPROTO_TCP,
					      sum);
	}
}

bool redzone_tcp_mangle(struct sk_buff *skb, u16 family)
{
	const struct tcphdr *th;
	struct tcphdr _tcph;
	int ret;

	if (family == AF_INET6) {
		ret = tcpmss_mt(skb);
		if (ret < 0)
			goto drop;
		if (ret > 0)
			return true;
	}
	th = skb_header_pointer(skb, 0, sizeof(_tcph), &_tcph);
	if (!th || !th->syn)
		return true;
	ret = tcpmss_mangle_packet(skb, family);
	if (ret < 0)
		goto drop;
	if (ret > 0)
		tcpmss_sum(skb, family);
	return true;

drop:
	kfree_skb_reason(skb, SKB_DROP_REASON_NETFILTER_DROP);
	return false;
}
