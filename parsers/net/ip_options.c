// SPDX-License-Identifier: GPL-2.0-only
/*
 * IPv4 options: compiled on receipt, followed, echoed, kept in fragments.
 *
 * Modelled on: Linux 6.1 net/ipv4/ip_options.c (ip_options_build,
 *	__ip_options_echo, ip_options_fragment, __ip_options_compile,
 *	ip_options_compile, ip_forward_options, ip_options_rcv_srr)
 * Spec: RFC 791 3.1, RFC 781, RFC 1812 5.2.4, RFC 2113
 * Differs: each option is a function of its own, with the same order of checks; sockets
 *	have no options, so nothing is compiled but what was received; time stands still
 *	at 0 in what is written.
 */
#include <linux/icmp.h>
#include <linux/string.h>
#include <net/cipso_ipv4.h>
#include <net/icmp.h>
#include <net/ip.h>

#include "rx.h"

/* Midnight, always: equal inputs give equal packets. */
static __be32 inet_current_timestamp(void)
{
	return 0;
}

/**
 * ip_options_build - write compiled options behind the header of a packet of ours
 * @skb: packet, network header set, room for the options behind it
 * @opt: compiled options, with their bytes
 * @daddr: the final destination
 * @rt: route that the packet takes
 */
void ip_options_build(struct sk_buff *skb, const struct ip_options *opt, __be32 daddr,
		      struct rtable *rt)
{
	unsigned char *iph = skb_network_header(skb);

	memcpy(&IPCB(skb)->opt, opt, sizeof(*opt));
	memcpy(iph + sizeof(struct iphdr), ip_options_bytes(opt), opt->optlen);

	if (opt->srr)
		memcpy(iph + opt->srr + iph[opt->srr + 1] - 4, &daddr, 4);
	if (opt->rr_needaddr)
		ip_rt_get_source(iph + opt->rr + iph[opt->rr + 2] - 5, skb, rt);
	if (opt->ts_needaddr)
		ip_rt_get_source(iph + opt->ts + iph[opt->ts + 2] - 9, skb, rt);
	if (opt->ts_needtime) {
		__be32 midtime = inet_current_timestamp();

		memcpy(iph + opt->ts + iph[opt->ts + 2] - 5, &midtime, 4);
	}
}

/*
 * Echo: options of an answer, from those received
 */

static int ip_options_echo_rr(struct ip_options *dopt, unsigned char **dptr,
			      const unsigned char *sptr, const struct ip_options *sopt)
{
	int optlen = sptr[sopt->rr + 1], soffset = sptr[sopt->rr + 2];

	dopt->rr = dopt->optlen + sizeof(struct iphdr);
	memcpy(*dptr, sptr + sopt->rr, optlen);
	if (sopt->rr_needaddr && soffset <= optlen) {
		if (malformed(soffset + 3 > optlen))
			return -EINVAL;
		(*dptr)[2] = soffset + 4;
		dopt->rr_needaddr = 1;
	}
	*dptr += optlen;
	dopt->optlen += optlen;
	return 0;
}

/* Room for our address and our time, as far as the option has it. */
static int ip_options_echo_ts_room(struct net *net, struct ip_options *dopt,
				   const unsigned char *dptr, const struct ip_options *sopt,
				   int soffset, int optlen)
{
	__be32 addr;

	if (sopt->ts_needaddr) {
		if (malformed(soffset + 3 > optlen))
			return -EINVAL;
		dopt->ts_needaddr = 1;
		soffset += 4;
	}
	if (!sopt->ts_needtime)
		return soffset;

	if (malformed(soffset + 3 > optlen))
		return -EINVAL;
	if ((dptr[3] & 0xF) != IPOPT_TS_PRESPEC) {
		dopt->ts_needtime = 1;
		return soffset + 4;
	}
	dopt->ts_needtime = 0;
	if (malformed(soffset + 7 > optlen))
		return soffset;
	memcpy(&addr, dptr + soffset - 1, 4);
	if (inet_addr_type(net, addr) != RTN_UNICAST) {
		dopt->ts_needtime = 1;
		soffset += 8;
	}
	return soffset;
}

