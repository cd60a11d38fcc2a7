// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCTP: what the users of associations do: the acts of redzone/sctp.h.
 *
 * Modelled on: Linux 6.1 net/sctp/socket.c (sctp_sendmsg, sctp_recvmsg, sctp_shutdown,
 *	sctp_close), net/sctp/sm_statefuns.c (sctp_sf_do_9_2_prm_shutdown,
 *	sctp_sf_do_9_1_prm_abort, sctp_sf_do_prm_requestheartbeat)
 * Spec: RFC 9260 10.1
 * Differs: an act is a few bytes of the input.
 */
#include <net/sctp.h>
#include <redzone/sctp.h>

#include "rx.h"

struct sctp_act {
	const u8 *data;
	size_t len;
};

static u8 act_byte(const struct sctp_act *act, size_t at)
{
	return at < act->len ? act->data[at] : 0;
}

static u16 act_word(const struct sctp_act *act, size_t at)
{
	return (u16)(act_byte(act, at) | act_byte(act, at + 1) << 8);
}

static void act_send(struct sctp_association *asoc, const struct sctp_act *act)
{
	u8 flags = act_byte(act, 6);

	if (asoc->state != SCTP_STATE_ESTABLISHED)
		return;
	sctp_send_data(asoc, act_word(act, 2), act_word(act, 4),
		       flags & REDZONE_SCTP_UNORDERED ? SCTP_DATA_UNORDERED : 0,
		       flags & REDZONE_SCTP_TTL);
}

static void act_shutdown(struct sctp_association *asoc)
{
	switch (asoc->state) {
	case SCTP_STATE_COOKIE_WAIT:
	case SCTP_STATE_COOKIE_ECHOED:
		sctp_set_state(asoc, SCTP_STATE_CLOSED);
		sctp_association_free(asoc);
		break;
	case SCTP_STATE_ESTABLISHED:
		sctp_set_state(asoc, SCTP_STATE_SHUTDOWN_PENDING);
		if (sctp_outq_is_empty(&asoc->outqueue))
			sctp_sf_do_9_2_start_shutdown(asoc);
		break;
	default:
		break;
	}
}

static void act_abort(struct sctp_association *asoc)
{
	struct sctp_chunk *abort = sctp_make_abort(asoc, NULL, sizeof(struct sctp_errhdr));

	if (abort) {
		sctp_init_cause(abort, SCTP_ERROR_USER_ABORT, 0);
		sctp_send_reply(asoc, abort);
	}
	sctp_cmd_assoc_failed(asoc, SCTP_ERROR_USER_ABORT);
}

static void act_heartbeat(struct sctp_association *asoc)
{
	struct sctp_chunk *hb = sctp_make_heartbeat(asoc, asoc->peer.primary_path);

	if (hb)
		sctp_send_reply(asoc, hb);
}

static void act_reset(struct sctp_association *asoc, const struct sctp_act *act)
{
	u16 arg = act_word(act, 3);
	u8 kind = act_byte(act, 2);

	if (asoc->state != SCTP_STATE_ESTABLISHED)
		return;
	switch (kind) {
	case REDZONE_SCTP_RESET_OUT:
	case REDZONE_SCTP_RESET_IN:
	case REDZONE_SCTP_RESET_BOTH:
		sctp_send_reset_streams(asoc, kind != REDZONE_SCTP_RESET_IN,
					kind != REDZONE_SCTP_RESET_OUT, arg ? 1 : 0, htons(arg));
		break;
	case REDZONE_SCTP_RESET_TSN:
		sctp_send_reset_assoc(asoc);
		break;
	case REDZONE_SCTP_ADD_OUT:
		sctp_send_add_streams(asoc, arg, 0);
		break;
	case REDZONE_SCTP_ADD_IN:
		sctp_send_add_streams(asoc, 0, arg);
		break;
	}
}

/* The user is gone: nothing is read any more. */
static void act_close(struct sctp_association *asoc)
{
	struct sctp_endpoint *ep = asoc->ep;

	ep->sk.sk_shutdown |= RCV_SHUTDOWN;
	ep->sk.sk_dead = true;
	ep->closing = true;
	sctp_queue_purge_ulpevents(&ep->sk.sk_receive_queue);
	act_shutdown(asoc);
}

static void act_on(struct sctp_association *asoc, u8 op, const struct sctp_act *act)
{
	switch (op) {
	case REDZONE_SCTP_SEND:
		act_send(asoc, act);
		break;
	case REDZONE_SCTP_RECV:
		sctp_ulpevent_recv(asoc->ep, act_byte(act, 2));
		break;
	case REDZONE_SCTP_SHUTDOWN:
		act_shutdown(asoc);
		break;
	case REDZONE_SCTP_ABORT:
		act_abort(asoc);
		break;
	case REDZONE_SCTP_HEARTBEAT:
		act_heartbeat(asoc);
		break;
	case REDZONE_SCTP_ADD_IP:
		if (asoc->state >= SCTP_STATE_ESTABLISHED)
			sctp_send_asconf(asoc, act_byte(act, 2), act_byte(act, 3));
		break;
	case REDZONE_SCTP_RESET:
		act_reset(asoc, act);
		break;
	case REDZONE_SCTP_CLOSE:
		act_close(asoc);
		break;
	}
}

void redzone_sctp_act(u8 op, const u8 *params, size_t len)
{
	struct sctp_act act = { .data = params, .len = len };
	struct sctp_association *asoc = sctp_assoc_of_act(act_word(&act, 0));

	if (!asoc)
		return;
	sctp_association_hold(asoc);
	act_on(asoc, op, &act);
	sctp_association_put(asoc);
}
