// SPDX-License-Identifier: GPL-2.0-only
/*
 * Neighbour Discovery as it arrives: solicitations and advertisements of neighbours,
 * solicitations of hosts.
 *
 * Modelled on: Linux 6.1 net/ipv6/ndisc.c (ndisc_rcv, ndisc_suppress_frag_ndisc,
 *	ndisc_recv_ns, ndisc_recv_na, ndisc_recv_rs, accept_untracked_na)
 * Spec: RFC 4861 6.1.1, 7.1 and 7.2, RFC 4862 5.4, RFC 7527, RFC 6980, RFC 9131
 * Differs: no anycast addresses; proxies answer in nd_proxy.c; no devices that are slaves
 *	of others. CVE-2023-31129 is a variant: Contiki-NG removes and adds the entry.
 */
#include <net/ipv6.h>

#include "nd.h"

/* The link-layer address that an option tells; false: the option is no good. */
static bool ndisc_lladdr(struct nd_opt_hdr *opt, u8 **lladdr)
{
	*lladdr = NULL;
	if (!opt)
		return true;
	*lladdr = ndisc_opt_addr_data(opt);
	return *lladdr;
}

static int ndisc_optlen(const struct sk_buff *skb, size_t fixed)
{
	return (int)(skb_tail_pointer(skb) - skb_transport_header(skb)) - (int)fixed;
}

/*
 * Neighbour solicitation
 */

/* What a solicitation may not say. */
static bool ndisc_ns_ok(struct sk_buff *skb, struct nd_msg *msg, struct ndisc_options *ndopts,
			u8 **lladdr)
{
	bool dad = ipv6_addr_any(&ipv6_hdr(skb)->saddr);

	if (malformed(ipv6_addr_is_multicast(&msg->target)))
		return false;
	/* RFC 4861 7.1.1: who has no address yet asks the group of the one it wants */
	if (malformed(dad && !ipv6_addr_is_solict_mult(&ipv6_hdr(skb)->daddr)))
		return false;
	if (!ndisc_parse_options(skb, msg->opt, ndisc_optlen(skb, sizeof(*msg)), ndopts))
		return false;
	if (!ndisc_lladdr(ndopts->nd_opts_src_lladdr, lladdr))
		return false;
	/* RFC 4861 7.1.1: and says nothing about its link */
	if (malformed(dad && *lladdr))
		return false;
	return true;
}

/* Is it about an address that is not ours for certain? true: no answer. */
static bool ndisc_ns_tentative(struct inet6_ifaddr *ifp, const struct nd_opt_hdr *opt, bool dad)
{
	u64 nonce = 0;

	if (!(ifp->flags & (IFA_F_TENTATIVE | IFA_F_OPTIMISTIC)))
		return false;
	if (!dad)
		return !(ifp->flags & IFA_F_OPTIMISTIC);
	if (opt && opt->nd_opt_len == 1)
		memcpy(&nonce, opt + 1, 6);
	/* our own question, back from the link (RFC 7527 4.1) */
	if (malformed(nonce != 0 && ifp->dad_nonce == nonce))
		return true;
	addrconf_dad_failure(ifp);
	return true;
}