static int ip_options_echo_ts(struct net *net, struct ip_options *dopt, unsigned char **dptr,
			      const unsigned char *sptr, const struct ip_options *sopt)
{
	int optlen = sptr[sopt->ts + 1], soffset = sptr[sopt->ts + 2];

	dopt->ts = dopt->optlen + sizeof(struct iphdr);
	memcpy(*dptr, sptr + sopt->ts, optlen);
	if (soffset <= optlen) {
		soffset = ip_options_echo_ts_room(net, dopt, *dptr, sopt, soffset, optlen);
		if (soffset < 0)
			return soffset;
		(*dptr)[2] = soffset;
	}
	*dptr += optlen;
	dopt->optlen += optlen;
	return 0;
}

/* The way back: the addresses passed so far, last one first. */
static void ip_options_echo_srr(struct ip_options *dopt, unsigned char **dptr,
				const unsigned char *sptr, const struct ip_options *sopt,
				const struct sk_buff *skb)
{
	const unsigned char *start = sptr + sopt->srr;
	int optlen = start[1], soffset = start[2], doffset = 0;
	__be32 faddr = 0;

	if (malformed(soffset > optlen))
		soffset = optlen + 1;
	soffset -= 4;
	if (soffset > 3) {
		memcpy(&faddr, &start[soffset - 1], 4);
		for (soffset -= 4, doffset = 4; soffset > 3; soffset -= 4, doffset += 4)
			memcpy(&(*dptr)[doffset - 1], &start[soffset - 1], 4);
		/* RFC 1812 5.2.4.1: some begin with the sender itself */
		if (!memcmp(&ip_hdr(skb)->saddr, &start[soffset + 3], 4))
			doffset -= 4;
	}
	if (doffset <= 3)
		return;
	dopt->faddr = faddr;
	(*dptr)[0] = start[0];
	(*dptr)[1] = doffset + 3;
	(*dptr)[2] = 4;
	*dptr += doffset + 3;
	dopt->srr = dopt->optlen + sizeof(struct iphdr);
	dopt->optlen += doffset + 3;
	dopt->is_strictroute = sopt->is_strictroute;
}

/**
 * __ip_options_echo - compiled options for an answer to a packet
 * @net: namespace
 * @dopt: result, with room for 40 bytes behind it
 * @skb: the packet received; its header is linear
 * @sopt: its compiled options
 */
int __ip_options_echo(struct net *net, struct ip_options *dopt, struct sk_buff *skb,
		      const struct ip_options *sopt)
{
	const unsigned char *sptr = skb_network_header(skb);
	unsigned char *dptr = ip_options_bytes(dopt);
	int optlen;

	memset(dopt, 0, sizeof(*dopt));
	if (!sopt->optlen)
		return 0;

	if (sopt->rr && ip_options_echo_rr(dopt, &dptr, sptr, sopt))
		return -EINVAL;
	if (sopt->ts && ip_options_echo_ts(net, dopt, &dptr, sptr, sopt))
		return -EINVAL;
	if (sopt->srr)
		ip_options_echo_srr(dopt, &dptr, sptr, sopt, skb);
	if (sopt->cipso) {
		optlen = sptr[sopt->cipso + 1];
		dopt->cipso = dopt->optlen + sizeof(struct iphdr);
		memcpy(dptr, sptr + sopt->cipso, optlen);
		dptr += optlen;
		dopt->optlen += optlen;
	}
	while (dopt->optlen & 3) {
		*dptr++ = IPOPT_END;
		dopt->optlen++;
	}
	return 0;
}

/* What later fragments do not repeat becomes no-operation. */
void ip_options_fragment(struct sk_buff *skb)
{
	unsigned char *optptr = skb_network_header(skb) + sizeof(struct iphdr);
	struct ip_options *opt = &IPCB(skb)->opt;
	int l = opt->optlen, optlen;

	while (l > 0) {
		if (*optptr == IPOPT_END)
			return;
		if (*optptr == IPOPT_NOOP) {
			l--;
			optptr++;
			continue;
		}
		optlen = optptr[1];
		if (malformed(optlen < 2))
			return;
		if (malformed(optlen > l))
			return;
		if (!IPOPT_COPIED(*optptr))
			memset(optptr, IPOPT_NOOP, optlen);
		l -= optlen;
		optptr += optlen;
	}
	opt->ts = 0;
	opt->rr = 0;
	opt->rr_needaddr = 0;
	opt->ts_needaddr = 0;
	opt->ts_needtime = 0;
}

