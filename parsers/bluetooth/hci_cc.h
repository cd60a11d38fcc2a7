/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to the HCI event code: the rows of the Command Complete table. Upstream's
 * table is one; here each file that holds handlers has its share of it.
 */
#ifndef PARSERS_BLUETOOTH_HCI_CC_H
#define PARSERS_BLUETOOTH_HCI_CC_H

#include <net/bluetooth/hci_core.h>

/* What the controller returns for one command. */
struct hci_cc {
	u16 op;
	u8 (*func)(struct hci_dev *hdev, void *data, struct sk_buff *skb);
	u16 min_len;
	u16 max_len;
};

#define HCI_CC_VL(_op, _func, _min, _max)	\
{						\
	.op = _op,				\
	.func = _func,				\
	.min_len = _min,			\
	.max_len = _max,			\
}

#define HCI_CC(_op, _func, _len)	HCI_CC_VL(_op, _func, _len, _len)

/* Return parameters of one size, which their structure says. */
#define HCI_CC_RP(_op, _func, _rp)	HCI_CC(_op, _func, sizeof(struct _rp))

#define HCI_CC_STATUS(_op, _func)	\
	HCI_CC(_op, _func, sizeof(struct hci_ev_status))

extern const struct hci_cc hci_cc_link_table[];		/* hci_cc_link.c */
extern const size_t hci_cc_link_count;
extern const struct hci_cc hci_cc_baseband_table[];	/* hci_cc_baseband.c */
extern const size_t hci_cc_baseband_count;
extern const struct hci_cc hci_cc_info_table[];		/* hci_cc_info.c */
extern const size_t hci_cc_info_count;
extern const struct hci_cc hci_cc_le_table[];		/* hci_cc_le.c */
extern const size_t hci_cc_le_count;
extern const struct hci_cc hci_cc_le_adv_table[];	/* hci_cc_le_adv.c */
extern const size_t hci_cc_le_adv_count;
extern const struct hci_cc hci_cc_iso_table[];		/* hci_cc_iso.c */
extern const size_t hci_cc_iso_count;

#endif /* PARSERS_BLUETOOTH_HCI_CC_H */
