/* SPDX-License-Identifier: GPL-2.0-only */
/* Registration of link layers that a target may have. */
#ifndef PARSERS_NET_LINK_H
#define PARSERS_NET_LINK_H

#include <linux/skbuff.h>

enum { SNAP_LEN = 5 };

/* llc.c: who takes what LLC and SNAP name, and the steps of a packet's way there. */
int llc_sap_open(u8 lsap, int (*rcv)(struct sk_buff *skb));
int register_snap_client(const u8 desc[SNAP_LEN], u16 protocol);
int llc_pull(struct sk_buff *skb);
bool llc_trim(struct sk_buff *skb, int llc_len);
int llc_deliver(struct sk_buff *skb);

void hsr_init(void);
void llc_input_init(void);
void pppoe_disc_init(void);

#endif /* PARSERS_NET_LINK_H */