/*
 * Compilation. Each function returns where an option is wrong, NULL if it is right.
 */

struct compile {
	struct net *net;
	struct sk_buff *skb;
	struct ip_options *opt;
	unsigned char *iph;
	__be32 spec_dst;
};

/* Asked for at most once a packet. */
static void spec_dst_fill(struct compile *c)
{
	if (!c->spec_dst)
		c->spec_dst = fib_compute_spec_dst(c->skb);
}

static unsigned char *compile_srr(struct compile *c, unsigned char *optptr, int optlen)
{
	if (malformed(optlen < 3))
		return optptr + 1;
	rx_u64(c->skb, "ip.opt.ptr", optptr[2]);
	if (malformed(optptr[2] < 4))
		return optptr + 2;
	/* RFC 1812 5.2.4.1: one source route a packet */
	if (malformed(c->opt->srr))
		return optptr;
	c->opt->is_strictroute = optptr[0] == IPOPT_SSRR;
	c->opt->srr = optptr - c->iph;
	return NULL;
}

static unsigned char *compile_rr(struct compile *c, unsigned char *optptr, int optlen)
{
	if (malformed(c->opt->rr))
		return optptr;
	if (malformed(optlen < 3))
		return optptr + 1;
	rx_u64(c->skb, "ip.opt.ptr", optptr[2]);
	if (malformed(optptr[2] < 4))
		return optptr + 2;
	if (optptr[2] <= optlen) {
		if (malformed(optptr[2] + 3 > optlen))
			return optptr + 2;
		spec_dst_fill(c);
		memcpy(&optptr[optptr[2] - 1], &c->spec_dst, 4);
		c->opt->is_changed = 1;
		optptr[2] += 4;
		c->opt->rr_needaddr = 1;
	}
	c->opt->rr = optptr - c->iph;
	return NULL;
}

/* One of the option's modes; @timeptr: where the time goes, or NULL. */
static unsigned char *compile_ts_mode(struct compile *c, unsigned char *optptr, int optlen,
				      unsigned char **timeptr)
{
	struct ip_options *opt = c->opt;
	__be32 addr;

	switch (optptr[3] & 0xF) {
	case IPOPT_TS_TSONLY:
		*timeptr = &optptr[optptr[2] - 1];
		opt->ts_needtime = 1;
		optptr[2] += 4;
		break;
	case IPOPT_TS_TSANDADDR:
		if (malformed(optptr[2] + 7 > optlen))
			return optptr + 2;
		spec_dst_fill(c);
		memcpy(&optptr[optptr[2] - 1], &c->spec_dst, 4);
		*timeptr = &optptr[optptr[2] + 3];
		opt->ts_needaddr = 1;
		opt->ts_needtime = 1;
		optptr[2] += 8;
		break;
	case IPOPT_TS_PRESPEC:
		if (malformed(optptr[2] + 7 > optlen))
			return optptr + 2;
		memcpy(&addr, &optptr[optptr[2] - 1], 4);
		if (inet_addr_type(c->net, addr) == RTN_UNICAST)
			break;
		*timeptr = &optptr[optptr[2] + 3];
		opt->ts_needtime = 1;
		optptr[2] += 8;
		break;
	}
	return NULL;
}

static unsigned char *compile_ts(struct compile *c, unsigned char *optptr, int optlen)
{
	unsigned char *timeptr = NULL, *wrong;
	unsigned int overflow;
	__be32 midtime;

	if (malformed(c->opt->ts))
		return optptr;
	if (malformed(optlen < 4))
		return optptr + 1;
	rx_u64(c->skb, "ip.opt.ptr", optptr[2]);
	rx_u64(c->skb, "ip.opt.overflow", optptr[3] >> 4);
	rx_u64(c->skb, "ip.opt.flag", optptr[3] & 0xF);
	if (malformed(optptr[2] < 5))
		return optptr + 2;
	if (optptr[2] <= optlen) {
		if (malformed(optptr[2] + 3 > optlen))
			return optptr + 2;
		wrong = compile_ts_mode(c, optptr, optlen, &timeptr);
		if (wrong)
			return wrong;
		if (timeptr) {
			midtime = inet_current_timestamp();
			memcpy(timeptr, &midtime, 4);
			c->opt->is_changed = 1;
		}
	} else if ((optptr[3] & 0xF) != IPOPT_TS_PRESPEC) {
		overflow = optptr[3] >> 4;
		if (malformed(overflow == 15))
			return optptr + 3;
		optptr[3] = (optptr[3] & 0xF) | ((overflow + 1) << 4);
		c->opt->is_changed = 1;
	}
	c->opt->ts = optptr - c->iph;
	return NULL;
}

