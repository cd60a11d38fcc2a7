// SPDX-License-Identifier: GPL-2.0-only
/*
 * Command Complete of informational, status and testing commands.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_event.c (hci_cc_read_local_version to
 *	hci_cc_read_local_commands, hci_cc_read_local_features to
 *	hci_cc_read_local_pairing_opts, hci_cc_read_clock, hci_cc_read_rssi,
 *	hci_cc_write_ssp_debug_mode)
 * Spec: Bluetooth Core 5.4 Vol 4 Part E 7.4 to 7.6
 * Differs: nothing but names of steps.
 */
#include "hci_cc.h"
#include "hci_event.h"

/* Facts about the controller are taken once, while it is set up. */
static bool setting_up(struct hci_dev *hdev)
{
	return hci_dev_test_flag(hdev, HCI_SETUP) || hci_dev_test_flag(hdev, HCI_CONFIG);
}

static u8 hci_cc_read_local_version(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_rp_read_local_version *rp = data;

	if (malformed(rp->status))
		return rp->status;

	if (setting_up(hdev)) {
		hdev->hci_ver = rp->hci_ver;
		hdev->hci_rev = __le16_to_cpu(rp->hci_rev);
		hdev->lmp_ver = rp->lmp_ver;
		hdev->manufacturer = __le16_to_cpu(rp->manufacturer);
		hdev->lmp_subver = __le16_to_cpu(rp->lmp_subver);
		evt_u64(hdev, "bthci_evt.hci_vers_nr", hdev->hci_ver);
		evt_u64(hdev, "hci_revision", hdev->hci_rev);
		evt_u64(hdev, "bthci_evt.lmp_vers_nr", hdev->lmp_ver);
		evt_u64(hdev, "bthci_evt.comp_id", hdev->manufacturer);
		evt_u64(hdev, "bthci_evt.lmp_sub_vers_nr", hdev->lmp_subver);
	}

	return rp->status;
}

/* How strong the encryption of a link is; whoever waits for it is told. */
static u8 hci_cc_read_enc_key_size(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_rp_read_enc_key_size *rp = data;
	struct hci_conn *conn;
	u8 status = rp->status;

	hci_dev_lock(hdev);

	conn = hci_ev_conn_handle(hdev, rp->handle);
	if (malformed(!conn)) {
		status = 0xff;
		goto done;
	}

	if (malformed(status)) {
		/* size unknown: as weak as can be, so that the link is given up */
		bt_dev_err(hdev, "no key size for handle %u", conn->handle);
		conn->enc_key_size = 0;
	} else {
		evt_u64(hdev, "bthci_evt.enc_key_size", rp->key_size);
		conn->enc_key_size = rp->key_size;
		status = 0;

		if (malformed(conn->enc_key_size < hdev->min_enc_key_size)) {
			/*
			 * The peer may be quicker than the answer: L2CAP must find a
			 * link that is not encrypted when it asks later.
			 */
			status = HCI_ERROR_AUTH_FAILURE;
			clear_bit(HCI_CONN_ENCRYPT, &conn->flags);
			clear_bit(HCI_CONN_AES_CCM, &conn->flags);
		}
	}

	hci_encrypt_cfm(conn, status);

done:
	hci_dev_unlock(hdev);

	return status;
}

static u8 hci_cc_read_local_commands(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_rp_read_local_commands *rp = data;

	if (malformed(rp->status))
		return rp->status;

	if (setting_up(hdev)) {
		evt_bytes(hdev, "bthci_evt.local_supported_cmds", rp->commands,
			  sizeof(rp->commands));
		memcpy(hdev->commands, rp->commands, sizeof(hdev->commands));
	}

	return rp->status;
}

