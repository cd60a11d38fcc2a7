// SPDX-License-Identifier: GPL-2.0-only
/*
 * Multipath TCP: what received options change.
 *
 * Modelled on: Linux 6.1 net/mptcp/options.c (mptcp_incoming_options,
 *	check_fully_established, ack_update_msk, __mptcp_expand_seq,
 *	mptcp_update_rcv_data_fin, add_addr_hmac_valid, add_addr_generate_hmac),
 *	net/mptcp/subflow.c (subflow_check_req, subflow_syn_recv_sock, get_mapping_status),
 *	net/mptcp/pm.c (mptcp_pm_add_addr_received, mptcp_pm_rm_addr_received)
 * Spec: RFC 8684 3
 * Differs: one subflow a connection, the first or one that joined; joins to connections
 *	are refused; keys are constants; the path manager keeps one address a side.
 */
#include <linux/slab.h>
#include <net/tcp.h>
#include <redzone/crypto.h>

#include "rx.h"

enum { ADD_ADDR_TEXT = 19, SHA256_SIZE = 32, ADD_ADDR_ACCEPT_MAX = 2 };

static struct mptcp_sock *mptcp_of(const struct sock *sk)
{
	return tcp_sk(sk)->subflow->conn;
}

/* RFC 8684 3.4.1: the last eight bytes of the HMAC of id, address and port. */
u64 add_addr_generate_hmac(u64 key1, u64 key2, const struct mptcp_addr_info *addr)
{
	u8 hmac[SHA256_SIZE], msg[ADD_ADDR_TEXT], key[16];
	unsigned int i = 0;

	put_unaligned_be64(key1, key);
	put_unaligned_be64(key2, key + 8);
	msg[i++] = addr->id;
	if (addr->family == AF_INET) {
		memcpy(msg + i, &addr->s_addr, 4);
		i += 4;
	} else {
		memcpy(msg + i, &addr->addr6, 16);
		i += 16;
	}
	put_unaligned_be16(ntohs(addr->port), msg + i);
	redzone_hmac("hmac(sha256)", key, sizeof(key), msg, i + 2, hmac);
	return get_unaligned_be64(hmac + SHA256_SIZE - 8);
}

static bool add_addr_hmac_valid(const struct mptcp_sock *msk,
				const struct mptcp_options_received *mp_opt)
{
	u64 hmac;

	if (mp_opt->echo)
		return true;
	hmac = add_addr_generate_hmac(msk->remote_key, msk->local_key, &mp_opt->addr);
	return !malformed(redzone_crypto_real() && hmac != mp_opt->ahmac);
}

/* 32 bits of a 64-bit number: the nearest that ends in them. */
static u64 mptcp_expand_seq(u64 old_seq, u64 cur_seq, bool use_64bit)
{
	u32 old_seq32 = (u32)old_seq, cur_seq32 = (u32)cur_seq;

	if (use_64bit)
		return cur_seq;
	cur_seq = (old_seq & ~(u64)0xffffffff) + cur_seq32;
	if (cur_seq32 < old_seq32 && before(old_seq32, cur_seq32))
		return cur_seq + (1ULL << 32);
	if (cur_seq32 > old_seq32 && after(old_seq32, cur_seq32))
		return cur_seq - (1ULL << 32);
	return cur_seq;
}

static void ack_update_msk(struct mptcp_sock *msk, struct sock *ssk,
			   const struct mptcp_options_received *mp_opt)
{
	u64 new_snd_una = mptcp_expand_seq(msk->snd_una, mp_opt->data_ack, mp_opt->ack64);
	u64 new_wnd_end;

	/* data that was not sent cannot have arrived */
	if (malformed(after64(new_snd_una, msk->snd_nxt)))
		new_snd_una = msk->snd_una;
	new_wnd_end = new_snd_una + tcp_sk(ssk)->snd_wnd;
	if (after64(new_wnd_end, msk->wnd_end))
		msk->wnd_end = new_wnd_end;
	if (!malformed(!after64(new_snd_una, msk->snd_una)))
		msk->snd_una = new_snd_una;
}

static void mptcp_subflow_reset(struct sock *ssk)
{
	struct tcp_sock *tp = tcp_sk(ssk);

	tcp_send_active_reset(ssk);
	tcp_write_queue_purge(ssk);
	tp->subflow->reset_seen = true;
	tcp_done(ssk);
}

/*
 * The fourth segment of the handshake proves that the peer speaks MPTCP.
 * Return: whether options count.
 */
