/* SPDX-License-Identifier: GPL-2.0-only */
/* What UDP, and the tunnels over it and over IP, share. */
#ifndef PARSERS_NET_UDP_TUNNEL_H
#define PARSERS_NET_UDP_TUNNEL_H

#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/gre.h>
#include <net/ip.h>

#define TUNNEL_CSUM	cpu_to_be16(0x01)
#define TUNNEL_ROUTING	cpu_to_be16(0x02)
#define TUNNEL_KEY	cpu_to_be16(0x04)
#define TUNNEL_SEQ	cpu_to_be16(0x08)

/* What is known of a tunnel header. */
struct tnl_ptk_info {
	__be16	flags;
	__be16	proto;
	__be32	key;
	__be32	seq;
	int	hdr_len;
};

/* The one tunnel of its kind that the node has. */
struct ip_tunnel {
	__be16	i_flags;		/* of TUNNEL_*: what every packet has to have */
	u32	i_seqno;
	bool	ether;			/* carries frames */
};

/*
 * A port that a tunnel has. @encap_rcv: 0 taken or freed, > 0 UDP's own, < 0 go on as the
 * IP protocol of that number.
 */
struct udp_tunnel_sock {
	u16	port;
	u8	protocol;		/* of FOU */
	u8	flags;
	u16	pcrlen;			/* least coverage of UDP-Lite */
	int	(*encap_rcv)(const struct udp_tunnel_sock *sk, struct sk_buff *skb);
};

/* In skb->cb, behind what the network layer has there. */
struct udp_skb_cb {
	struct inet_skb_parm h4;
	u16	cscov;
	u8	partial_cov;
};
#define UDP_SKB_CB(skb)	((struct udp_skb_cb *)((skb)->cb))

void udp_tunnel_add(const struct udp_tunnel_sock *sk);

/* UDP header and @len - 8 bytes behind it leave the packet; the IP header says so. */
void fou_recv_pull(struct sk_buff *skb, size_t len);

int __iptunnel_pull_header(struct sk_buff *skb, int hdr_len, __be16 inner_proto,
			   bool raw_proto);
int ip_tunnel_rcv(struct ip_tunnel *tunnel, struct sk_buff *skb,
		  const struct tnl_ptk_info *tpi);
int gre_parse_header(struct sk_buff *skb, struct tnl_ptk_info *tpi, bool *csum_err,
		     __be16 proto, int nhs);

void udp_init(void);
void fou_init(void);
void gre_init(void);
void ipip_init(void);

#endif /* PARSERS_NET_UDP_TUNNEL_H */
