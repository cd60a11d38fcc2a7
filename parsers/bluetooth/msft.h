/* SPDX-License-Identifier: GPL-2.0-only */
/* Microsoft's vendor extension: the controller watches advertisers for the host. */
#ifndef PARSERS_BLUETOOTH_MSFT_H
#define PARSERS_BLUETOOTH_MSFT_H

#include <linux/types.h>

struct hci_dev;

#define MSFT_FEATURE_MASK_BREDR_RSSI_MONITOR		BIT(0)
#define MSFT_FEATURE_MASK_LE_CONN_RSSI_MONITOR		BIT(1)
#define MSFT_FEATURE_MASK_LE_ADV_RSSI_MONITOR		BIT(2)
#define MSFT_FEATURE_MASK_LE_ADV_MONITOR		BIT(3)
#define MSFT_FEATURE_MASK_CURVE_VALIDITY		BIT(4)
#define MSFT_FEATURE_MASK_CONCURRENT_ADV_MONITOR	BIT(5)

/* A driver gives the extension the opcode that its controller has it under. */
void msft_register(struct hci_dev *hdev, u16 opcode);
void msft_release(struct hci_dev *hdev);

/* Ask the controller what it can; what follows may be forgotten until it is closed. */
void msft_do_open(struct hci_dev *hdev);
void msft_do_close(struct hci_dev *hdev);

__u64 msft_get_features(struct hci_dev *hdev);

/*
 * Watch for advertisers with @len bytes of data type @ad_type, @pattern, and call the
 * watch @handle. Return: 0, HCI status, or negative errno.
 */
int msft_add_monitor_pattern(struct hci_dev *hdev, u16 handle, u8 ad_type,
			     const u8 *pattern, u8 len);
int msft_remove_monitor(struct hci_dev *hdev, u16 handle);

#endif /* PARSERS_BLUETOOTH_MSFT_H */
