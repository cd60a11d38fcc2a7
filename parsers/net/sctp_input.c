// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCTP: the common header, and which association or endpoint a packet is for.
 *
 * Modelled on: Linux 6.1 net/sctp/input.c (sctp_rcv, sctp_rcv_checksum, sctp_rcv_ootb,
 *	__sctp_rcv_lookup, __sctp_rcv_lookup_harder, __sctp_rcv_init_lookup,
 *	__sctp_rcv_walk_lookup, __sctp_rcv_asconf_lookup, sctp_addrs_lookup_transport),
 *	net/sctp/protocol.c and ipv6.c (sctp_v4_from_skb, sctp_v4_from_addr_param,
 *	sctp_v4_to_addr_param, sctp_v4_addr_valid, sctp_v4_is_any and theirs of IPv6)
 * Spec: RFC 9260 3, 8.4 and 8.5
 * Differs: associations are found in a list; a few exist from the first packet for them on
 *	(redzone/sctp.h); an association has one address of ours, which is that of its first
 *	packet; no GSO packets, policies, socket filters, backlog, encapsulation in UDP, ICMP
 *	errors.
 */
#include <linux/crc32c.h>
#include <linux/ip.h>
#include <net/ipv6.h>
#include <net/sctp.h>

#include "rx.h"

/* ---- Addresses ---- */

static void sctp_from_skb(union sctp_addr *addr, const struct sk_buff *skb, bool is_saddr)
{
	const struct sctphdr *sh = (const struct sctphdr *)skb_transport_header(skb);
	__be16 port = is_saddr ? sh->source : sh->dest;

	memset(addr, 0, sizeof(*addr));
	if (ip_hdr(skb)->version == 4) {
		addr->v4.sin_family = AF_INET;
		addr->v4.sin_port = port;
		addr->v4.sin_addr = is_saddr ? ip_hdr(skb)->saddr : ip_hdr(skb)->daddr;
	} else {
		addr->v6.sin6_family = AF_INET6;
		addr->v6.sin6_port = port;
		addr->v6.sin6_addr = is_saddr ? ipv6_hdr(skb)->saddr : ipv6_hdr(skb)->daddr;
	}
}

static bool sctp_v4_from_addr_param(union sctp_addr *addr, const union sctp_addr_param *param,
				    __be16 port)
{
	if (malformed(ntohs(param->v4.param_hdr.length) < sizeof(struct sctp_ipv4addr_param)))
		return false;
	addr->v4.sin_family = AF_INET;
	addr->v4.sin_port = port;
	addr->v4.sin_addr = param->v4.addr;
	return true;
}

static bool sctp_v6_from_addr_param(union sctp_addr *addr, const union sctp_addr_param *param,
				    __be16 port)
{
	if (malformed(ntohs(param->v6.param_hdr.length) < sizeof(struct sctp_ipv6addr_param)))
		return false;
	addr->v6.sin6_family = AF_INET6;
	addr->v6.sin6_port = port;
	memcpy(&addr->v6.sin6_addr, param->v6.addr, sizeof(param->v6.addr));
	return true;
}

/**
 * sctp_from_addr_param - the address in an address parameter
 * @param: a parameter whose header is there; its type decides the family
 *
 * Return: false if it is no address, or too short for one.
 */
bool sctp_from_addr_param(union sctp_addr *addr, const union sctp_addr_param *param,
			  __be16 port)
{
	memset(addr, 0, sizeof(*addr));
	switch (ntohs(param->p.type)) {
	case SCTP_PARAM_IPV4_ADDRESS:
		return sctp_v4_from_addr_param(addr, param, port);
	case SCTP_PARAM_IPV6_ADDRESS:
		return sctp_v6_from_addr_param(addr, param, port);
	}
	return false;
}

unsigned int sctp_to_addr_param(const union sctp_addr *addr, union sctp_addr_param *param)
{
	if (addr->v4.sin_family == AF_INET) {
		param->v4.param_hdr.type = htons(SCTP_PARAM_IPV4_ADDRESS);
		param->v4.param_hdr.length = htons(sizeof(param->v4));
		param->v4.addr = addr->v4.sin_addr;
		return sizeof(param->v4);
	}
	param->v6.param_hdr.type = htons(SCTP_PARAM_IPV6_ADDRESS);
	param->v6.param_hdr.length = htons(sizeof(param->v6));
	memcpy(param->v6.addr, &addr->v6.sin6_addr, sizeof(param->v6.addr));
	return sizeof(param->v6);
}

