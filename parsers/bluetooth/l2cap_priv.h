/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files that Linux keeps in one l2cap_core.c call of each other.
 */
#ifndef BLUETOOTH_L2CAP_PRIV_H
#define BLUETOOTH_L2CAP_PRIV_H

#include <linux/rwlock.h>
#include <linux/string.h>
#include <net/bluetooth/bluetooth.h>
#include <net/bluetooth/hci_core.h>
#include <net/bluetooth/l2cap.h>

/* l2cap_core.c */
extern u32 l2cap_feat_mask;

struct l2cap_conn *l2cap_conn_add(struct hci_conn *hcon);
void l2cap_conn_del(struct hci_conn *hcon, int err);
void l2cap_conn_unreliable(struct l2cap_conn *conn, int err);
void l2cap_conn_start(struct l2cap_conn *conn);
void l2cap_request_info(struct l2cap_conn *conn);
bool l2cap_check_enc_key_size(struct hci_conn *hcon, struct l2cap_chan *chan);
u8 bdaddr_src_type(struct hci_conn *hcon);
u8 bdaddr_dst_type(struct hci_conn *hcon);

/* l2cap_lookup.c */
extern struct list_head chan_list;	/* every channel there is */
extern rwlock_t chan_list_lock;

/* Both return a channel that is held: the caller puts it. */
struct l2cap_chan *l2cap_global_chan_by_psm(int state, __le16 psm, bdaddr_t *src,
					    bdaddr_t *dst, u8 link_type);
struct l2cap_chan *l2cap_global_fixed_chan(struct l2cap_chan *c, struct hci_conn *hcon);
struct l2cap_chan *__l2cap_get_chan_by_dcid(struct l2cap_conn *conn, u16 cid);
struct l2cap_chan *__l2cap_get_chan_by_scid(struct l2cap_conn *conn, u16 cid);
struct l2cap_chan *__l2cap_get_chan_by_ident(struct l2cap_conn *conn, u8 ident);
/* These return the channel held and locked. */
struct l2cap_chan *l2cap_get_chan_by_scid(struct l2cap_conn *conn, u16 cid);
struct l2cap_chan *l2cap_get_chan_by_dcid(struct l2cap_conn *conn, u16 cid);
void __l2cap_chan_list_id(struct l2cap_conn *conn, u16 id, l2cap_chan_func_t func,
			  void *data);
void __l2cap_chan_list(struct l2cap_conn *conn, l2cap_chan_func_t func, void *data);
/* Return: 0 when all are taken. */
u16 l2cap_alloc_cid(struct l2cap_conn *conn);
/* Return: 0 when all are taken; the peer will reject a command with it. */
u8 l2cap_get_ident(struct l2cap_conn *conn);
void l2cap_put_ident(struct l2cap_conn *conn, u8 code, u8 id);
bool is_valid_psm(u16 psm, u8 dst_type);

/* l2cap_chan.c: states */
void l2cap_state_change(struct l2cap_chan *chan, int state);
void l2cap_state_change_and_error(struct l2cap_chan *chan, int state, int err);
void l2cap_chan_set_err(struct l2cap_chan *chan, int err);
void l2cap_chan_ready(struct l2cap_chan *chan);
void l2cap_start_connection(struct l2cap_chan *chan);
void l2cap_do_start(struct l2cap_chan *chan);
int l2cap_mode_supported(__u8 mode, __u32 feat_mask);
void l2cap_send_disconn_req(struct l2cap_chan *chan, int err);
int __l2cap_no_conn_pending(struct l2cap_chan *chan);
struct l2cap_chan *l2cap_new_connection(struct l2cap_conn *conn, struct l2cap_chan *pchan);

/* l2cap_sig.c */
struct sk_buff *l2cap_build_cmd(struct l2cap_conn *conn, u8 code, u8 ident, u16 dlen,
				void *data);
void l2cap_send_cmd(struct l2cap_conn *conn, u8 ident, u8 code, u16 len, void *data);
void l2cap_sig_channel(struct l2cap_conn *conn, struct sk_buff *skb);
void cmd_reject_invalid_cid(struct l2cap_conn *conn, u8 ident, u16 scid, u16 dcid);