static bool check_fully_established(struct mptcp_sock *msk, struct sock *ssk,
				    struct mptcp_subflow_context *subflow, struct sk_buff *skb,
				    struct mptcp_options_received *mp_opt)
{
	if (subflow->fully_established)
		return true;
	if (malformed(TCP_SKB_CB(skb)->seq != subflow->ssn_offset + 1)) {
		if (subflow->mp_join)
			mptcp_subflow_reset(ssk);
		return subflow->mp_capable;
	}

	if (((mp_opt->suboptions & OPTION_MPTCP_DSS) && mp_opt->use_ack) ||
	    ((mp_opt->suboptions & OPTION_MPTCP_ADD_ADDR) &&
	     (!mp_opt->echo || subflow->mp_join))) {
		subflow->fully_established = true;
		msk->fully_established = true;
		return true;
	}
	/* neither: this is plain TCP from here on */
	if (malformed(!(mp_opt->suboptions & OPTIONS_MPTCP_MPC))) {
		subflow->mp_capable = false;
		if (subflow->mp_join)
			mptcp_subflow_reset(ssk);
		else
			msk->fallback = true;
		return false;
	}
	if (mp_opt->deny_join_id0)
		msk->remote_deny_join_id0 = true;
	subflow->fully_established = true;
	msk->fully_established = true;
	msk->remote_key = mp_opt->sndr_key;
	return true;
}

/* ---- The path manager ---- */

static void mptcp_pm_add_addr_received(struct mptcp_sock *msk,
				       const struct mptcp_addr_info *addr)
{
	if (malformed(msk->pm_add_addr_accepted >= ADD_ADDR_ACCEPT_MAX))
		return;
	msk->pm_add_addr_accepted++;
	msk->pm_remote = *addr;
	/* what was announced is confirmed */
	msk->pm_addr_echo = true;
}

static void mptcp_pm_add_addr_echoed(struct mptcp_sock *msk, const struct mptcp_addr_info *addr)
{
	if (malformed(addr->id != msk->pm_local.id))
		return;
	msk->pm_addr_signal = false;
}

static void mptcp_pm_rm_addr_received(struct mptcp_sock *msk, const struct mptcp_rm_list *list)
{
	u8 i;

	for (i = 0; i < list->nr; i++) {
		if (malformed(list->ids[i] != msk->pm_remote.id))
			continue;
		memset(&msk->pm_remote, 0, sizeof(msk->pm_remote));
		if (msk->pm_add_addr_accepted)
			msk->pm_add_addr_accepted--;
	}
}

/* Everything that a segment may bear beside data. */
static void mptcp_incoming_control(struct mptcp_sock *msk, struct mptcp_subflow_context *subflow,
				   const struct mptcp_options_received *mp_opt)
{
	if (mp_opt->suboptions & OPTION_MPTCP_FASTCLOSE &&
	    !malformed(msk->local_key != mp_opt->rcvr_key))
		msk->rcv_fastclose = true;
	if (mp_opt->suboptions & OPTION_MPTCP_ADD_ADDR && add_addr_hmac_valid(msk, mp_opt)) {
		if (mp_opt->echo)
			mptcp_pm_add_addr_echoed(msk, &mp_opt->addr);
		else
			mptcp_pm_add_addr_received(msk, &mp_opt->addr);
	}
	if (mp_opt->suboptions & OPTION_MPTCP_RM_ADDR)
		mptcp_pm_rm_addr_received(msk, &mp_opt->rm_list);
	if (mp_opt->suboptions & OPTION_MPTCP_PRIO)
		subflow->backup = mp_opt->backup;
	if (mp_opt->suboptions & OPTION_MPTCP_FAIL)
		subflow->send_mp_fail = true;
	if (mp_opt->suboptions & OPTION_MPTCP_RST) {
		subflow->reset_seen = true;
		subflow->reset_reason = mp_opt->reset_reason;
		subflow->reset_transient = mp_opt->reset_transient;
	}
}

/* ---- The mapping of data ---- */

static void mptcp_update_rcv_data_fin(struct mptcp_sock *msk, u64 data_fin_seq, bool use_64bit)
{
	if (malformed(msk->rcv_data_fin))
		return;
	msk->rcv_data_fin_seq = mptcp_expand_seq(msk->ack_seq, data_fin_seq, use_64bit);
	msk->rcv_data_fin = true;
}

/* Where the bytes of this segment stand in the stream. */
static void mptcp_map(struct mptcp_sock *msk, struct mptcp_subflow_context *subflow,
		      struct sk_buff *skb, const struct mptcp_options_received *mp_opt)
{
	u32 ssn = TCP_SKB_CB(skb)->seq - subflow->ssn_offset, data_len = mp_opt->data_len;

