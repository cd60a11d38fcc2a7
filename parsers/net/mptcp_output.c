// SPDX-License-Identifier: GPL-2.0-only
/*
 * Multipath TCP: the options of segments that are sent.
 *
 * Modelled on: Linux 6.1 net/mptcp/options.c (mptcp_established_options and its steps,
 *	mptcp_write_options), net/mptcp/pm.c (mptcp_pm_add_addr_signal,
 *	mptcp_pm_rm_addr_signal), net/mptcp/protocol.h (mptcp_add_addr_len,
 *	mptcp_rm_addr_len)
 * Spec: RFC 8684 3
 * Differs: data are mapped one to one; checksums are not negotiated by us; an HMAC of
 *	zero is sent as one, where upstream would count room for it and write an echo.
 */
#include <asm/unaligned.h>
#include <net/tcp.h>

#include "rx.h"

static __be32 mptcp_option(u8 subopt, u8 len, u8 nib, u8 field)
{
	return htonl((u32)TCPOPT_MPTCP << 24 | (u32)len << 16 | (u32)subopt << 12 |
		     (u32)(nib & 0xf) << 8 | field);
}

/* ---- How much room they take ---- */

static void mptcp_dss_map(const struct mptcp_sock *msk, const struct tcp_sock *tp,
			  const struct sk_buff *skb, struct mptcp_ext *ext)
{
	u32 offset = skb ? TCP_SKB_CB(skb)->seq - tp->snd_una : 0;

	memset(ext, 0, sizeof(*ext));
	ext->use_map = 1;
	ext->dsn64 = 1;
	ext->data_seq = msk->snd_una + offset;
	ext->subflow_seq = 1 + offset;
	ext->data_len = skb ? (u16)skb->len : 0;
}

static bool mptcp_established_options_dss(struct sock *sk, struct sk_buff *skb,
					  unsigned int *size, struct mptcp_out_options *opts)
{
	struct mptcp_sock *msk = tcp_sk(sk)->subflow->conn;
	unsigned int dss_size = 0, ack_size;

	memset(&opts->ext_copy, 0, sizeof(opts->ext_copy));
	if (!skb || skb->len) {
		mptcp_dss_map(msk, tcp_sk(sk), skb, &opts->ext_copy);
		dss_size = TCPOLEN_MPTCP_DSS_BASE + TCPOLEN_MPTCP_DSS_MAP64;
		opts->suboptions = OPTION_MPTCP_DSS;
	}
	if (!msk->can_ack) {
		*size = ALIGN(dss_size, 4);
		return dss_size;
	}
	ack_size = msk->use_64bit_ack ? TCPOLEN_MPTCP_DSS_ACK64 : TCPOLEN_MPTCP_DSS_ACK32;
	opts->ext_copy.ack64 = msk->use_64bit_ack;
	opts->ext_copy.use_ack = 1;
	opts->suboptions = OPTION_MPTCP_DSS;
	if (!dss_size)
		ack_size += TCPOLEN_MPTCP_DSS_BASE;
	*size = ALIGN(dss_size + ack_size, 4);
	return true;
}

static unsigned int mptcp_add_addr_len(u16 family, bool echo, bool port)
{
	unsigned int len = TCPOLEN_MPTCP_ADD_ADDR_BASE;

	if (family == AF_INET6)
		len = TCPOLEN_MPTCP_ADD_ADDR6_BASE;
	if (!echo)
		len += 8;
	if (port)
		len += TCPOLEN_MPTCP_PORT_LEN + TCPOLEN_MPTCP_PORT_ALIGN;
	return len;
}

/* An announcement of ours, or the echo of one of the peer's, if it has room. */
static bool mptcp_pm_add_addr_signal(struct mptcp_sock *msk, const struct sk_buff *skb,
				     unsigned int opt_size, unsigned int remaining,
				     struct mptcp_addr_info *addr, bool *echo, bool *drop_other)
{
	*echo = msk->pm_addr_echo;
	*addr = *echo ? msk->pm_remote : msk->pm_local;
	/* a pure acknowledgement may leave everything else out for it */
	if (skb && !skb->len && (*echo || addr->family == AF_INET6 || addr->port)) {
		*drop_other = true;
		remaining += opt_size;
	}
	if (remaining < mptcp_add_addr_len(addr->family, *echo, addr->port))
		return false;
	if (*echo)
		msk->pm_addr_echo = false;
	else
		msk->pm_addr_signal = false;
	return true;
}

