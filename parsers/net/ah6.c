// SPDX-License-Identifier: GPL-2.0-only
/*
 * IPsec: the Authentication Header is checked and removed, ESP is recognised.
 *
 * Modelled on: Linux 6.1 net/ipv6/ah6.c (ah6_input, ipv6_clear_mutable_options,
 *	zero_out_mutable_opts, ipv6_rearrange_rthdr), net/xfrm/xfrm_input.c
 *	(xfrm_input, xfrm_parse_spi, xfrm6_transport_input), net/ipv6/xfrm6_input.c
 *	(xfrm6_transport_finish), net/ipv6/esp6.c (esp6_input up to the cipher)
 * Spec: RFC 4302 2 and 3.3.3, RFC 4303 2
 * Differs: one transport-mode state (HMAC-SHA-1-96) for every SPI, no replay window;
 *	the security path lies in skb->cb and holds protocols; the packet is linear where
 *	Linux uses scatterlists; nothing is decrypted.
 */
#include <linux/ip.h>
#include <linux/slab.h>
#include <net/addrconf.h>
#include <net/xfrm.h>
#include <redzone/crypto.h>

#include "exthdrs.h"
#include "rx.h"

/*
 * Options whose value may change on the way count as zeros. The walk that processed
 * them has tested the same lengths.
 */
static bool zero_out_mutable_opts(struct ipv6_opt_hdr *opthdr)
{
	u8 *opt = (u8 *)opthdr;
	int len = ipv6_optlen(opthdr);
	int off = 0;
	int optlen = 0;

	off += 2;
	len -= 2;

	while (len > 0) {
		switch (opt[off]) {
		case IPV6_TLV_PAD1:
			optlen = 1;
			break;
		default:
			if (len < 2)
				return false;
			optlen = opt[off + 1] + 2;
			if (len < optlen)
				return false;
			if (opt[off] & 0x20)
				memset(&opt[off + 2], 0, opt[off + 1]);
			break;
		}

		off += optlen;
		len -= optlen;
	}
	return len == 0;
}

/* A routing header counts as it will be at the last segment. */
static int ipv6_rearrange_rthdr(struct ipv6hdr *iph, struct ipv6_rt_hdr *rthdr)
{
	unsigned int segments, segments_left;
	struct in6_addr *addrs;
	struct in6_addr final_addr;

	segments_left = rthdr->segments_left;
	if (segments_left == 0)
		return 0;

	segments = rthdr->hdrlen >> 1;
	if (segments_left > segments)
		return -EINVAL;

	rthdr->segments_left = 0;

	addrs = ((struct rt0_hdr *)rthdr)->addr;
	final_addr = addrs[segments - 1];

	addrs += segments - segments_left;
	memmove(addrs + 1, addrs, (segments_left - 1) * sizeof(*addrs));

	addrs[0] = iph->daddr;
	iph->daddr = final_addr;
	return 0;
}

/* The headers before AH, @len bytes from @iph, as the sender authenticated them. */
static int ipv6_clear_mutable_options(struct ipv6hdr *iph, int len)
{
	struct ipv6_opt_hdr *opth = (struct ipv6_opt_hdr *)(iph + 1);
	char *end = (char *)iph + len;
	int nexthdr = iph->nexthdr;
	int err;

	while ((char *)opth < end) {
		switch (nexthdr) {
		case NEXTHDR_DEST:
		case NEXTHDR_HOP:
			if (!zero_out_mutable_opts(opth))
				return -EINVAL;
			break;
		case NEXTHDR_ROUTING:
			err = ipv6_rearrange_rthdr(iph, (struct ipv6_rt_hdr *)opth);
			if (err)
				return err;
			break;
		default:
			return 0;
		}

		nexthdr = opth->nexthdr;
		opth = (struct ipv6_opt_hdr *)((char *)opth + ipv6_optlen(opth));
	}
	return 0;
}

static void ah_decode(const struct sk_buff *skb, const struct ip_auth_hdr *ah)
{
	rx_u64(skb, "ah.next_header", ah->nexthdr);
	rx_u64(skb, "ah.length", ah->hdrlen);
	rx_u64(skb, "ah.spi", be32_to_cpu(ah->spi));
	rx_u64(skb, "ah.sequence", be32_to_cpu(ah->seq_no));
}