/* Packet types that the features allow. */
static void adjust_packet_types(struct hci_dev *hdev)
{
	const u8 *features = hdev->features[0];

	if (features[0] & LMP_3SLOT)
		hdev->pkt_type |= (HCI_DM3 | HCI_DH3);

	if (features[0] & LMP_5SLOT)
		hdev->pkt_type |= (HCI_DM5 | HCI_DH5);

	if (features[1] & LMP_HV2) {
		hdev->pkt_type |= HCI_HV2;
		hdev->esco_type |= ESCO_HV2;
	}

	if (features[1] & LMP_HV3) {
		hdev->pkt_type |= HCI_HV3;
		hdev->esco_type |= ESCO_HV3;
	}

	if (lmp_esco_capable(hdev))
		hdev->esco_type |= ESCO_EV3;

	if (features[4] & LMP_EV4)
		hdev->esco_type |= ESCO_EV4;

	if (features[4] & LMP_EV5)
		hdev->esco_type |= ESCO_EV5;

	if (features[5] & LMP_EDR_ESCO_2M)
		hdev->esco_type |= ESCO_2EV3;

	if (features[5] & LMP_EDR_ESCO_3M)
		hdev->esco_type |= ESCO_3EV3;

	if (features[5] & LMP_EDR_3S_ESCO)
		hdev->esco_type |= (ESCO_2EV5 | ESCO_3EV5);
}

static u8 hci_cc_read_local_features(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_rp_read_local_features *rp = data;

	if (malformed(rp->status))
		return rp->status;

	evt_bytes(hdev, "bthci_evt.lmp_features", rp->features, sizeof(rp->features));
	memcpy(hdev->features, rp->features, 8);

	adjust_packet_types(hdev);

	return rp->status;
}

static u8 hci_cc_read_local_ext_features(struct hci_dev *hdev, void *data,
					 struct sk_buff *skb)
{
	struct hci_rp_read_local_ext_features *rp = data;

	if (malformed(rp->status))
		return rp->status;
	evt_u64(hdev, "bthci_evt.page_number", rp->page);
	evt_u64(hdev, "bthci_evt.max_page_number", rp->max_page);

	if (hdev->max_page < rp->max_page) {
		if (test_bit(HCI_QUIRK_BROKEN_LOCAL_EXT_FEATURES_PAGE_2, &hdev->quirks))
			bt_dev_warn(hdev, "broken local ext features page 2");
		else
			hdev->max_page = rp->max_page;
	}

	if (!malformed(rp->page >= HCI_MAX_PAGES)) {
		evt_bytes(hdev, "bthci_evt.lmp_features", rp->features,
			  sizeof(rp->features));
		memcpy(hdev->features[rp->page], rp->features, 8);
	}

	return rp->status;
}

static u8 hci_cc_read_buffer_size(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_rp_read_buffer_size *rp = data;

	if (malformed(rp->status))
		return rp->status;

	hdev->acl_mtu = __le16_to_cpu(rp->acl_mtu);
	hdev->sco_mtu = rp->sco_mtu;
	hdev->acl_pkts = __le16_to_cpu(rp->acl_max_pkt);
	hdev->sco_pkts = __le16_to_cpu(rp->sco_max_pkt);
	evt_u64(hdev, "bthci_evt.max_data_length_acl", hdev->acl_mtu);
	evt_u64(hdev, "bthci_evt.max_data_length_sco", hdev->sco_mtu);
	evt_u64(hdev, "bthci_evt.max_data_num_acl", hdev->acl_pkts);
	evt_u64(hdev, "bthci_evt.max_data_num_sco", hdev->sco_pkts);

	if (test_bit(HCI_QUIRK_FIXUP_BUFFER_SIZE, &hdev->quirks)) {
		hdev->sco_mtu = 64;
		hdev->sco_pkts = 8;
	}

	hdev->acl_cnt = hdev->acl_pkts;
	hdev->sco_cnt = hdev->sco_pkts;

	if (malformed(!hdev->acl_mtu))
		return HCI_ERROR_INVALID_PARAMETERS;
	if (malformed(!hdev->acl_pkts))
		return HCI_ERROR_INVALID_PARAMETERS;

	return rp->status;
}

static u8 hci_cc_read_bd_addr(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_rp_read_bd_addr *rp = data;

	if (malformed(rp->status))
		return rp->status;
	evt_ba(hdev, &rp->bdaddr);

	if (test_bit(HCI_INIT, &hdev->flags))
		bacpy(&hdev->bdaddr, &rp->bdaddr);

	if (hci_dev_test_flag(hdev, HCI_SETUP))
		bacpy(&hdev->setup_addr, &rp->bdaddr);

	return rp->status;
}

static u8 hci_cc_read_local_pairing_opts(struct hci_dev *hdev, void *data,
					 struct sk_buff *skb)
{
	struct hci_rp_read_local_pairing_opts *rp = data;

