// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCTP: the endpoints and associations that are there (redzone/sctp.h).
 *
 * Modelled on: Linux 6.1 net/sctp/endpointola.c (sctp_endpoint_new), net/sctp/protocol.c
 *	(the control socket), net/sctp/auth.c (sctp_auth_init)
 * Spec: RFC 9260 10
 * Differs: three endpoints; nobody but the input opens or closes anything.
 */
#include <linux/slab.h>
#include <net/sctp.h>
#include <redzone/sctp.h>

#include "rx.h"

enum {
	PORT_LISTEN	= 5000,
	PORT_KNOWN	= 6000,
	PORT_INTL	= PORT_KNOWN + 1,
	PORT_AUTH	= PORT_KNOWN + 6,
	PORT_LAST	= PORT_KNOWN + 8,

	PEER_PORT	= 7000,
	PEER_VTAG	= 0x22222222,
	PEER_TSN	= 0x1000,
	PEER_SECOND	= 77,		/* last byte of its second address */
	RCVBUF_SMALL	= 2048,
	PD_POINT	= 3000,
	PD_POINT_SMALL	= 1000,
	BACKLOG		= 8,
};

struct sctp_env {
	struct list_head asocs;
	struct sctp_endpoint listener;
	struct sctp_endpoint client;	/* of the associations that exist */
	struct sctp_endpoint ctl;
	struct net *net;
	u8 bits;
};

static struct sctp_env sctp_env;

struct list_head *sctp_assoc_list(void)
{
	return &sctp_env.asocs;
}

struct sctp_endpoint *sctp_ctl_endpoint(void)
{
	return &sctp_env.ctl;
}

struct sctp_endpoint *sctp_lookup_endpoint(__be16 lport)
{
	return ntohs(lport) == PORT_LISTEN ? &sctp_env.listener : &sctp_env.ctl;
}

/* ---- Endpoints ---- */

/* What AUTH of ours offers, and what the peer has to sign. */
static void sctp_endpoint_auth(struct sctp_endpoint *ep)
{
	static const u8 chunks[] = {
		SCTP_CID_ASCONF, SCTP_CID_ASCONF_ACK, SCTP_CID_COOKIE_ECHO, SCTP_CID_DATA,
		SCTP_CID_ABORT,
	};

	memset(ep->auth_hmacs_list, 0, sizeof(ep->auth_hmacs_list));
	put_unaligned_be16(SCTP_PARAM_HMAC_ALGO, ep->auth_hmacs_list);
	put_unaligned_be16(8, ep->auth_hmacs_list + 2);
	put_unaligned_be16(SCTP_AUTH_HMAC_ID_SHA256, ep->auth_hmacs_list + 4);
	put_unaligned_be16(SCTP_AUTH_HMAC_ID_SHA1, ep->auth_hmacs_list + 6);
	memset(ep->auth_chunk_list, 0, sizeof(ep->auth_chunk_list));
	put_unaligned_be16(SCTP_PARAM_CHUNKS, ep->auth_chunk_list);
	put_unaligned_be16(4 + sizeof(chunks), ep->auth_chunk_list + 2);
	memcpy(ep->auth_chunk_list + 4, chunks, sizeof(chunks));
}

static void sctp_endpoint_begin(struct sctp_endpoint *ep, u16 port)
{
	bool ext = !(sctp_env.bits & REDZONE_SCTP_PLAIN);
	bool small = sctp_env.bits & REDZONE_SCTP_SMALL;

	memset(ep, 0, sizeof(*ep));
	ep->sk.sk_net = sctp_env.net;
	ep->sk.sk_rcvbuf = small ? RCVBUF_SMALL : 0;
	ep->sk.sk_max_ack_backlog = BACKLOG;
	skb_queue_head_init(&ep->sk.sk_receive_queue);
	skb_queue_head_init(&ep->pd_lobby);
	INIT_LIST_HEAD(&ep->endpoint_shared_keys);
	ep->port = port;
	ep->hmac = !(sctp_env.bits & REDZONE_SCTP_NO_HMAC);
	ep->auth_enable = ep->asconf_enable = ep->prsctp_enable = ext;
	ep->reconf_enable = ep->intl_enable = ep->ecn_enable = ext;
	ep->addip_noauth = !(sctp_env.bits & REDZONE_SCTP_ADDIP_AUTH);
	ep->pd_point = small ? PD_POINT_SMALL : PD_POINT;
	sctp_endpoint_auth(ep);
}

static void sctp_endpoint_end(struct sctp_endpoint *ep)
{
	sctp_queue_purge_ulpevents(&ep->sk.sk_receive_queue);
	sctp_queue_purge_ulpevents(&ep->pd_lobby);
	sctp_auth_destroy_keys(&ep->endpoint_shared_keys);
}