/* The integrity check value over the packet as sent; work_iph keeps the headers. */
static int ah6_check_icv(struct xfrm_state *x, struct sk_buff *skb, int hdr_len,
			 u8 *work_iph, u8 *auth_data)
{
	struct ip_auth_hdr *ah = (struct ip_auth_hdr *)skb->data;
	struct ipv6hdr *ip6h = ipv6_hdr(skb);
	u8 icv[AH_ICV_MAX];
	int err;

	skb_push(skb, hdr_len);
	memcpy(work_iph, ip6h, hdr_len);
	memcpy(auth_data, ah->auth_data, x->data.icv_trunc_len);
	memset(ah->auth_data, 0, x->data.icv_trunc_len);

	err = ipv6_clear_mutable_options(ip6h, hdr_len);
	if (err)
		return err;

	ip6h->priority = 0;
	memset(ip6h->flow_lbl, 0, sizeof(ip6h->flow_lbl));
	ip6h->hop_limit = 0;

	xfrm_ah_digest(x, skb->data, skb->len, icv);
	if (malformed(crypto_memneq(icv, auth_data, x->data.icv_trunc_len)))
		return -EBADMSG;
	return 0;
}

/* Return: the next header, or -errno; the packet stays the caller's. */
static int ah6_input(struct xfrm_state *x, struct sk_buff *skb)
{
	int hdr_len = skb_network_header_len(skb);
	struct ip_auth_hdr *ah;
	int nexthdr, err;
	unsigned int ah_hlen;
	u8 *work_iph;

	if (!pskb_may_pull(skb, sizeof(struct ip_auth_hdr)))
		return -EINVAL;
	if (skb_cloned(skb) && pskb_expand_head(skb, 0, 0, GFP_ATOMIC))
		return -ENOMEM;

	ah = (struct ip_auth_hdr *)skb->data;
	nexthdr = ah->nexthdr;
	ah_hlen = ipv6_authlen(ah);

	if (malformed(ah_hlen != XFRM_ALIGN8(sizeof(*ah) + x->data.icv_full_len) &&
		      ah_hlen != XFRM_ALIGN8(sizeof(*ah) + x->data.icv_trunc_len)))
		return -EINVAL;

	if (malformed(!pskb_may_pull(skb, ah_hlen)))
		return -EINVAL;
	if (skb_linearize(skb))
		return -ENOMEM;

	work_iph = kmalloc(hdr_len + x->data.icv_trunc_len, GFP_ATOMIC);
	if (!work_iph)
		return -ENOMEM;

	err = ah6_check_icv(x, skb, hdr_len, work_iph, work_iph + hdr_len);
	if (!err) {
		/* the headers again, as they came, over the end of AH */
		skb->network_header += ah_hlen;
		memcpy(skb_network_header(skb), work_iph, hdr_len);
		__skb_pull(skb, ah_hlen + hdr_len);
		skb_set_transport_header(skb, -hdr_len);
		err = nexthdr;
	}
	kfree(work_iph);
	return err;
}

static int xfrm6_ah_rcv(struct sk_buff *skb)
{
	struct inet6_skb_parm *opt = IP6CB(skb);
	unsigned int nhoff = opt->nhoff;
	struct xfrm_state *x;
	int nexthdr, ihl;

	/* the SPI and the sequence number */
	if (malformed(!pskb_may_pull(skb, sizeof(struct ip_auth_hdr))))
		goto drop;
	ah_decode(skb, (struct ip_auth_hdr *)skb->data);

	/* there is room for so many states, each passed once */
	if (malformed(opt->sp_len == XFRM_MAX_DEPTH))
		goto drop;

	x = xfrm_state_lookup(skb, ((struct ip_auth_hdr *)skb->data)->spi, IPPROTO_AH);
	if (malformed(!x))
		goto drop;
	opt->sp_xvec[opt->sp_len++] = IPPROTO_AH;

	nexthdr = ah6_input(x, skb);
	if (nexthdr < 0)
		goto drop;

	/* transport mode: on with the header behind AH */
	ihl = skb->data - skb_transport_header(skb);
	ipv6_hdr(skb)->payload_len = htons(skb->len + ihl - sizeof(struct ipv6hdr));
	skb_network_header(skb)[nhoff] = nexthdr;
	skb_reset_transport_header(skb);
	return 1;

drop:
	kfree_skb(skb);
	return 0;
}

static int xfrm6_esp_rcv(struct sk_buff *skb)
{
	struct ip_esp_hdr *esph;
	int elen;

	if (malformed(!pskb_may_pull(skb, sizeof(*esph))))
		goto drop;

	/* something has to be encrypted, if only the trailer */
	elen = (int)skb->len - (int)sizeof(*esph);
	if (malformed(elen <= 0))
		goto drop;

	esph = (struct ip_esp_hdr *)skb->data;
	rx_u64(skb, "esp.spi", be32_to_cpu(esph->spi));
	rx_u64(skb, "esp.sequence", be32_to_cpu(esph->seq_no));
	rx_handover(skb, "handover.proto", IPPROTO_ESP);
	return 0;

drop:
	kfree_skb(skb);
	return 0;
}

const struct inet6_protocol ah6_protocol = {
	.handler = xfrm6_ah_rcv,
	.flags = INET6_PROTO_NOPOLICY,
};

const struct inet6_protocol esp6_protocol = {
	.handler = xfrm6_esp_rcv,
	.flags = INET6_PROTO_NOPOLICY,
};
