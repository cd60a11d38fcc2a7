/* SPDX-License-Identifier: GPL-2.0-only */
/* Asking a controller for its codecs: part of power on. */
#ifndef BLUETOOTH_HCI_CODEC_H
#define BLUETOOTH_HCI_CODEC_H

struct hci_dev;

void hci_read_supported_codecs(struct hci_dev *hdev);
void hci_read_supported_codecs_v2(struct hci_dev *hdev);

#endif /* BLUETOOTH_HCI_CODEC_H */
