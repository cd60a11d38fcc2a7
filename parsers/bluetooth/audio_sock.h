/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is left of a SCO or ISO socket: a state, a link, data that waits for a reader.
 *
 * One structure for both; the layers above sockets (accept queues, wake-ups, options)
 * are left out: an accepted socket belongs to nobody until it is closed.
 */
#ifndef BLUETOOTH_AUDIO_SOCK_H
#define BLUETOOTH_AUDIO_SOCK_H

#include <linux/kref.h>
#include <linux/list.h>
#include <net/bluetooth/hci_core.h>
#include <net/bluetooth/iso.h>

struct iso_conn;
struct sco_conn;

#define BASE_MAX_LENGTH		(HCI_MAX_PER_AD_LENGTH - 4)


struct audio_sock {
	struct kref kref;
	struct list_head list;		/* all of a protocol */
	u8 state;
	int err;
	bool defer_setup;
	bool zapped;
	bool dead;
	u16 setting;
	bdaddr_t src;
	bdaddr_t dst;
	u8 src_type;
	u8 dst_type;
	void *conn;			/* struct sco_conn or struct iso_conn */
	struct sk_buff_head receive_queue;

	/* ISO alone */
	u16 sync_handle;
	u8 bc_sid;
	u8 bc_num_bis;
	u8 bc_bis[ISO_MAX_NUM_BIS];
	u8 base_len;
	struct bt_iso_qos qos;
	u8 base[BASE_MAX_LENGTH];
};

struct audio_sock *audio_sock_alloc(struct list_head *all);
void audio_sock_hold(struct audio_sock *sk);
void audio_sock_put(struct audio_sock *sk);
/* Off the list, and without its first reference. */
void audio_sock_kill(struct audio_sock *sk);
void audio_sock_queue(struct hci_dev *hdev, struct audio_sock *sk, struct sk_buff *skb);

/* sco.c and iso.c: what applications do */
int sco_sock_listen(struct hci_dev *hdev, bool defer);
int sco_sock_connect(struct hci_dev *hdev, bdaddr_t *dst, u16 setting, u8 codec);
void sco_sock_accept(struct hci_conn *hcon);
void sco_sock_shutdown(struct hci_conn *hcon);
void sco_sock_cleanup(void);
int iso_sock_listen(struct hci_dev *hdev, bool defer, bdaddr_t *dst, u8 dst_type,
		    u8 sid);
int iso_sock_connect_cis(struct hci_dev *hdev, bdaddr_t *dst, u8 dst_type,
			 struct bt_iso_qos *qos);
int iso_sock_connect_bis(struct hci_dev *hdev, struct bt_iso_qos *qos);
void iso_sock_accept(struct hci_conn *hcon);
void iso_sock_shutdown(struct hci_conn *hcon);
void iso_sock_cleanup(void);

int iso_sock_getname(struct hci_conn *hcon, struct sockaddr_iso *sa, bool peer);

#endif /* BLUETOOTH_AUDIO_SOCK_H */
