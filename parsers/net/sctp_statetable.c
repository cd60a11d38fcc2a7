// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCTP: what is done with a chunk in each state.
 *
 * Modelled on: Linux 6.1 net/sctp/sm_statetable.c
 * Spec: RFC 9260 4 and 8.5, RFC 3758, RFC 4895, RFC 5061, RFC 6525
 * Differs: only chunks; timers and the user call their functions by name. Functions that do
 *	nothing but call another one are left out.
 */
#include <net/sctp.h>

#include "rx.h"

typedef sctp_state_fn_t *sctp_sm_row[SCTP_STATE_NUM_STATES];

/*
 * States: CLOSED, COOKIE-WAIT, COOKIE-ECHOED, ESTABLISHED, SHUTDOWN-PENDING, -SENT,
 * -RECEIVED, -ACK-SENT
 */
static const sctp_sm_row chunk_event_table[] = {
	[SCTP_CID_DATA] = {
		sctp_sf_ootb, sctp_sf_discard_chunk, sctp_sf_discard_chunk,
		sctp_sf_eat_data_6_2, sctp_sf_eat_data_6_2, sctp_sf_eat_data_fast_4_4,
		sctp_sf_discard_chunk, sctp_sf_discard_chunk,
	},
	[SCTP_CID_INIT] = {
		sctp_sf_do_5_1B_init, sctp_sf_do_unexpected_init, sctp_sf_do_unexpected_init,
		sctp_sf_do_unexpected_init, sctp_sf_do_unexpected_init,
		sctp_sf_do_unexpected_init, sctp_sf_do_unexpected_init,
		sctp_sf_do_9_2_reshutack,
	},
	[SCTP_CID_INIT_ACK] = {
		sctp_sf_do_5_2_3_initack, sctp_sf_do_5_1C_ack, sctp_sf_discard_chunk,
		sctp_sf_discard_chunk, sctp_sf_discard_chunk, sctp_sf_discard_chunk,
		sctp_sf_discard_chunk, sctp_sf_discard_chunk,
	},
	[SCTP_CID_SACK] = {
		sctp_sf_ootb, sctp_sf_discard_chunk, sctp_sf_eat_sack_6_2, sctp_sf_eat_sack_6_2,
		sctp_sf_eat_sack_6_2, sctp_sf_discard_chunk, sctp_sf_eat_sack_6_2,
		sctp_sf_discard_chunk,
	},
	[SCTP_CID_HEARTBEAT] = {
		sctp_sf_ootb, sctp_sf_discard_chunk, sctp_sf_beat_8_3, sctp_sf_beat_8_3,
		sctp_sf_beat_8_3, sctp_sf_beat_8_3, sctp_sf_beat_8_3, sctp_sf_beat_8_3,
	},
	[SCTP_CID_HEARTBEAT_ACK] = {
		sctp_sf_ootb, sctp_sf_violation, sctp_sf_discard_chunk, sctp_sf_backbeat_8_3,
		sctp_sf_backbeat_8_3, sctp_sf_backbeat_8_3, sctp_sf_backbeat_8_3,
		sctp_sf_discard_chunk,
	},
	[SCTP_CID_ABORT] = {
		sctp_sf_pdiscard, sctp_sf_cookie_wait_abort, sctp_sf_cookie_wait_abort,
		sctp_sf_do_9_1_abort, sctp_sf_do_9_1_abort, sctp_sf_shutdown_sent_abort,
		sctp_sf_do_9_1_abort, sctp_sf_shutdown_sent_abort,
	},
	[SCTP_CID_SHUTDOWN] = {
		sctp_sf_ootb, sctp_sf_discard_chunk, sctp_sf_discard_chunk,
		sctp_sf_do_9_2_shutdown, sctp_sf_do_9_2_shutdown, sctp_sf_do_9_2_shutdown_ack,
		sctp_sf_do_9_2_shut_ctsn, sctp_sf_discard_chunk,
	},
	[SCTP_CID_SHUTDOWN_ACK] = {
		sctp_sf_ootb, sctp_sf_do_8_5_1_E_sa, sctp_sf_do_8_5_1_E_sa, sctp_sf_violation,
		sctp_sf_violation, sctp_sf_do_9_2_final, sctp_sf_violation,
		sctp_sf_do_9_2_final,
	},
	[SCTP_CID_ERROR] = {
		sctp_sf_ootb, sctp_sf_discard_chunk, sctp_sf_cookie_echoed_err,
		sctp_sf_operr_notify, sctp_sf_operr_notify, sctp_sf_discard_chunk,
		sctp_sf_operr_notify, sctp_sf_discard_chunk,
	},
	[SCTP_CID_COOKIE_ECHO] = {
		sctp_sf_do_5_1D_ce, sctp_sf_do_5_2_4_dupcook, sctp_sf_do_5_2_4_dupcook,
		sctp_sf_do_5_2_4_dupcook, sctp_sf_do_5_2_4_dupcook, sctp_sf_do_5_2_4_dupcook,
		sctp_sf_do_5_2_4_dupcook, sctp_sf_do_5_2_4_dupcook,
	},
	[SCTP_CID_COOKIE_ACK] = {
		sctp_sf_discard_chunk, sctp_sf_discard_chunk, sctp_sf_do_5_1E_ca,
		sctp_sf_discard_chunk, sctp_sf_discard_chunk, sctp_sf_discard_chunk,
		sctp_sf_discard_chunk, sctp_sf_discard_chunk,
	},
	[SCTP_CID_ECN_ECNE] = {
		sctp_sf_discard_chunk, sctp_sf_discard_chunk, sctp_sf_do_ecne, sctp_sf_do_ecne,
		sctp_sf_do_ecne, sctp_sf_do_ecne, sctp_sf_do_ecne, sctp_sf_discard_chunk,
	},
	[SCTP_CID_ECN_CWR] = {
		sctp_sf_discard_chunk, sctp_sf_discard_chunk, sctp_sf_discard_chunk,
		sctp_sf_do_ecn_cwr, sctp_sf_do_ecn_cwr, sctp_sf_do_ecn_cwr,
		sctp_sf_discard_chunk, sctp_sf_discard_chunk,
	},
	[SCTP_CID_SHUTDOWN_COMPLETE] = {
		sctp_sf_discard_chunk, sctp_sf_discard_chunk, sctp_sf_discard_chunk,
		sctp_sf_discard_chunk, sctp_sf_discard_chunk, sctp_sf_discard_chunk,
		sctp_sf_discard_chunk, sctp_sf_do_4_C,
	},
};

