// SPDX-License-Identifier: GPL-2.0-only
/*
 * One user of L2CAP connections, as HID and CMTP are: environment.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hidp/core.c (hidp_session_probe,
 *	hidp_session_remove) as far as the life of a connection depends on it
 * Spec: none
 * Differs: it does nothing with the connection but hold it
 */
#include <net/bluetooth/bluetooth.h>
#include <net/bluetooth/hci_core.h>
#include <net/bluetooth/l2cap.h>
#include <redzone/sink.h>

#include "l2cap_priv.h"

static struct l2cap_conn *user_conn;

static int l2cap_test_probe(struct l2cap_conn *conn, struct l2cap_user *user)
{
	sink_effect_u64(conn->hcon->hdev->sink, "l2cap.user", 1);
	user_conn = l2cap_conn_get(conn);
	return 0;
}

static void l2cap_test_remove(struct l2cap_conn *conn, struct l2cap_user *user)
{
	sink_effect_u64(conn->hcon->hdev->sink, "l2cap.user", 0);
	user_conn = NULL;
	l2cap_conn_put(conn);
}

static struct l2cap_user test_user = {
	.list	= LIST_HEAD_INIT(test_user.list),
	.probe	= l2cap_test_probe,
	.remove	= l2cap_test_remove,
};

/* Register the user with the connection of a link, or take it back. */
void l2cap_test_user(struct hci_conn *hcon, bool on)
{
	if (on && hcon && hcon->l2cap_data)
		l2cap_register_user(hcon->l2cap_data, &test_user);
	else if (!on && user_conn)
		l2cap_unregister_user(user_conn, &test_user);
}