/* l2cap_conf.c */
int l2cap_build_conf_req(struct l2cap_chan *chan, void *data, size_t data_size);
int l2cap_build_conf_rsp(struct l2cap_chan *chan, void *data, u16 result, u16 flags);
int l2cap_config_req(struct l2cap_conn *conn, struct l2cap_cmd_hdr *cmd, u16 cmd_len,
		     u8 *data);
int l2cap_config_rsp(struct l2cap_conn *conn, struct l2cap_cmd_hdr *cmd, u16 cmd_len,
		     u8 *data);

/* l2cap_le_sig.c */
void l2cap_le_sig_channel(struct l2cap_conn *conn, struct sk_buff *skb);
void l2cap_le_start(struct l2cap_chan *chan);
void l2cap_chan_le_connect_reject(struct l2cap_chan *chan);
u16 l2cap_le_rx_credits(struct l2cap_chan *chan);
void l2cap_le_flowctl_init(struct l2cap_chan *chan, u16 tx_credits);

/* l2cap_ecred.c */
void l2cap_ecred_init(struct l2cap_chan *chan, u16 tx_credits);
void l2cap_ecred_connect(struct l2cap_chan *chan);
void l2cap_chan_ecred_connect_reject(struct l2cap_chan *chan);
int l2cap_ecred_conn_req(struct l2cap_conn *conn, struct l2cap_cmd_hdr *cmd, u16 cmd_len,
			 u8 *data);
int l2cap_ecred_conn_rsp(struct l2cap_conn *conn, struct l2cap_cmd_hdr *cmd, u16 cmd_len,
			 u8 *data);
int l2cap_ecred_reconf_req(struct l2cap_conn *conn, struct l2cap_cmd_hdr *cmd,
			   u16 cmd_len, u8 *data);
int l2cap_ecred_reconf_rsp(struct l2cap_conn *conn, struct l2cap_cmd_hdr *cmd,
			   u16 cmd_len, u8 *data);

/* l2cap_acl.c */
void l2cap_recv_frame(struct l2cap_conn *conn, struct sk_buff *skb);
void process_pending_rx(struct work_struct *work);
void l2cap_send_acl(struct l2cap_conn *conn, struct sk_buff *skb, u8 flags);

/* l2cap_data.c */
void l2cap_data_channel(struct l2cap_conn *conn, u16 cid, struct sk_buff *skb);
void l2cap_conless_channel(struct l2cap_conn *conn, __le16 psm, struct sk_buff *skb);
void l2cap_raw_recv(struct l2cap_conn *conn, struct sk_buff *skb);

/* l2cap_send.c */
void l2cap_do_send(struct l2cap_chan *chan, struct sk_buff *skb);

/* The next segment begins an SDU. */
static inline void l2cap_sdu_none(struct l2cap_chan *chan)
{
	chan->sdu_len = 0;
	chan->sdu_last_frag = NULL;
	chan->sdu = NULL;
}

/* l2cap_ertm.c: what there is of an SDU is of no use any more */
void l2cap_sdu_drop(struct l2cap_chan *chan);
extern const struct sk_buff *l2cap_control_used;	/* for the canary of CVE-2022-3564 */
/* for that of redzone-d8eb224e65db: an SDU that its receiver has, and is done with */
extern const struct sk_buff *l2cap_sdu_delivered, *l2cap_sdu_read;

/* l2cap_ertm_tx.c */
void l2cap_seq_list_free(struct l2cap_seq_list *seq_list);
int l2cap_ertm_send(struct l2cap_chan *chan);
void l2cap_monitor_timeout(struct work_struct *work);
void l2cap_retrans_timeout(struct work_struct *work);
void l2cap_ack_timeout(struct work_struct *work);

/* l2cap_le_data.c */
void l2cap_le_flowctl_send(struct l2cap_chan *chan);
void l2cap_chan_le_send_credits(struct l2cap_chan *chan);
int l2cap_ecred_data_rcv(struct l2cap_chan *chan, struct sk_buff *skb);

/* l2cap_user.c */
void l2cap_test_user(struct hci_conn *hcon, bool on);

#endif /* BLUETOOTH_L2CAP_PRIV_H */