static bool sctp_v4_addr_valid(const union sctp_addr *addr)
{
	if (malformed(ipv4_is_zeronet(addr->v4.sin_addr)))
		return false;
	if (malformed(ipv4_is_multicast(addr->v4.sin_addr)))
		return false;
	if (malformed(ipv4_is_lbcast(addr->v4.sin_addr)))
		return false;
	return true;
}

static bool sctp_v6_addr_valid(const union sctp_addr *addr)
{
	int type = ipv6_addr_type(&addr->v6.sin6_addr);

	if (malformed(!(type & IPV6_ADDR_UNICAST)))
		return false;
	return true;
}

/* May a peer or we have this address? */
bool sctp_addr_valid(const union sctp_addr *addr)
{
	return addr->v4.sin_family == AF_INET ? sctp_v4_addr_valid(addr) :
						sctp_v6_addr_valid(addr);
}

bool sctp_is_any(const union sctp_addr *addr)
{
	return addr->v4.sin_family == AF_INET ? !addr->v4.sin_addr :
						ipv6_addr_any(&addr->v6.sin6_addr);
}

bool sctp_cmp_addr_exact(const union sctp_addr *a, const union sctp_addr *b)
{
	if (a->v4.sin_family != b->v4.sin_family || a->v4.sin_port != b->v4.sin_port)
		return false;
	if (a->v4.sin_family == AF_INET)
		return a->v4.sin_addr == b->v4.sin_addr;
	return ipv6_addr_equal(&a->v6.sin6_addr, &b->v6.sin6_addr);
}

/* ---- Who it is for ---- */

/**
 * sctp_addrs_lookup_transport - the path from @paddr to @laddr
 *
 * Return: the transport, with a reference, or NULL.
 */
struct sctp_transport *sctp_addrs_lookup_transport(const union sctp_addr *laddr,
						   const union sctp_addr *paddr)
{
	struct sctp_association *asoc;
	struct sctp_transport *t;

	list_for_each_entry(asoc, sctp_assoc_list(), asocs) {
		if (asoc->c.my_port != ntohs(laddr->v4.sin_port))
			continue;
		t = sctp_assoc_lookup_paddr(asoc, paddr);
		if (t && sctp_cmp_addr_exact(&asoc->local, laddr)) {
			refcount_inc(&t->refcnt);
			return t;
		}
	}
	return NULL;
}

static struct sctp_association *__sctp_lookup_association(const union sctp_addr *local,
							  const union sctp_addr *peer,
							  struct sctp_transport **pt)
{
	struct sctp_transport *t = sctp_addrs_lookup_transport(local, peer);

	if (!t)
		return NULL;
	*pt = t;
	return t->asoc;
}

/* An INIT may come from an address that it does not name first. */
static struct sctp_association *__sctp_rcv_init_lookup(struct sk_buff *skb,
						       const union sctp_addr *laddr,
						       struct sctp_transport **transportp)
{
	const struct sctphdr *sh = (const struct sctphdr *)skb_transport_header(skb);
	const struct sctp_init_chunk *init = (const struct sctp_init_chunk *)skb->data;
	const u8 *end = skb->data + ntohs(init->chunk_hdr.length);
	struct sctp_association *asoc;
	const struct sctp_paramhdr *p;
	union sctp_addr paddr;

	for (p = (const struct sctp_paramhdr *)(init + 1); sctp_param_fits(p, end);
	     p = sctp_param_next(p)) {
		if (!sctp_from_addr_param(&paddr, (const union sctp_addr_param *)p, sh->source))
			continue;
		asoc = __sctp_lookup_association(laddr, &paddr, transportp);
		if (asoc)
			return asoc;
	}
	return NULL;
}