	TCP_SKB_CB(skb)->has_mpext = 1;
	if (!mp_opt->use_map)
		return;
	if (mp_opt->data_fin) {
		mptcp_update_rcv_data_fin(msk, mp_opt->data_seq + data_len - 1, mp_opt->dsn64);
		if (malformed(!data_len))
			return;
		data_len--;
	}
	if (mp_opt->mpc_map) {
		subflow->map_seq = msk->ack_seq;
		subflow->map_subflow_seq = 1;
	} else {
		subflow->map_seq = mptcp_expand_seq(msk->ack_seq, mp_opt->data_seq,
						    mp_opt->dsn64);
		subflow->map_subflow_seq = mp_opt->subflow_seq;
	}
	subflow->map_data_len = data_len;
	subflow->map_valid = true;
	/* a mapping speaks about the bytes that it came with */
	if (malformed(before(ssn, subflow->map_subflow_seq)) ||
	    malformed(!before(ssn, subflow->map_subflow_seq + data_len)))
		subflow->map_valid = false;
	if (mp_opt->dsn64)
		msk->use_64bit_ack = true;
}

/**
 * mptcp_incoming_options - the MPTCP options of a segment that is in the window
 *
 * Return: false if the subflow was reset, or the segment has no place.
 */
bool mptcp_incoming_options(struct sock *sk, struct sk_buff *skb)
{
	struct mptcp_subflow_context *subflow = tcp_sk(sk)->subflow;
	struct mptcp_sock *msk = mptcp_of(sk);
	struct mptcp_options_received mp_opt;

	if (msk->fallback)
		return true;
	mptcp_get_options(skb, &mp_opt);
	if (!check_fully_established(msk, sk, subflow, skb, &mp_opt))
		return sk->sk_state != TCP_CLOSE;

	if (mp_opt.suboptions != OPTION_MPTCP_DSS) {
		mptcp_incoming_control(msk, subflow, &mp_opt);
		if (!(mp_opt.suboptions & OPTION_MPTCP_DSS))
			return true;
	}
	if (mp_opt.use_ack)
		ack_update_msk(msk, sk, &mp_opt);

	if (TCP_SKB_CB(skb)->seq == TCP_SKB_CB(skb)->end_seq) {
		if (mp_opt.data_fin && !malformed(mp_opt.data_len != 1))
			mptcp_update_rcv_data_fin(msk, mp_opt.data_seq, mp_opt.dsn64);
		return true;
	}
	mptcp_map(msk, subflow, skb, &mp_opt);
	return true;
}

/* ---- The handshake ---- */

/* The MP_CAPABLE of a SYN; a join finds no connection to join. */
void mptcp_subflow_init_req(struct request_sock *req, const struct sk_buff *skb)
{
	struct mptcp_options_received mp_opt;

	mptcp_get_options(skb, &mp_opt);
	if (malformed((mp_opt.suboptions & OPTION_MPTCP_MPC_SYN) &&
		      (mp_opt.suboptions & OPTION_MPTCP_MPJ_SYN)))
		return;
	if (mp_opt.suboptions & OPTION_MPTCP_MPC_SYN) {
		req->mp_capable = 1;
		req->local_key = 0x6c6f63616c6b6579;
	}
	if (malformed(mp_opt.suboptions & OPTION_MPTCP_MPJ_SYN))
		sink_effect_u64(rx_sink(skb), "mptcp.join.token", mp_opt.token);
}

/* The third segment brings both keys, or the connection is plain TCP. */
int mptcp_subflow_created(struct sock *child, struct request_sock *req, struct sk_buff *skb)
{
	struct mptcp_options_received mp_opt;
	struct mptcp_subflow_context *subflow;
	struct mptcp_sock *msk;

	mptcp_get_options(skb, &mp_opt);
	if (malformed(!(mp_opt.suboptions & OPTION_MPTCP_MPC_ACK)))
		return 0;
	subflow = kzalloc(sizeof(*subflow), GFP_ATOMIC);
	msk = kzalloc(sizeof(*msk), GFP_ATOMIC);
	if (!subflow || !msk) {
		kfree(subflow);
		kfree(msk);
		return -ENOMEM;
	}
	msk->local_key = req->local_key;
	msk->remote_key = mp_opt.sndr_key;
	msk->csum_enabled = mp_opt.suboptions & OPTION_MPTCP_CSUMREQD;
	msk->write_seq = msk->snd_nxt = msk->snd_una = 0x1000020000;
	msk->ack_seq = 0x2000001000;
	msk->can_ack = true;
	subflow->conn = msk;
	subflow->mp_capable = true;
	subflow->ssn_offset = req->rcv_isn;
	tcp_sk(child)->subflow = subflow;
	return 0;
}