static bool mptcp_established_options_add_addr(struct sock *sk, struct sk_buff *skb,
					       unsigned int *size, unsigned int remaining,
					       struct mptcp_out_options *opts)
{
	struct mptcp_sock *msk = tcp_sk(sk)->subflow->conn;
	bool drop_other_suboptions = false, echo, both = false;
	unsigned int opt_size = *size, len;
	struct mptcp_addr_info addr;

	if (!skb || (!msk->pm_addr_signal && !msk->pm_addr_echo))
		return false;
	if (opts->suboptions & OPTION_MPTCP_MPC_ACK)
		return false;
	if (!mptcp_pm_add_addr_signal(msk, skb, opt_size, remaining, &addr, &echo,
				      &drop_other_suboptions))
		return false;

	/* DSS lives in the same bytes as the address */
	if (drop_other_suboptions)
		remaining += opt_size;
	else if (malformed_in(CVE_2024_57882, opts->suboptions & OPTION_MPTCP_DSS))
		return false;
	both = !drop_other_suboptions && opts->suboptions & OPTION_MPTCP_DSS;
	triggered(CVE_2024_57882, both);

	len = mptcp_add_addr_len(addr.family, echo, addr.port);
	if (remaining < len)
		return false;
	*size = len;
	if (drop_other_suboptions) {
		opts->suboptions = 0;
		opts->ahmac = 0;
		*size -= opt_size;
	}
	opts->addr = addr;
	opts->suboptions |= OPTION_MPTCP_ADD_ADDR;
	opts->ahmac = 0;
	if (!echo)
		opts->ahmac = add_addr_generate_hmac(msk->local_key, msk->remote_key, &addr);
	/* zero, which crypto-ignored mode gives, would be taken for an echo */
	if (!echo && !opts->ahmac)
		opts->ahmac = 1;
	return true;
}

static bool mptcp_established_options_rm_addr(struct sock *sk, unsigned int *size,
					      unsigned int remaining,
					      struct mptcp_out_options *opts)
{
	struct mptcp_sock *msk = tcp_sk(sk)->subflow->conn;
	unsigned int len = TCPOLEN_MPTCP_RM_ADDR_BASE + 1U +
			   (unsigned int)ALIGN(msk->pm_rm_list_tx.nr - 1, 4);

	if (!msk->pm_rm_signal || remaining < len)
		return false;
	msk->pm_rm_signal = false;
	*size = len;
	opts->suboptions |= OPTION_MPTCP_RM_ADDR;
	opts->rm_list = msk->pm_rm_list_tx;
	return true;
}

static bool mptcp_established_options_mp_prio(struct sock *sk, unsigned int *size,
					      unsigned int remaining,
					      struct mptcp_out_options *opts)
{
	struct mptcp_subflow_context *subflow = tcp_sk(sk)->subflow;

	/* on its own in the union's part of the option, so not with an address */
	if (!subflow->send_mp_prio || opts->suboptions & OPTION_MPTCP_ADD_ADDR)
		return false;
	if (remaining < TCPOLEN_MPTCP_PRIO_ALIGN)
		return false;
	*size = TCPOLEN_MPTCP_PRIO_ALIGN;
	opts->suboptions |= OPTION_MPTCP_PRIO;
	opts->backup = 1;
	return true;
}

static bool mptcp_established_options_reset(struct sock *sk, unsigned int *size,
					    unsigned int remaining,
					    struct mptcp_out_options *opts)
{
	struct mptcp_subflow_context *subflow = tcp_sk(sk)->subflow;

	if (remaining < TCPOLEN_MPTCP_RST)
		return false;
	*size = TCPOLEN_MPTCP_RST;
	opts->suboptions |= OPTION_MPTCP_RST;
	opts->reset_transient = subflow->reset_transient;
	opts->reset_reason = subflow->reset_reason;
	return true;
}

static bool mptcp_established_options_mp_fail(struct sock *sk, unsigned int *size,
					      unsigned int remaining,
					      struct mptcp_out_options *opts)
{
	struct mptcp_subflow_context *subflow = tcp_sk(sk)->subflow;