static void ndisc_recv_ns(struct sk_buff *skb, struct nd_dev *nd)
{
	struct nd_msg *msg = (struct nd_msg *)skb_transport_header(skb);
	const struct in6_addr *saddr = &ipv6_hdr(skb)->saddr;
	bool inc = ipv6_addr_is_multicast(&ipv6_hdr(skb)->daddr);
	bool dad = ipv6_addr_any(saddr);
	struct ndisc_options ndopts;
	struct inet6_ifaddr *ifp;
	struct nd_neigh *neigh;
	u8 *lladdr;

	if (malformed(skb->len < sizeof(struct nd_msg)))
		return;
	rx_bytes(skb, "icmpv6.nd.ns.target_address", &msg->target, sizeof(msg->target));
	if (!ndisc_ns_ok(skb, msg, &ndopts, &lladdr))
		return;

	ifp = ipv6_get_ifaddr(nd, &msg->target);
	if (!ifp)
		return;
	if (ndisc_ns_tentative(ifp, ndopts.nd_opts_nonce, dad))
		return;
	if (dad) {
		ndisc_send_na(nd, &nd_allnodes, &msg->target, nd->cnf.forwarding, false, true,
			      true);
		return;
	}
	neigh = nd_neigh_lookup(nd, saddr, !inc || lladdr);
	if (!neigh)
		return;
	nd_neigh_update(neigh, lladdr, NUD_STALE,
			NEIGH_UPDATE_F_WEAK_OVERRIDE | NEIGH_UPDATE_F_OVERRIDE);
	ndisc_send_na(nd, saddr, &msg->target, nd->cnf.forwarding, true, inc, inc);
	nd_neigh_release(neigh);
}

/*
 * Neighbour advertisement
 */

/* RFC 9131: may an advertisement make an entry? */
static bool accept_untracked_na(struct nd_dev *nd, const struct in6_addr *saddr)
{
	switch (nd->cnf.accept_untracked_na) {
	case 1:
		return true;
	case 2:
		return !malformed(!ipv6_chk_prefix(nd, saddr));
	default:
		return false;
	}
}

static bool ndisc_na_ok(struct sk_buff *skb, struct nd_dev *nd, struct nd_msg *msg,
			struct ndisc_options *ndopts, u8 **lladdr)
{
	if (malformed(ipv6_addr_is_multicast(&msg->target)))
		return false;
	if (malformed(ipv6_addr_is_multicast(&ipv6_hdr(skb)->daddr) &&
		      msg->icmph.icmp6_solicited))
		return false;
	if (malformed(!msg->icmph.icmp6_solicited && nd->cnf.drop_unsolicited_na))
		return false;
	if (!ndisc_parse_options(skb, msg->opt, ndisc_optlen(skb, sizeof(*msg)), ndopts))
		return false;
	return ndisc_lladdr(ndopts->nd_opts_tgt_lladdr, lladdr);
}

static void ndisc_na_update(struct sk_buff *skb, struct nd_dev *nd, struct nd_neigh *neigh,
			    const struct icmp6hdr *icmph, const u8 *lladdr, u8 new_state)
{
	u8 old_flags = neigh->flags;

	/* whom nobody found is not found by telling */
	if (malformed(neigh->nud_state & NUD_FAILED))
		return;
	nd_neigh_update(neigh, lladdr, new_state, NEIGH_UPDATE_F_WEAK_OVERRIDE |
			(icmph->icmp6_override ? NEIGH_UPDATE_F_OVERRIDE : 0) |
			NEIGH_UPDATE_F_OVERRIDE_ISROUTER |
			(icmph->icmp6_router ? NEIGH_UPDATE_F_ISROUTER : 0));
	if (old_flags & ~neigh->flags & NTF_ROUTER)
		rt6_clean_tohost(nd, &ipv6_hdr(skb)->saddr);
}

