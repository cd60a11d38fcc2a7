/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IPv6 helpers and the functions of the IPv6 port (parsers/net).
 * Faithful to Linux 6.1 in names and meaning; MIB counters are left out.
 */
#ifndef _NET_IPV6_H
#define _NET_IPV6_H

#include <asm/unaligned.h>
#include <linux/if_ether.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/string.h>
#include <net/dst.h>
#include <net/net_namespace.h>

#define NEXTHDR_HOP		0
#define NEXTHDR_IPV4		4
#define NEXTHDR_TCP		6
#define NEXTHDR_UDP		17
#define NEXTHDR_IPV6		41
#define NEXTHDR_ROUTING		43
#define NEXTHDR_FRAGMENT	44
#define NEXTHDR_GRE		47
#define NEXTHDR_ESP		50
#define NEXTHDR_AUTH		51
#define NEXTHDR_ICMP		58
#define NEXTHDR_NONE		59
#define NEXTHDR_DEST		60
#define NEXTHDR_SCTP		132
#define NEXTHDR_MOBILITY	135

#define IPV6_ADDR_ANY		0x0000U
#define IPV6_ADDR_UNICAST	0x0001U
#define IPV6_ADDR_MULTICAST	0x0002U
#define IPV6_ADDR_LOOPBACK	0x0010U
#define IPV6_ADDR_LINKLOCAL	0x0020U
#define IPV6_ADDR_SITELOCAL	0x0040U
#define IPV6_ADDR_COMPATv4	0x0080U
#define IPV6_ADDR_MAPPED	0x1000U

#define IPV6_ADDR_MC_SCOPE(a)	((a)->s6_addr[1] & 0x0f)

#define IP6_DEFAULT_MAX_DST_OPTS_CNT	8
#define IP6_DEFAULT_MAX_HBH_OPTS_CNT	8
#define IP6_DEFAULT_MAX_DST_OPTS_LEN	0x7fffffff
#define IP6_DEFAULT_MAX_HBH_OPTS_LEN	0x7fffffff

/* flags of ipv6_find_hdr() */
#define IP6_FH_F_FRAG		(1 << 0)
#define IP6_FH_F_AUTH		(1 << 1)
#define IP6_FH_F_SKIP_RH	(1 << 2)

static inline bool ipv6_addr_equal(const struct in6_addr *a1, const struct in6_addr *a2)
{
	const u64 *ul1 = (const u64 *)a1, *ul2 = (const u64 *)a2;

	/* words, as on 64-bit Linux: one branch, and no call that an engine hooks */
	return !((get_unaligned(ul1) ^ get_unaligned(ul2)) |
		 (get_unaligned(ul1 + 1) ^ get_unaligned(ul2 + 1)));
}

static inline bool ipv6_addr_is_multicast(const struct in6_addr *addr)
{
	return addr->s6_addr[0] == 0xff;
}

static inline bool ipv6_addr_any(const struct in6_addr *a)
{
	return !(a->s6_addr32[0] | a->s6_addr32[1] | a->s6_addr32[2] | a->s6_addr32[3]);
}

static inline bool ipv6_addr_loopback(const struct in6_addr *a)
{
	return !(a->s6_addr32[0] | a->s6_addr32[1] | a->s6_addr32[2] |
		 (a->s6_addr32[3] ^ htonl(1)));
}

int __ipv6_addr_type(const struct in6_addr *addr);

static inline int ipv6_addr_type(const struct in6_addr *addr)
{
	return __ipv6_addr_type(addr) & 0xffff;
}

static inline u8 ipv6_get_dsfield(const struct ipv6hdr *ipv6h)
{
	return ipv6h->priority << 4 | ipv6h->flow_lbl[0] >> 4;
}

/* Keep the bits of @mask of the DS field, and set those of @value. */
static inline void ipv6_change_dsfield(struct ipv6hdr *ipv6h, u8 mask, u8 value)
{
	__be16 *p = (__be16 *)ipv6h;

	*p = (*p & htons((u16)(mask << 4 | 0xf00f))) | htons((u16)(value << 4));
}

/* the extension-header walkers */
bool ipv6_ext_hdr(u8 nexthdr);
int ipv6_skip_exthdr(const struct sk_buff *skb, int start, u8 *nexthdrp,
		     __be16 *frag_offp);
int ipv6_skip_exthdr_quoted(const struct sk_buff *skb, int start, u8 *nexthdrp,
			    __be16 *frag_offp);
int ipv6_find_tlv(const struct sk_buff *skb, int offset, int type);
int ipv6_find_hdr(const struct sk_buff *skb, unsigned int *offset, int target,
		  unsigned short *fragoff, int *flags);
int ip6_find_1stfragopt(struct sk_buff *skb, u8 **nexthdr);

/* the receive path */
void inet6_init(void);

int ipv6_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
	     struct net_device *orig_dev);
int ip6_rcv_finish(struct net *net, struct sk_buff *skb);
int ip6_input(struct sk_buff *skb);
int ip6_mc_input(struct sk_buff *skb);
int ip6_forward(struct sk_buff *skb);
int ip6_output(struct sk_buff *skb);
int ip6_pkt_discard(struct sk_buff *skb);
int ipv6_parse_hopopts(struct sk_buff *skb);
void ip6_protocol_deliver_rcu(struct net *net, struct sk_buff *skb);

#endif /* _NET_IPV6_H */
