// SPDX-License-Identifier: GPL-2.0-only
/*
 * ICMP errors as a socket gets them: the extensions behind the quoted datagram.
 *
 * Modelled on: Linux 6.1 net/ipv4/icmp.c (icmp_err, ip_icmp_error_rfc4884,
 *	ip_icmp_error_rfc4884_validate), net/ipv4/ping.c (ping_err),
 *	net/ipv4/ip_sockglue.c (ip_icmp_error, ipv4_icmp_error_rfc4884)
 * Spec: RFC 4884 4 to 8
 * Differs: one socket asks for extensions and has sent every echo request.
 */
#include <net/ip.h>

#include "icmp_priv.h"
#include "rx.h"

enum { RFC4884_MIN = 128 };	/* the quoted datagram is at least this long */

static bool ip_icmp_error_rfc4884_validate(const struct sk_buff *skb, int off)
{
	struct icmp_extobj_hdr *objh, _objh;
	struct icmp_ext_hdr *exth, _exth;
	u16 olen;

	exth = skb_header_pointer(skb, off, sizeof(_exth), &_exth);
	if (malformed(!exth))
		return false;
	rx_u64(skb, "icmp.ext.version", exth->version);
	if (malformed(exth->version != 2))
		return true;
	if (malformed(exth->checksum && csum_fold(skb_checksum(skb, off, skb->len - off, 0))))
		return false;

	off += sizeof(_exth);
	while (off < (int)skb->len) {
		objh = skb_header_pointer(skb, off, sizeof(_objh), &_objh);
		if (malformed(!objh))
			return false;
		olen = ntohs(objh->length);
		rx_u64(skb, "icmp.ext.length", olen);
		rx_u64(skb, "icmp.ext.class", objh->class_num);
		rx_u64(skb, "icmp.ext.ctype", objh->class_type);
		if (malformed(olen < sizeof(_objh)))
			return false;
		off += olen;
		if (malformed(off > (int)skb->len))
			return false;
	}
	return true;
}

/* @thlen: the ICMP header; @off: the length of the quoted datagram, as that header has it */
static void ip_icmp_error_rfc4884(const struct sk_buff *skb, int thlen, int off)
{
	int hlen = -skb_transport_offset(skb) - thlen;

	if (malformed(off < RFC4884_MIN))
		return;
	if (malformed(off < hlen))
		return;
	off -= hlen;
	if (malformed(off + sizeof(struct icmp_ext_hdr) > skb->len))
		return;

	sink_effect_u64(rx_sink(skb), "icmp.rfc4884.len", off);
	sink_effect_u64(rx_sink(skb), "icmp.rfc4884.invalid",
			!ip_icmp_error_rfc4884_validate(skb, off));
}

/* For the error queue of the socket: the error from its payload on. */
static void ip_icmp_error(struct sk_buff *skb, const u8 *payload)
{
	struct icmphdr *icmph = icmp_hdr(skb);
	struct sk_buff *clone = skb_clone(skb, GFP_ATOMIC);

	if (!clone)
		return;
	if (!malformed(!skb_pull(clone, payload - clone->data))) {
		switch (icmph->type) {
		case ICMP_DEST_UNREACH:
		case ICMP_TIME_EXCEEDED:
		case ICMP_PARAMETERPROB:
			ip_icmp_error_rfc4884(clone, sizeof(struct icmphdr),
					      icmph->un.reserved[1] * sizeof(u32));
		}
	}
	consume_skb(clone);
}

/* Only what a socket sent is a socket's business. */
static void ping_err(struct sk_buff *skb, int offset)
{
	struct icmphdr *icmph = (struct icmphdr *)(skb->data + offset);

	if (malformed(icmph->type != ICMP_ECHO))
		return;
	sink_effect_u64(rx_sink(skb), "icmp.err.ident", ntohs(icmph->un.echo.id));
	ip_icmp_error(skb, (u8 *)icmph + sizeof(*icmph));
}

int icmp_err(struct sk_buff *skb, u32 info)
{
	struct iphdr *iph = (struct iphdr *)skb->data;
	int offset = iph->ihl << 2;
	struct icmphdr *icmph = (struct icmphdr *)(skb->data + offset);
	int type = icmp_hdr(skb)->type, code = icmp_hdr(skb)->code;

	/* the kernel itself sends answers only */
	if (icmph->type != ICMP_ECHOREPLY) {
		ping_err(skb, offset);
		return 0;
	}
	if (type == ICMP_DEST_UNREACH && code == ICMP_FRAG_NEEDED)
		ipv4_update_pmtu(skb, info);
	else if (type == ICMP_REDIRECT)
		ipv4_redirect(skb);
	return 0;
}
