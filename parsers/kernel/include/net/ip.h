/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IPv4 helpers and the functions of the IPv4 port (parsers/net).
 * Faithful to Linux 6.1 in names and meaning; MIB counters are left out.
 */
#ifndef _IP_H
#define _IP_H

#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/netdevice.h>
#include <net/dst.h>
#include <net/inet_sock.h>
#include <net/net_namespace.h>
#include <net/route.h>

/* frag_off in host order */
#define IP_CE		0x8000
#define IP_DF		0x4000
#define IP_MF		0x2000
#define IP_OFFSET	0x1FFF

/* What IPv4 keeps in skb->cb while a packet is on its way. */
struct inet_skb_parm {
	int			iif;
	struct ip_options	opt;	/* compiled */
	u16			flags;
	u16			frag_max_size;
};

#define IPSKB_FORWARDED		(1 << 0)
#define IPSKB_FRAG_COMPLETE	(1 << 3)
#define IPSKB_REROUTED		(1 << 4)
#define IPSKB_DOREDIRECT	(1 << 5)
#define IPSKB_FRAG_PMTU		(1 << 6)

#define IPCB(skb)	((struct inet_skb_parm *)((skb)->cb))

static inline unsigned int ip_hdrlen(const struct sk_buff *skb)
{
	return ip_hdr(skb)->ihl * 4;
}

static inline bool ip_is_fragment(const struct iphdr *iph)
{
	return (iph->frag_off & htons(IP_MF | IP_OFFSET)) != 0;
}

static inline unsigned int ip_transport_len(const struct sk_buff *skb)
{
	return ntohs(ip_hdr(skb)->tot_len) - skb_network_header_len(skb);
}

static inline __wsum inet_compute_pseudo(struct sk_buff *skb, int proto)
{
	return csum_tcpudp_nofold(ip_hdr(skb)->saddr, ip_hdr(skb)->daddr, skb->len,
				  proto, 0);
}

static inline int inet_iif(const struct sk_buff *skb)
{
	return skb->dev->ifindex;
}

static inline void ip_send_check(struct iphdr *iph)
{
	iph->check = 0;
	iph->check = ip_fast_csum((unsigned char *)iph, iph->ihl);
}

static inline int ip_decrease_ttl(struct iphdr *iph)
{
	u32 check = (__force u32)iph->check;

	check += (__force u32)htons(0x0100);
	iph->check = (__force __sum16)(u16)(check + (check >= 0xFFFF));
	return --iph->ttl;
}

/* Who asks for reassembly; upstream: enum ip_defrag_users. */
enum ip_defrag_users {
	IP_DEFRAG_LOCAL_DELIVER,
	IP_DEFRAG_CALL_RA_CHAIN,
};

/*
 * Reassembly is a layer that a target may have: without one, fragments are handed
 * over. @defrag as ip_defrag(): 0 if @skb now is the whole datagram, else it was kept
 * or freed.
 */
void ip_defrag_register(int (*defrag)(struct net *net, struct sk_buff *skb, u32 user));

/* the receive path */
void inet_init(void);
int ip_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
	   struct net_device *orig_dev);
int ip_local_deliver(struct sk_buff *skb);
int ip_mr_input(struct sk_buff *skb);
void ip_protocol_deliver_rcu(struct net *net, struct sk_buff *skb, int protocol);
int ip_forward(struct sk_buff *skb);
int ip_output(struct sk_buff *skb);

/*
 * Send @skb, data at its transport header, from a source that answers: an IPv4 header
 * with @opt goes before it. Returns 0 or negative errno; consumes @skb.
 */
int ip_build_and_send_pkt(struct sk_buff *skb, struct net *net, __be32 saddr,
			  __be32 daddr, u8 protocol, const struct ip_options *opt, u8 tos);
int ip_local_out(struct net *net, struct sk_buff *skb);

/* options */
int __ip_options_echo(struct net *net, struct ip_options *dopt, struct sk_buff *skb,
		      const struct ip_options *sopt);
void ip_options_build(struct sk_buff *skb, const struct ip_options *opt, __be32 daddr,
		      struct rtable *rt);
int __ip_options_compile(struct net *net, struct ip_options *opt, struct sk_buff *skb,
			 __be32 *info);
int ip_options_compile(struct net *net, struct ip_options *opt, struct sk_buff *skb);
void ip_options_fragment(struct sk_buff *skb);
void ip_forward_options(struct sk_buff *skb);
int ip_options_rcv_srr(struct sk_buff *skb, struct net_device *dev);

#endif /* _IP_H */