/* An ASCONF names the association by its first parameter (RFC 5061 5.2 D4). */
static struct sctp_association *__sctp_rcv_asconf_lookup(const struct sk_buff *skb,
							 const struct sctp_chunkhdr *ch,
							 const union sctp_addr *laddr,
							 struct sctp_transport **transportp)
{
	const struct sctphdr *sh = (const struct sctphdr *)skb_transport_header(skb);
	const struct sctp_addip_chunk *asconf = (const struct sctp_addip_chunk *)ch;
	const union sctp_addr_param *param;
	union sctp_addr paddr;

	if (malformed(ntohs(ch->length) < sizeof(*asconf) + sizeof(struct sctp_paramhdr)))
		return NULL;
	param = (const union sctp_addr_param *)(asconf + 1);
	if (malformed_in(CVE_2026_53225,
			 sizeof(*asconf) + ntohs(param->p.length) > ntohs(ch->length)))
		return NULL;
	if (malformed(!sctp_from_addr_param(&paddr, param, sh->source)))
		return NULL;
	return __sctp_lookup_association(laddr, &paddr, transportp);
}

static bool sctp_asconf_may_come(int have_auth)
{
	return have_auth || sctp_ctl_endpoint()->addip_noauth;
}

static struct sctp_association *__sctp_rcv_walk_lookup(struct sk_buff *skb,
						       const union sctp_addr *laddr,
						       struct sctp_transport **transportp)
{
	const struct sctp_chunkhdr *ch = (const struct sctp_chunkhdr *)skb->data;
	struct sctp_association *asoc = NULL;
	unsigned int chunk_num = 1, have_auth = 0;
	const u8 *ch_end;

	do {
		if (malformed(ntohs(ch->length) < sizeof(*ch)))
			break;
		ch_end = (const u8 *)ch + SCTP_PAD4(ntohs(ch->length));
		if (malformed(ch_end > skb_tail_pointer(skb)))
			break;
		switch (ch->type) {
		case SCTP_CID_AUTH:
			have_auth = chunk_num;
			break;
		case SCTP_CID_COOKIE_ECHO:
			/* it brings the association with it */
			if (have_auth == 1 && chunk_num == 2)
				return NULL;
			break;
		case SCTP_CID_ASCONF:
			if (sctp_asconf_may_come((int)have_auth))
				asoc = __sctp_rcv_asconf_lookup(skb, ch, laddr, transportp);
			break;
		}
		if (asoc)
			break;
		ch = (const struct sctp_chunkhdr *)ch_end;
		chunk_num++;
	} while (ch_end + sizeof(*ch) < skb_tail_pointer(skb));
	return asoc;
}

/* By what the first chunks say, since the addresses did not do. */
static struct sctp_association *__sctp_rcv_lookup_harder(struct sk_buff *skb,
							 const union sctp_addr *laddr,
							 struct sctp_transport **transportp)
{
	const struct sctp_chunkhdr *ch = (const struct sctp_chunkhdr *)skb->data;

	if (malformed(SCTP_PAD4(ntohs(ch->length)) > skb->len))
		return NULL;
	if (ch->type == SCTP_CID_INIT || ch->type == SCTP_CID_INIT_ACK)
		return __sctp_rcv_init_lookup(skb, laddr, transportp);
	return __sctp_rcv_walk_lookup(skb, laddr, transportp);
}

static struct sctp_association *__sctp_rcv_lookup(struct sk_buff *skb,
						  const union sctp_addr *paddr,
						  const union sctp_addr *laddr,
						  struct sctp_transport **transportp)
{
	struct sctp_association *asoc = __sctp_lookup_association(laddr, paddr, transportp);

	if (!asoc)
		asoc = __sctp_rcv_lookup_harder(skb, laddr, transportp);
	if (!asoc && sctp_open_known(laddr, paddr))
		asoc = __sctp_lookup_association(laddr, paddr, transportp);
	return asoc;
}

/* Return: whether a packet for nobody is to be dropped without an answer (RFC 9260 8.4). */
static bool sctp_rcv_ootb(struct sk_buff *skb)
{
	const struct sctp_chunkhdr *ch;
	struct sctp_chunkhdr _ch;
	unsigned int ch_end, offset = 0;

	do {
		if (malformed(offset + sizeof(_ch) > skb->len))
			break;
		ch = skb_header_pointer(skb, (int)offset, sizeof(*ch), &_ch);
		if (malformed(!ch))
			break;
		if (malformed(ntohs(ch->length) < sizeof(_ch)))
			break;
		ch_end = offset + SCTP_PAD4(ntohs(ch->length));
		if (malformed(ch_end > skb->len))
			break;
		if (malformed(ch->type == SCTP_CID_ABORT))
			return true;
		if (malformed(ch->type == SCTP_CID_SHUTDOWN_COMPLETE))
			return true;
		if (malformed(ch->type == SCTP_CID_INIT && (const u8 *)ch != skb->data))
			return true;
		offset = ch_end;
	} while (ch_end < skb->len);
	return false;
}