/* ---- Associations that exist ---- */

static enum sctp_state sctp_known_state(u16 port)
{
	static const enum sctp_state states[] = {
		SCTP_STATE_ESTABLISHED, SCTP_STATE_ESTABLISHED, SCTP_STATE_COOKIE_WAIT,
		SCTP_STATE_COOKIE_ECHOED, SCTP_STATE_SHUTDOWN_SENT, SCTP_STATE_SHUTDOWN_ACK_SENT,
		SCTP_STATE_ESTABLISHED, SCTP_STATE_SHUTDOWN_PENDING, SCTP_STATE_SHUTDOWN_RECEIVED,
	};

	return states[port - PORT_KNOWN];
}

/* A Chunk List or the like, as the peer sent it. */
static u8 *sctp_known_param(u16 type, const u8 *value, u16 len)
{
	u8 *param = kmalloc(4U + len, GFP_ATOMIC);

	if (!param)
		return NULL;
	put_unaligned_be16(type, param);
	put_unaligned_be16((u16)(4 + len), param + 2);
	memcpy(param + 4, value, len);
	return param;
}

static bool sctp_known_auth(struct sctp_association *asoc)
{
	static const u8 random[SCTP_AUTH_RANDOM_LENGTH] = "random number of the known peer";
	static const u8 hmacs[] = { 0, SCTP_AUTH_HMAC_ID_SHA1 }, chunks[] = { SCTP_CID_ASCONF };
	struct sctp_peer *peer = &asoc->peer;

	peer->auth_capable = true;
	peer->peer_random = sctp_known_param(SCTP_PARAM_RANDOM, random, sizeof(random));
	peer->peer_hmacs = sctp_known_param(SCTP_PARAM_HMAC_ALGO, hmacs, sizeof(hmacs));
	peer->peer_chunks = sctp_known_param(SCTP_PARAM_CHUNKS, chunks, sizeof(chunks));
	if (!peer->peer_random || !peer->peer_hmacs || !peer->peer_chunks)
		return false;
	sctp_auth_asoc_set_default_hmac(asoc, peer->peer_hmacs);
	return !sctp_auth_asoc_init_active_key(asoc);
}

static bool sctp_known_peer(struct sctp_association *asoc, u16 port)
{
	bool ext = !(sctp_env.bits & REDZONE_SCTP_PLAIN);
	struct sctp_peer *peer = &asoc->peer;

	peer->i.init_tag = asoc->c.peer_vtag = PEER_VTAG;
	peer->i.initial_tsn = PEER_TSN;
	peer->i.num_outbound_streams = asoc->c.sinit_max_instreams;
	peer->i.num_inbound_streams = asoc->c.sinit_num_ostreams;
	peer->i.a_rwnd = peer->rwnd = 1 << 20;
	peer->asconf_capable = peer->prsctp_capable = peer->reconf_capable = ext;
	peer->ecn_capable = ext;
	peer->intl_capable = ext && port == PORT_INTL;
	peer->addip_serial = PEER_TSN - 1;
	asoc->strreset_inseq = PEER_TSN;
	sctp_stream_interleave_init(asoc);
	if (sctp_tsnmap_init(&peer->tsn_map, SCTP_TSN_MAP_INITIAL, PEER_TSN))
		return false;
	if (sctp_stream_init(&asoc->stream, asoc->c.sinit_num_ostreams,
			     asoc->c.sinit_max_instreams))
		return false;
	return port != PORT_AUTH || !asoc->ep->auth_enable || sctp_known_auth(asoc);
}

/* The cookie that the peer of an association in COOKIE-ECHOED gave. */
static bool sctp_known_cookie(struct sctp_association *asoc)
{
	static const u8 cookie[] = "a cookie of the peer";

	asoc->peer.cookie = kmemdup(cookie, sizeof(cookie), GFP_ATOMIC);
	asoc->peer.cookie_len = sizeof(cookie);
	return asoc->peer.cookie;
}

static void sctp_known_send(struct sctp_association *asoc)
{
	static const u16 sent[] = { 1000, 1000, 100, 100 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sent); i++)
		sctp_send_data(asoc, 1, sent[i], 0, false);
}

static bool sctp_known_start(struct sctp_association *asoc, u16 port)
{
	struct sctp_chunk *init;

	asoc->state = sctp_known_state(port);
	if (asoc->state == SCTP_STATE_COOKIE_WAIT) {
		asoc->peer.i.init_tag = asoc->c.peer_vtag = 0;
		init = sctp_make_init(asoc, 0);
		if (init)
			sctp_outq_tail(&asoc->outqueue, init);
		sctp_timer_start(asoc, SCTP_TIMER_T1);
		return true;
	}
	if (asoc->state == SCTP_STATE_COOKIE_ECHOED) {
		sctp_timer_start(asoc, SCTP_TIMER_T1);
		return sctp_known_cookie(asoc);
	}
	if (asoc->state == SCTP_STATE_SHUTDOWN_SENT ||
	    asoc->state == SCTP_STATE_SHUTDOWN_ACK_SENT)
		sctp_timer_start(asoc, SCTP_TIMER_T2);
	else
		sctp_known_send(asoc);
	return true;
}