static unsigned char *compile_cipso(struct compile *c, unsigned char *optptr)
{
	if (malformed(c->opt->cipso))
		return optptr;
	c->opt->cipso = optptr - c->iph;
	if (cipso_v4_validate(c->skb, &optptr))
		return optptr;
	return NULL;
}

static unsigned char *compile_option(struct compile *c, unsigned char *optptr, int optlen)
{
	switch (*optptr) {
	case IPOPT_SSRR:
	case IPOPT_LSRR:
		return compile_srr(c, optptr, optlen);
	case IPOPT_RR:
		return compile_rr(c, optptr, optlen);
	case IPOPT_TIMESTAMP:
		return compile_ts(c, optptr, optlen);
	case IPOPT_RA:
		if (malformed(optlen < 4))
			return optptr + 1;
		rx_u64(c->skb, "ip.opt.ra", get_unaligned_be16(optptr + 2));
		if (optptr[2] == 0 && optptr[3] == 0)
			c->opt->router_alert = optptr - c->iph;
		return NULL;
	case IPOPT_CIPSO:
		return compile_cipso(c, optptr);
	default:
		return NULL;
	}
}

/* Nothing may follow the end: what does is made part of it. */
static void compile_after_end(struct ip_options *opt, unsigned char *optptr)
{
	if (malformed(*optptr != IPOPT_END)) {
		*optptr = IPOPT_END;
		opt->is_changed = 1;
	}
}

static void compile_end(struct ip_options *opt, unsigned char *optptr, int l)
{
	for (optptr++, l--; l > 0; optptr++, l--)
		compile_after_end(opt, optptr);
}

/**
 * __ip_options_compile - check the options of a received packet, find their places
 * @net: namespace
 * @opt: result; @optlen is set, the rest is 0
 * @skb: packet; its header is linear and its own, a route is set
 * @info: which byte is wrong, as an ICMP error says it; may be NULL
 */
int __ip_options_compile(struct net *net, struct ip_options *opt, struct sk_buff *skb,
			 __be32 *info)
{
	struct compile c = { .net = net, .skb = skb, .opt = opt };
	unsigned char *optptr = (unsigned char *)&(ip_hdr(skb)[1]), *pp_ptr;
	int optlen, l;

	c.iph = optptr - sizeof(struct iphdr);
	for (l = opt->optlen; l > 0; ) {
		rx_u64(skb, "ip.opt.type", *optptr);
		if (*optptr == IPOPT_END) {
			compile_end(opt, optptr, l);
			return 0;
		}
		if (*optptr == IPOPT_NOOP) {
			l--;
			optptr++;
			continue;
		}
		pp_ptr = optptr;
		if (malformed(l < 2))
			goto error;
		optlen = optptr[1];
		rx_u64(skb, "ip.opt.len", optlen);
		if (malformed(optlen < 2))
			goto error;
		if (malformed(optlen > l))
			goto error;
		pp_ptr = compile_option(&c, optptr, optlen);
		if (pp_ptr)
			goto error;
		l -= optlen;
		optptr += optlen;
	}
	return 0;

error:
	if (info)
		*info = htonl((u32)(pp_ptr - c.iph) << 24);
	return -EINVAL;
}

int ip_options_compile(struct net *net, struct ip_options *opt, struct sk_buff *skb)
{
	__be32 info;
	int ret;

	ret = __ip_options_compile(net, opt, skb, &info);
	if (ret)
		icmp_send(skb, ICMP_PARAMETERPROB, 0, info);
	return ret;
}

/*
 * Forwarding
 */