static const sctp_sm_row fwd_tsn_chunk_event_table = {
	sctp_sf_ootb, sctp_sf_discard_chunk, sctp_sf_discard_chunk, sctp_sf_eat_fwd_tsn,
	sctp_sf_eat_fwd_tsn, sctp_sf_eat_fwd_tsn_fast, sctp_sf_discard_chunk,
	sctp_sf_discard_chunk,
};

static const sctp_sm_row asconf_chunk_event_table = {
	sctp_sf_discard_chunk, sctp_sf_discard_chunk, sctp_sf_discard_chunk, sctp_sf_do_asconf,
	sctp_sf_do_asconf, sctp_sf_do_asconf, sctp_sf_do_asconf, sctp_sf_discard_chunk,
};

static const sctp_sm_row asconf_ack_chunk_event_table = {
	sctp_sf_discard_chunk, sctp_sf_discard_chunk, sctp_sf_discard_chunk,
	sctp_sf_do_asconf_ack, sctp_sf_do_asconf_ack, sctp_sf_do_asconf_ack,
	sctp_sf_do_asconf_ack, sctp_sf_discard_chunk,
};

static const sctp_sm_row reconf_chunk_event_table = {
	sctp_sf_discard_chunk, sctp_sf_discard_chunk, sctp_sf_discard_chunk, sctp_sf_do_reconf,
	sctp_sf_do_reconf, sctp_sf_discard_chunk, sctp_sf_discard_chunk, sctp_sf_discard_chunk,
};

static const sctp_sm_row auth_chunk_event_table = {
	sctp_sf_ootb, sctp_sf_discard_chunk, sctp_sf_eat_auth, sctp_sf_eat_auth,
	sctp_sf_eat_auth, sctp_sf_eat_auth, sctp_sf_eat_auth, sctp_sf_eat_auth,
};

static const sctp_sm_row pad_chunk_event_table = {
	sctp_sf_discard_chunk, sctp_sf_discard_chunk, sctp_sf_discard_chunk,
	sctp_sf_discard_chunk, sctp_sf_discard_chunk, sctp_sf_discard_chunk,
	sctp_sf_discard_chunk, sctp_sf_discard_chunk,
};

static const sctp_sm_row unknown_chunk_event_table = {
	sctp_sf_ootb, sctp_sf_unk_chunk, sctp_sf_unk_chunk, sctp_sf_unk_chunk,
	sctp_sf_unk_chunk, sctp_sf_unk_chunk, sctp_sf_unk_chunk, sctp_sf_unk_chunk,
};

/* Return: the row of a chunk type that an extension defines. */
static const sctp_sm_row *sctp_extension_row(u8 cid)
{
	switch (cid) {
	case SCTP_CID_FWD_TSN:
	case SCTP_CID_I_FWD_TSN:
		return &fwd_tsn_chunk_event_table;
	case SCTP_CID_ASCONF:
		return &asconf_chunk_event_table;
	case SCTP_CID_ASCONF_ACK:
		return &asconf_ack_chunk_event_table;
	case SCTP_CID_RECONF:
		return &reconf_chunk_event_table;
	case SCTP_CID_AUTH:
		return &auth_chunk_event_table;
	case SCTP_CID_PAD:
		return &pad_chunk_event_table;
	}
	return &unknown_chunk_event_table;
}

sctp_state_fn_t *sctp_sm_lookup_event(u8 cid, enum sctp_state state,
				      const struct sctp_endpoint *ep)
{
	if (cid == SCTP_CID_I_DATA)
		cid = SCTP_CID_DATA;
	if (cid < ARRAY_SIZE(chunk_event_table))
		return chunk_event_table[cid][state];
	return (*sctp_extension_row(cid))[state];
}
