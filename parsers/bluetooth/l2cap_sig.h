/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of connections, channels and signalling share: upstream's
 * l2cap_core.c is one file, here its upper half is cut by topic.
 *
 *	l2cap_core.c	connections, what the link layer reports, users
 *	l2cap_chan.c	channels: life, states, timers, security, connecting
 *	l2cap_lookup.c	where channels are found; PSMs and identifiers
 *	l2cap_sig.c	the signalling channel of BR/EDR
 *	l2cap_conf.c	configuration: requests and responses
 *	l2cap_conf_req.c configuration: the options of requests
 *	l2cap_conf_opt.c configuration: options, those of responses
 *	l2cap_le_sig.c	the signalling channel of LE
 *	l2cap_ecred.c	enhanced credit based channels
 */
#ifndef BLUETOOTH_L2CAP_SIG_H
#define BLUETOOTH_L2CAP_SIG_H

#include <redzone/guard.h>
#include <redzone/sink.h>

#include "l2cap_priv.h"

static inline void sig_u64(const struct l2cap_conn *conn, const char *name, u64 value)
{
	sink_u64(conn->hcon->hdev->sink, name, value);
}

static inline void sig_bytes(const struct l2cap_conn *conn, const char *name,
			     const void *data, size_t len)
{
	sink_bytes(conn->hcon->hdev->sink, name, data, len);
}

/* The command or packet in hand is refused, and why; the ACL dispatcher tells. */
static inline int sig_refuse(const struct l2cap_conn *conn, int err)
{
	conn->hcon->hdev->verdict = err;
	return err;
}

/* l2cap_core.c */
void l2cap_info_timeout(struct work_struct *work);
void l2cap_conn_ready(struct l2cap_conn *conn);

/* l2cap_chan.c: deleted and closed; the caller holds it */
void l2cap_chan_drop(struct l2cap_chan *chan, int err);

/* l2cap_conf_opt.c */
int l2cap_get_conf_opt(void **ptr, void *end, int *type, int *olen, unsigned long *val);
void l2cap_add_conf_opt(void **ptr, u8 type, u8 len, unsigned long val, size_t size);
void l2cap_add_opt_efs(void **ptr, struct l2cap_chan *chan, size_t size);
bool __l2cap_efs_supported(struct l2cap_conn *conn);
u8 l2cap_select_mode(u8 mode, u32 remote_feat_mask);
u16 l2cap_conf_pdu_size(const struct l2cap_chan *chan, u16 limit);
void __l2cap_set_ertm_timeouts(struct l2cap_chan *chan, struct l2cap_conf_rfc *rfc);
void l2cap_sink_rfc(struct l2cap_chan *chan, const struct l2cap_conf_rfc *rfc);
void l2cap_sink_efs(struct l2cap_chan *chan, const struct l2cap_conf_efs *efs);
int l2cap_parse_conf_rsp(struct l2cap_chan *chan, void *rsp, int len, void *data,
			 size_t size, u16 *result);
void l2cap_conf_rfc_get(struct l2cap_chan *chan, void *rsp, int len);

/* l2cap_conf_req.c */
int l2cap_parse_conf_req(struct l2cap_chan *chan, void *data, size_t data_size);

/* l2cap_conf.c: the first request of a channel, unless it went out already */
void l2cap_send_conf_req(struct l2cap_chan *chan);

/* l2cap_sig.c: both links have these two */
int l2cap_disconnect_req(struct l2cap_conn *conn, struct l2cap_cmd_hdr *cmd, u16 cmd_len,
			 u8 *data);
int l2cap_disconnect_rsp(struct l2cap_conn *conn, struct l2cap_cmd_hdr *cmd, u16 cmd_len,
			 u8 *data);
void l2cap_sig_send_rej(struct l2cap_conn *conn, u8 ident);
/* Response to an incoming connection: how far it is, and the configuration if it is. */
void l2cap_chan_connect_reject(struct l2cap_chan *chan);

#endif /* BLUETOOTH_L2CAP_SIG_H */