	if (!subflow->send_mp_fail || remaining < TCPOLEN_MPTCP_FAIL)
		return false;
	*size = TCPOLEN_MPTCP_FAIL;
	opts->suboptions |= OPTION_MPTCP_FAIL;
	opts->fail_seq = subflow->map_seq;
	return true;
}

/**
 * mptcp_established_options - choose the options of a segment
 * @skb: the segment, or NULL for the size alone
 * @size: grows by what they take
 * @remaining: room there is
 *
 * Return: whether there are any.
 */
bool mptcp_established_options(struct sock *sk, struct sk_buff *skb, unsigned int *size,
			       unsigned int remaining, struct mptcp_out_options *opts)
{
	struct mptcp_sock *msk = tcp_sk(sk)->subflow->conn;
	unsigned int opt_size = 0;
	bool ret = false;

	opts->suboptions = 0;
	opts->csum_reqd = 0;
	if (msk->fallback)
		return false;
	if (skb && TCP_SKB_CB(skb)->tcp_flags & TCPHDR_RST) {
		if (mptcp_established_options_reset(sk, &opt_size, remaining, opts))
			*size += opt_size;
		return true;
	}

	if (mptcp_established_options_dss(sk, skb, &opt_size, opts)) {
		unsigned int mp_fail_size;

		ret = true;
		if (skb && mptcp_established_options_mp_fail(sk, &mp_fail_size,
							     remaining - opt_size, opts)) {
			*size += opt_size + mp_fail_size;
			return true;
		}
	}
	if (WARN_ON(opt_size > remaining))
		return false;
	*size += opt_size;
	remaining -= opt_size;
	if (!skb)
		return ret;
	if (mptcp_established_options_add_addr(sk, skb, &opt_size, remaining, opts) ||
	    mptcp_established_options_rm_addr(sk, &opt_size, remaining, opts)) {
		*size += opt_size;
		remaining -= opt_size;
		ret = true;
	}
	if (mptcp_established_options_mp_prio(sk, &opt_size, remaining, opts)) {
		*size += opt_size;
		ret = true;
	}
	return ret;
}

/* ---- Their bytes ---- */

static __be32 *mptcp_write_dss(__be32 *ptr, struct tcp_sock *tp,
			       const struct mptcp_out_options *opts)
{
	const struct mptcp_ext *mpext = &opts->ext_copy;
	struct mptcp_sock *msk = tp->subflow->conn;
	u8 len = TCPOLEN_MPTCP_DSS_BASE, flags = 0;

	if (mpext->use_ack) {
		flags = MPTCP_DSS_HAS_ACK;
		len += mpext->ack64 ? TCPOLEN_MPTCP_DSS_ACK64 : TCPOLEN_MPTCP_DSS_ACK32;
		if (mpext->ack64)
			flags |= MPTCP_DSS_ACK64;
	}
	if (mpext->use_map) {
		len += TCPOLEN_MPTCP_DSS_MAP64;
		flags |= MPTCP_DSS_HAS_MAP | MPTCP_DSS_DSN64;
		if (mpext->data_fin)
			flags |= MPTCP_DSS_DATA_FIN;
	}
	*ptr++ = mptcp_option(MPTCPOPT_DSS, len, 0, flags);
	if (mpext->use_ack && mpext->ack64) {
		put_unaligned_be64(msk->ack_seq, ptr);
		ptr += 2;
	} else if (mpext->use_ack) {
		put_unaligned_be32((u32)msk->ack_seq, ptr);
		ptr += 1;
	}
	if (mpext->use_map) {
		put_unaligned_be64(mpext->data_seq, ptr);
		put_unaligned_be32(mpext->subflow_seq, ptr + 2);
		put_unaligned_be32((u32)mpext->data_len << 16 | TCPOPT_NOP << 8 | TCPOPT_NOP,
				   ptr + 3);
		ptr += 4;
	}
	return ptr;
}