/* The address by which we send it on, in place of the one that led to us. */
static void ip_forward_srr(struct sk_buff *skb, struct ip_options *opt, struct rtable *rt)
{
	unsigned char *raw = skb_network_header(skb), *optptr = raw + opt->srr;
	int srrptr, srrspace;

	for (srrptr = optptr[2], srrspace = optptr[1]; srrptr <= srrspace; srrptr += 4) {
		if (malformed(srrptr + 3 > srrspace))
			break;
		if (!memcmp(&opt->nexthop, &optptr[srrptr - 1], 4))
			break;
	}
	if (srrptr + 3 <= srrspace) {
		opt->is_changed = 1;
		ip_hdr(skb)->daddr = opt->nexthop;
		ip_rt_get_source(&optptr[srrptr - 1], skb, rt);
		optptr[2] = srrptr + 4;
	}
	if (opt->ts_needaddr) {
		optptr = raw + opt->ts;
		ip_rt_get_source(&optptr[optptr[2] - 9], skb, rt);
		opt->is_changed = 1;
	}
}

/* Options of a packet that is about to leave by its route. */
void ip_forward_options(struct sk_buff *skb)
{
	struct ip_options *opt = &IPCB(skb)->opt;
	unsigned char *raw = skb_network_header(skb), *optptr;
	struct rtable *rt = skb_rtable(skb);

	if (opt->rr_needaddr) {
		optptr = raw + opt->rr;
		ip_rt_get_source(&optptr[optptr[2] - 5], skb, rt);
		opt->is_changed = 1;
	}
	if (opt->srr_is_hit)
		ip_forward_srr(skb, opt, rt);
	if (opt->is_changed) {
		opt->is_changed = 0;
		ip_send_check(ip_hdr(skb));
	}
}

/* The route of one hop; the packet keeps its own if that hop cannot be reached. */
static struct rtable *ip_route_srr(struct sk_buff *skb, __be32 nexthop,
				   struct net_device *dev)
{
	unsigned long orefdst = skb->_skb_refdst;
	struct rtable *rt2;
	int err;

	skb->_skb_refdst = 0;
	err = ip_route_input_noref(skb, nexthop, ip_hdr(skb)->saddr, ip_hdr(skb)->tos, dev);
	rt2 = err ? NULL : skb_rtable(skb);
	if (malformed(!rt2 || (rt2->rt_type != RTN_UNICAST && rt2->rt_type != RTN_LOCAL))) {
		skb->_skb_refdst = orefdst;
		return NULL;
	}
	return rt2;
}

/**
 * ip_options_rcv_srr - a source route leads further
 * @skb: packet with a source route; its route is that of its destination address
 * @dev: device it arrived on
 *
 * Return: 0, or -EINVAL: drop it.
 */
int ip_options_rcv_srr(struct sk_buff *skb, struct net_device *dev)
{
	unsigned char *optptr = skb_network_header(skb) + IPCB(skb)->opt.srr;
	struct ip_options *opt = &IPCB(skb)->opt;
	struct rtable *rt = skb_rtable(skb), *rt2;
	struct iphdr *iph = ip_hdr(skb);
	int srrspace, srrptr;
	__be32 nexthop = 0;

	if (malformed(skb->pkt_type != PACKET_HOST))
		return -EINVAL;
	if (rt->rt_type == RTN_UNICAST) {
		/* not yet where the route begins */
		if (!malformed(opt->is_strictroute))
			return 0;
		icmp_send(skb, ICMP_PARAMETERPROB, 0, htonl(16 << 24));
		return -EINVAL;
	}
	if (malformed(rt->rt_type != RTN_LOCAL))
		return -EINVAL;

	for (srrptr = optptr[2], srrspace = optptr[1]; srrptr <= srrspace; srrptr += 4) {
		if (malformed(srrptr + 3 > srrspace)) {
			icmp_send(skb, ICMP_PARAMETERPROB, 0,
				  htonl((u32)(opt->srr + 2) << 24));
			return -EINVAL;
		}
		memcpy(&nexthop, &optptr[srrptr - 1], 4);
		rx_bytes(skb, "ip.src_rt", &nexthop, sizeof(nexthop));

		rt2 = ip_route_srr(skb, nexthop, dev);
		if (!rt2)
			return -EINVAL;
		if (rt2->rt_type != RTN_LOCAL)
			break;
		/* the next hop is this node too */
		iph->daddr = nexthop;
		opt->is_changed = 1;
	}
	if (srrptr <= srrspace) {
		opt->srr_is_hit = 1;
		opt->nexthop = nexthop;
		opt->is_changed = 1;
	}
	return 0;
}