/* The association of a port that has one, when the first packet for it comes. */
struct sctp_association *sctp_open_known(const union sctp_addr *local,
					 const union sctp_addr *peer)
{
	u16 port = ntohs(local->v4.sin_port);
	union sctp_addr second = *peer;
	struct sctp_association *asoc;

	if (port < PORT_KNOWN || port > PORT_LAST || sctp_assoc_of_port(port))
		return NULL;
	asoc = sctp_association_new(&sctp_env.client);
	if (!asoc)
		return NULL;
	asoc->local = *local;
	asoc->c.my_port = port;
	asoc->c.peer_addr = *peer;
	asoc->peer.port = ntohs(peer->v4.sin_port);
	if (second.v4.sin_family == AF_INET)
		((u8 *)&second.v4.sin_addr)[3] = PEER_SECOND;
	else
		second.v6.sin6_addr.s6_addr[15] = PEER_SECOND;
	if (!sctp_assoc_add_peer(asoc, peer, true) || !sctp_assoc_add_peer(asoc, &second, true) ||
	    !sctp_known_peer(asoc, port) || !sctp_known_start(asoc, port)) {
		sctp_association_free(asoc);
		return NULL;
	}
	sctp_assoc_link(asoc);
	return asoc;
}

/* The first association of a port that is ours. */
struct sctp_association *sctp_assoc_of_port(u16 port)
{
	struct sctp_association *asoc;

	list_for_each_entry(asoc, &sctp_env.asocs, asocs) {
		if (asoc->c.my_port == port)
			return asoc;
	}
	return NULL;
}

/* The same for an act, which may be the first to speak of it. */
struct sctp_association *sctp_assoc_of_act(u16 port)
{
	static const u8 ours[] = { 192, 0, 2, 2 }, theirs[] = { 192, 0, 2, 1 };
	struct sctp_association *asoc = sctp_assoc_of_port(port);
	union sctp_addr local, peer;

	if (asoc)
		return asoc;
	memset(&local, 0, sizeof(local));
	memset(&peer, 0, sizeof(peer));
	local.v4.sin_family = peer.v4.sin_family = AF_INET;
	local.v4.sin_port = htons(port);
	peer.v4.sin_port = htons(PEER_PORT);
	memcpy(&local.v4.sin_addr, ours, sizeof(ours));
	memcpy(&peer.v4.sin_addr, theirs, sizeof(theirs));
	return sctp_open_known(&local, &peer);
}

/* ---- One input ---- */

void redzone_sctp_begin(struct net *net, u8 env)
{
	sctp_env.net = net;
	sctp_env.bits = env;
	INIT_LIST_HEAD(&sctp_env.asocs);
	sctp_endpoint_begin(&sctp_env.listener, PORT_LISTEN);
	sctp_endpoint_begin(&sctp_env.client, 0);
	sctp_endpoint_begin(&sctp_env.ctl, 0);
	sctp_env.listener.listening = true;
	sctp_env.ctl.ctl = true;
	if (sctp_auth_init_keys(&sctp_env.listener))
		sctp_env.listener.auth_enable = false;
	if (sctp_auth_init_keys(&sctp_env.client))
		sctp_env.client.auth_enable = false;
}

static void sctp_end_state(const struct sctp_association *asoc)
{
	sctp_event((struct sctp_association *)asoc, "sctp.end.state", asoc->state);
	sctp_event((struct sctp_association *)asoc, "sctp.end.ctsn",
		   asoc->peer.tsn_map.cumulative_tsn_ack_point);
	sctp_event((struct sctp_association *)asoc, "sctp.end.acked", asoc->ctsn_ack_point);
	sctp_event((struct sctp_association *)asoc, "sctp.end.rwnd", asoc->rwnd);
}

void redzone_sctp_end(void)
{
	struct sctp_association *asoc;

	while (!list_empty(&sctp_env.asocs)) {
		asoc = list_first_entry(&sctp_env.asocs, struct sctp_association, asocs);
		sctp_end_state(asoc);
		sctp_association_free(asoc);
	}
	sctp_endpoint_end(&sctp_env.listener);
	sctp_endpoint_end(&sctp_env.client);
	sctp_endpoint_end(&sctp_env.ctl);
}