static void ndisc_recv_na(struct sk_buff *skb, struct nd_dev *nd)
{
	struct nd_msg *msg = (struct nd_msg *)skb_transport_header(skb);
	struct ndisc_options ndopts;
	struct inet6_ifaddr *ifp;
	struct nd_neigh *neigh;
	u8 *lladdr, new_state;

	if (malformed(skb->len < sizeof(struct nd_msg)))
		return;
	rx_u64(skb, "icmpv6.nd.na.flag.r", msg->icmph.icmp6_router);
	rx_u64(skb, "icmpv6.nd.na.flag.s", msg->icmph.icmp6_solicited);
	rx_u64(skb, "icmpv6.nd.na.flag.o", msg->icmph.icmp6_override);
	rx_bytes(skb, "icmpv6.nd.na.target_address", &msg->target, sizeof(msg->target));
	if (!ndisc_na_ok(skb, nd, msg, &ndopts, &lladdr))
		return;

	ifp = ipv6_get_ifaddr(nd, &msg->target);
	if (malformed(ifp)) {
		if (ifp->flags & IFA_F_TENTATIVE)
			addrconf_dad_failure(ifp);
		return;
	}
	new_state = msg->icmph.icmp6_solicited ? NUD_REACHABLE : NUD_STALE;
	neigh = nd_neigh_lookup(nd, &msg->target, false);
	if (!neigh && lladdr && nd->cnf.forwarding &&
	    accept_untracked_na(nd, &ipv6_hdr(skb)->saddr)) {
		neigh = nd_neigh_lookup(nd, &msg->target, true);
		new_state = NUD_STALE;
	}
	if (!neigh)
		return;
	ndisc_na_update(skb, nd, neigh, &msg->icmph, lladdr, new_state);
	nd_neigh_release(neigh);
}

/*
 * Router solicitation
 */

static void ndisc_recv_rs(struct sk_buff *skb, struct nd_dev *nd)
{
	struct rs_msg *rs_msg = (struct rs_msg *)skb_transport_header(skb);
	const struct in6_addr *saddr = &ipv6_hdr(skb)->saddr;
	struct ndisc_options ndopts;
	struct nd_neigh *neigh;
	u8 *lladdr;

	if (malformed(skb->len < sizeof(*rs_msg)))
		return;
	/* only routers are asked */
	if (malformed(!nd->cnf.forwarding))
		return;
	if (malformed(ipv6_addr_any(saddr)))
		return;
	if (!ndisc_parse_options(skb, rs_msg->opt, (int)(skb->len - sizeof(*rs_msg)), &ndopts))
		return;
	if (!ndisc_lladdr(ndopts.nd_opts_src_lladdr, &lladdr))
		return;

	neigh = nd_neigh_lookup(nd, saddr, true);
	if (malformed_in(CVE_2023_31129, !neigh))
		return;
	nd_neigh_update(neigh, lladdr, NUD_STALE,
			NEIGH_UPDATE_F_WEAK_OVERRIDE | NEIGH_UPDATE_F_OVERRIDE |
			NEIGH_UPDATE_F_OVERRIDE_ISROUTER);
	nd_neigh_release(neigh);
}

/**
 * ndisc_rcv - a Neighbour Discovery message
 * @skb: packet, transport header set and pulled; stays the caller's
 * @nd: the device that it arrived on
 */
void ndisc_rcv(struct sk_buff *skb, struct nd_dev *nd)
{
	struct nd_msg *msg;

	/* RFC 6980 5 */
	if (malformed(IP6CB(skb)->flags & IP6SKB_FRAGMENTED && nd->cnf.suppress_frag_ndisc))
		return;
	if (skb_linearize(skb))
		return;
	msg = (struct nd_msg *)skb_transport_header(skb);
	__skb_push(skb, (unsigned int)(skb->data - skb_transport_header(skb)));

	/* a router would have counted it down: it is from this link */
	if (malformed(ipv6_hdr(skb)->hop_limit != 255))
		return;
	if (malformed(msg->icmph.icmp6_code != 0))
		return;

	switch (msg->icmph.icmp6_type) {
	case NDISC_NEIGHBOUR_SOLICITATION:
		ndisc_recv_ns(skb, nd);
		break;
	case NDISC_NEIGHBOUR_ADVERTISEMENT:
		ndisc_recv_na(skb, nd);
		break;
	case NDISC_ROUTER_SOLICITATION:
		ndisc_recv_rs(skb, nd);
		break;
	case NDISC_ROUTER_ADVERTISEMENT:
		ndisc_router_discovery(skb, nd);
		break;
	case NDISC_REDIRECT:
		ndisc_redirect_rcv(skb, nd);
		break;
	}
}
