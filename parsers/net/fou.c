// SPDX-License-Identifier: GPL-2.0-only
/*
 * Foo over UDP and Generic UDP Encapsulation: a packet of an IP protocol behind a UDP header.
 *
 * Modelled on: Linux 6.1 net/ipv4/fou_core.c (fou_udp_recv, gue_udp_recv, gue_remcsum,
 *	fou_recv_pull), include/net/gue.h (validate_gue_flags)
 * Spec: draft-ietf-intarea-gue 3, draft-ietf-intarea-gue-extensions 7 (remote checksum)
 * Differs: outer IPv4 only; the packet goes back to its IP protocol as upstream's return
 *	value asks.
 */
#include <net/ip.h>

#include "rx.h"
#include "udp_tunnel.h"

enum { FOU_PORT = 5555, GUE_PORT = 6080 };

#define GUE_FLAG_PRIV		htons(1 << 0)
#define GUE_FLAGS_ALL		GUE_FLAG_PRIV
#define GUE_LEN_PRIV		4
#define GUE_PFLAG_REMCSUM	htonl(1U << 31)
#define GUE_PFLAGS_ALL		GUE_PFLAG_REMCSUM
#define GUE_PLEN_REMCSUM	4

struct guehdr {
	u8	hlen:5,
		control:1,
		version:2;
	u8	proto_ctype;
	__be16	flags;
};

static void fou_shorten(struct sk_buff *skb, size_t len)
{
	ip_hdr(skb)->tot_len = htons((u16)(ntohs(ip_hdr(skb)->tot_len) - len));
}

void fou_recv_pull(struct sk_buff *skb, size_t len)
{
	fou_shorten(skb, len);
	__skb_pull(skb, (unsigned int)len);
	skb_postpull_rcsum(skb, udp_hdr(skb), (unsigned int)len);
	skb_reset_transport_header(skb);
}

static int fou_udp_recv(const struct udp_tunnel_sock *sk, struct sk_buff *skb)
{
	fou_recv_pull(skb, sizeof(struct udphdr));
	return -sk->protocol;
}

static bool gue_priv_flags_ok(const struct guehdr *guehdr, size_t optlen, size_t len)
{
	const u8 *data = (const u8 *)&guehdr[1] + len;
	__be32 pflags = get_unaligned((const __be32 *)(data - GUE_LEN_PRIV));
	const __be16 *pd = (const __be16 *)data;

	if (malformed(pflags & ~GUE_PFLAGS_ALL))
		return false;
	if (!(pflags & GUE_PFLAG_REMCSUM))
		return true;
	if (malformed(len + GUE_PLEN_REMCSUM > optlen))
		return false;
	return !malformed(ntohs(pd[1]) < ntohs(pd[0]));
}

static bool validate_gue_flags(const struct guehdr *guehdr, size_t optlen)
{
	size_t len = guehdr->flags & GUE_FLAG_PRIV ? GUE_LEN_PRIV : 0;

	if (malformed(guehdr->flags & ~GUE_FLAGS_ALL))
		return false;
	if (malformed(len > optlen))
		return false;
	return !len || gue_priv_flags_ok(guehdr, optlen, len);
}

/* Version 1: the first bits are those of an IP header, which begins here. */
static int gue_direct(struct sk_buff *skb, const struct guehdr *guehdr)
{
	u8 version = *(const u8 *)guehdr >> 4;
	int prot = version == 4 ? IPPROTO_IPIP : IPPROTO_IPV6;

	if (version != 4 && malformed(version != 6)) {
		kfree_skb(skb);
		return 0;
	}
	fou_recv_pull(skb, sizeof(struct udphdr));
	return -prot;
}

static struct guehdr *gue_remcsum(struct sk_buff *skb, struct guehdr *guehdr, const void *data,
				  size_t hdrlen)
{
	const __be16 *pd = data;
	size_t start = ntohs(pd[0]), offset = ntohs(pd[1]);
	size_t plen = sizeof(struct udphdr) + hdrlen +
		      max_t(size_t, offset + sizeof(u16), start);

	if (skb->remcsum_offload)
		return guehdr;
	if (malformed(!pskb_may_pull(skb, (unsigned int)plen)))
		return NULL;
	guehdr = (struct guehdr *)&udp_hdr(skb)[1];
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = (u16)((u8 *)guehdr + hdrlen + start - skb->head);
	skb->csum_offset = (u16)(offset - start);
	return guehdr;
}

/* Options that announce themselves; false: the packet is not to be taken. */
static bool gue_options(struct sk_buff *skb, struct guehdr **guehdr, size_t hdrlen)
{
	const u8 *data = (const u8 *)&(*guehdr)[1];

	if (!((*guehdr)->flags & GUE_FLAG_PRIV) ||
	    !(get_unaligned((const __be32 *)data) & GUE_PFLAG_REMCSUM))
		return true;
	*guehdr = gue_remcsum(skb, *guehdr, data + GUE_LEN_PRIV, hdrlen);
	return *guehdr;
}

/*
 * Protocol 0 asks to be processed again as itself, which a caller cannot tell from a packet
 * that is done.
 */
static int gue_deliver(struct sk_buff *skb, const struct guehdr *guehdr, size_t hdrlen)
{
	u8 proto_ctype = guehdr->proto_ctype;

	if (malformed(guehdr->control))
		goto drop;
	if (malformed_in(CVE_2026_23095, !proto_ctype))
		goto drop;
	__skb_pull(skb, (unsigned int)(sizeof(struct udphdr) + hdrlen));
	skb_reset_transport_header(skb);
	return -proto_ctype;

drop:
	kfree_skb(skb);
	return 0;
}

static int gue_udp_recv(const struct udp_tunnel_sock *sk, struct sk_buff *skb)
{
	size_t len = sizeof(struct udphdr) + sizeof(struct guehdr), optlen;
	struct guehdr *guehdr;

	if (malformed(!pskb_may_pull(skb, (unsigned int)len)))
		goto drop;
	guehdr = (struct guehdr *)&udp_hdr(skb)[1];
	rx_u64(skb, "gue.version", guehdr->version);
	if (guehdr->version == 1)
		return gue_direct(skb, guehdr);
	if (malformed(guehdr->version))
		goto drop;

	optlen = guehdr->hlen << 2;
	len += optlen;
	if (malformed(!pskb_may_pull(skb, (unsigned int)len)))
		goto drop;
	guehdr = (struct guehdr *)&udp_hdr(skb)[1];
	rx_u64(skb, "gue.proto_ctype", guehdr->proto_ctype);
	if (!validate_gue_flags(guehdr, optlen))
		goto drop;

	fou_shorten(skb, len);
	skb_postpull_rcsum(skb, udp_hdr(skb), (unsigned int)len);
	if (!gue_options(skb, &guehdr, sizeof(struct guehdr) + optlen))
		goto drop;
	return gue_deliver(skb, guehdr, sizeof(struct guehdr) + optlen);

drop:
	kfree_skb(skb);
	return 0;
}

static const struct udp_tunnel_sock fou_socks[] = {
	{ .port = FOU_PORT, .protocol = IPPROTO_IPIP, .encap_rcv = fou_udp_recv },
	{ .port = FOU_PORT + 1, .protocol = IPPROTO_GRE, .encap_rcv = fou_udp_recv },
	{ .port = GUE_PORT, .encap_rcv = gue_udp_recv },
};

void fou_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fou_socks); i++)
		udp_tunnel_add(&fou_socks[i]);
}