/* ---- The packet ---- */

/* CRC-32C of all, with zero where it stands. */
static __le32 sctp_compute_cksum(const struct sk_buff *skb)
{
	const struct sctphdr *sh = (const struct sctphdr *)skb->data;
	static const u8 zero[4];
	u32 crc = ~0U;

	crc = crc32c(crc, sh, offsetof(struct sctphdr, checksum));
	crc = crc32c(crc, zero, sizeof(zero));
	crc = crc32c(crc, sh + 1, skb->len - sizeof(*sh));
	return cpu_to_le32(~crc);
}

static bool sctp_rcv_header(struct sk_buff *skb)
{
	const struct sctphdr *sh;

	if (malformed(skb->pkt_type != PACKET_HOST))
		return false;
	if (malformed(skb->len < sizeof(*sh) + sizeof(struct sctp_chunkhdr)))
		return false;
	if (skb_linearize(skb))
		return false;
	skb_reset_transport_header(skb);
	sh = (const struct sctphdr *)skb->data;
	rx_u64(skb, "sctp.srcport", ntohs(sh->source));
	rx_u64(skb, "sctp.dstport", ntohs(sh->dest));
	rx_u64(skb, "sctp.verification_tag", ntohl(sh->vtag));
	rx_u64(skb, "sctp.checksum", ntohl((__force __be32)sh->checksum));
	if (malformed(sctp_compute_cksum(skb) != sh->checksum))
		return false;
	__skb_pull(skb, sizeof(*sh));
	return true;
}

static void sctp_push(struct sk_buff *skb, struct sctp_association *asoc,
		      struct sctp_endpoint *ep, struct sctp_transport *transport,
		      const union sctp_addr *src, const union sctp_addr *dest)
{
	struct sctp_chunk *chunk = sctp_chunkify(skb, asoc);
	struct sctp_inq queue = { .in_progress = NULL };

	if (!chunk) {
		kfree_skb(skb);
		return;
	}
	chunk->ep = asoc ? asoc->ep : ep;
	chunk->sctp_hdr = (struct sctphdr *)skb_transport_header(skb);
	chunk->source = *src;
	chunk->dest = *dest;
	chunk->transport = transport;
	if (asoc) {
		sctp_inq_push(&asoc->inqueue, chunk);
		sctp_assoc_bh_rcv(asoc);
		return;
	}
	INIT_LIST_HEAD(&queue.in_chunk_list);
	sctp_inq_push(&queue, chunk);
	sctp_endpoint_bh_rcv(ep, &queue);
}

/**
 * sctp_rcv - one SCTP packet
 * @skb: packet, network header set, data at the SCTP header; consumed
 */
int sctp_rcv(struct sk_buff *skb)
{
	struct sctp_transport *transport = NULL;
	struct sctp_endpoint *ep = NULL;
	struct sctp_association *asoc;
	union sctp_addr src, dest;

	if (!sctp_rcv_header(skb))
		goto discard_it;
	sctp_from_skb(&src, skb, true);
	sctp_from_skb(&dest, skb, false);
	if (malformed(!sctp_addr_valid(&src)))
		goto discard_it;
	if (malformed(!sctp_addr_valid(&dest)))
		goto discard_it;

	asoc = __sctp_rcv_lookup(skb, &src, &dest, &transport);
	if (!asoc) {
		ep = sctp_lookup_endpoint(dest.v4.sin_port);
		if (malformed(sctp_rcv_ootb(skb)))
			goto discard_it;
	}
	sctp_push(skb, asoc, ep, transport, &src, &dest);
	if (transport)
		sctp_transport_put(transport);
	return 0;

discard_it:
	kfree_skb(skb);
	return 0;
}