static __be32 *mptcp_write_add_addr(__be32 *ptr, const struct mptcp_out_options *opts)
{
	u8 *p = (u8 *)(ptr + 1), len = TCPOLEN_MPTCP_ADD_ADDR_BASE;

	if (opts->addr.family == AF_INET6)
		len = TCPOLEN_MPTCP_ADD_ADDR6_BASE;
	if (opts->addr.port)
		len += TCPOLEN_MPTCP_PORT_LEN;
	if (opts->ahmac)
		len += 8;
	*ptr = mptcp_option(MPTCPOPT_ADD_ADDR, len, opts->ahmac ? 0 : MPTCP_ADDR_ECHO,
			    opts->addr.id);
	if (opts->addr.family == AF_INET6) {
		memcpy(p, &opts->addr.addr6, 16);
		p += 16;
	} else {
		memcpy(p, &opts->addr.s_addr, 4);
		p += 4;
	}
	if (opts->addr.port) {
		put_unaligned_be16(ntohs(opts->addr.port), p);
		p += 2;
	}
	if (opts->ahmac) {
		put_unaligned_be64(opts->ahmac, p);
		p += 8;
	}
	if (opts->addr.port) {
		put_unaligned_be16(TCPOPT_NOP << 8 | TCPOPT_NOP, p);
		p += 2;
	}
	return (__be32 *)p;
}

static __be32 *mptcp_write_capable(__be32 *ptr, const struct mptcp_out_options *opts)
{
	u8 flag = MPTCP_CAP_HMAC_SHA256;

	if (!opts->allow_join_id0)
		flag |= MPTCP_CAP_DENY_JOIN_ID0;
	*ptr++ = mptcp_option(MPTCPOPT_MP_CAPABLE, TCPOLEN_MPTCP_MPC_SYNACK,
			      MPTCP_SUPPORTED_VERSION, flag);
	put_unaligned_be64(opts->sndr_key, ptr);
	return ptr + 2;
}

static void mptcp_write_rm_addr(__be32 *ptr, const struct mptcp_rm_list *list)
{
	u8 *p = (u8 *)(ptr + 1);
	u8 i;

	*ptr = mptcp_option(MPTCPOPT_RM_ADDR, TCPOLEN_MPTCP_RM_ADDR_BASE + list->nr, 0,
			    list->ids[0]);
	for (i = 1; i < list->nr || (i - 1) % 4; i++)
		*p++ = i < list->nr ? list->ids[i] : TCPOPT_NOP;
}

static __be32 *mptcp_write_fail(__be32 *ptr, struct tcp_sock *tp,
				const struct mptcp_out_options *opts)
{
	tp->subflow->send_mp_fail = false;
	*ptr++ = mptcp_option(MPTCPOPT_MP_FAIL, TCPOLEN_MPTCP_FAIL, 0, 0);
	put_unaligned_be64(opts->fail_seq, ptr);
	return ptr + 2;
}

/**
 * mptcp_write_options - write what mptcp_established_options() chose
 * @ptr: where, in the room it asked for
 */
void mptcp_write_options(struct tcphdr *th, __be32 *ptr, struct tcp_sock *tp,
			 struct mptcp_out_options *opts)
{
	if (opts->suboptions & OPTION_MPTCP_DSS) {
		ptr = mptcp_write_dss(ptr, tp, opts);
		if (opts->suboptions & OPTION_MPTCP_FAIL) {
			mptcp_write_fail(ptr, tp, opts);
			return;
		}
	} else if (opts->suboptions & OPTIONS_MPTCP_MPC) {
		ptr = mptcp_write_capable(ptr, opts);
	} else if (opts->suboptions & OPTION_MPTCP_ADD_ADDR) {
		ptr = mptcp_write_add_addr(ptr, opts);
	} else if (opts->suboptions & OPTION_MPTCP_RST) {
		*ptr = mptcp_option(MPTCPOPT_RST, TCPOLEN_MPTCP_RST, opts->reset_transient,
				    opts->reset_reason);
		return;
	}
	if (opts->suboptions & OPTION_MPTCP_PRIO) {
		tp->subflow->send_mp_prio = false;
		*ptr++ = mptcp_option(MPTCPOPT_MP_PRIO, TCPOLEN_MPTCP_PRIO, opts->backup,
				      TCPOPT_NOP);
	}
	if (opts->suboptions & OPTION_MPTCP_RM_ADDR)
		mptcp_write_rm_addr(ptr, &opts->rm_list);
}