	if (malformed(rp->status))
		return rp->status;

	if (setting_up(hdev)) {
		hdev->pairing_opts = rp->pairing_opts;
		hdev->max_enc_key_size = rp->max_key_size;
		evt_u64(hdev, "bthci_evt.simple_pairing_options", hdev->pairing_opts);
		evt_u64(hdev, "bthci_evt.max_encryption_key_size", hdev->max_enc_key_size);
	}

	return rp->status;
}

static u8 hci_cc_read_clock(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_rp_read_clock *rp = data;
	struct hci_cp_read_clock *cp;
	struct hci_conn *conn;

	if (malformed(rp->status))
		return rp->status;

	hci_dev_lock(hdev);

	cp = hci_sent_cmd_data(hdev, HCI_OP_READ_CLOCK);
	if (malformed(!cp))
		goto unlock;
	evt_u64(hdev, "bthci_evt.clock", le32_to_cpu(rp->clock));

	if (cp->which == 0x00) {
		hdev->clock = le32_to_cpu(rp->clock);
		goto unlock;
	}

	conn = hci_ev_conn_handle(hdev, rp->handle);
	if (!malformed(!conn)) {
		conn->clock = le32_to_cpu(rp->clock);
		conn->clock_accuracy = le16_to_cpu(rp->accuracy);
		evt_u64(hdev, "bthci_evt.clock_accuracy", conn->clock_accuracy);
	}

unlock:
	hci_dev_unlock(hdev);
	return rp->status;
}

static u8 hci_cc_read_rssi(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_rp_read_rssi *rp = data;
	struct hci_conn *conn;

	if (malformed(rp->status))
		return rp->status;

	hci_dev_lock(hdev);

	conn = hci_ev_conn_handle(hdev, rp->handle);
	if (!malformed(!conn)) {
		conn->rssi = rp->rssi;
		evt_u64(hdev, "bthci_evt.rssi", (u8)conn->rssi);
	}

	hci_dev_unlock(hdev);

	return rp->status;
}

static u8 hci_cc_write_ssp_debug_mode(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;
	u8 *mode;

	if (malformed(rp->status))
		return rp->status;

	mode = hci_sent_cmd_data(hdev, HCI_OP_WRITE_SSP_DEBUG_MODE);
	if (!malformed(!mode))
		hdev->ssp_debug_mode = *mode;

	return rp->status;
}

const struct hci_cc hci_cc_info_table[] = {
	HCI_CC_RP(HCI_OP_READ_LOCAL_VERSION, hci_cc_read_local_version,
		  hci_rp_read_local_version),
	HCI_CC_RP(HCI_OP_READ_LOCAL_COMMANDS, hci_cc_read_local_commands,
		  hci_rp_read_local_commands),
	HCI_CC_RP(HCI_OP_READ_LOCAL_FEATURES, hci_cc_read_local_features,
		  hci_rp_read_local_features),
	HCI_CC_RP(HCI_OP_READ_LOCAL_EXT_FEATURES, hci_cc_read_local_ext_features,
		  hci_rp_read_local_ext_features),
	HCI_CC_RP(HCI_OP_READ_BUFFER_SIZE, hci_cc_read_buffer_size,
		  hci_rp_read_buffer_size),
	HCI_CC_RP(HCI_OP_READ_BD_ADDR, hci_cc_read_bd_addr, hci_rp_read_bd_addr),
	HCI_CC_RP(HCI_OP_READ_LOCAL_PAIRING_OPTS, hci_cc_read_local_pairing_opts,
		  hci_rp_read_local_pairing_opts),
	HCI_CC_RP(HCI_OP_READ_CLOCK, hci_cc_read_clock, hci_rp_read_clock),
	HCI_CC_RP(HCI_OP_READ_ENC_KEY_SIZE, hci_cc_read_enc_key_size,
		  hci_rp_read_enc_key_size),
	HCI_CC_RP(HCI_OP_READ_RSSI, hci_cc_read_rssi, hci_rp_read_rssi),
	HCI_CC_STATUS(HCI_OP_WRITE_SSP_DEBUG_MODE, hci_cc_write_ssp_debug_mode),
};

const size_t hci_cc_info_count = ARRAY_SIZE(hci_cc_info_table);
