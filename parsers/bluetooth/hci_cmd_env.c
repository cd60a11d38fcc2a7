// SPDX-License-Identifier: GPL-2.0-only
/*
 * The environment's idea of a command that the local side issues: no parser.
 *
 * Modelled on: nothing; Linux builds its commands from the structures, so that the
 *	handlers of an answer may rely on what was sent
 * Spec: Bluetooth Core 5.4 Vol 4 Part E 7
 * Differs: -
 */
#include <linux/minmax.h>
#include <net/bluetooth/hci_core.h>
#include <redzone/bt_cmd.h>

/* Commands whose parameters are looked at when they are answered. */
static const struct {
	u16 opcode;
	u8 size;
} commands[] = {
	{ HCI_OP_INQUIRY, sizeof(struct hci_cp_inquiry) },
	{ HCI_OP_CREATE_CONN, sizeof(struct hci_cp_create_conn) },
	{ HCI_OP_DISCONNECT, sizeof(struct hci_cp_disconnect) },
	{ HCI_OP_ADD_SCO, sizeof(struct hci_cp_add_sco) },
	{ HCI_OP_ACCEPT_CONN_REQ, sizeof(struct hci_cp_accept_conn_req) },
	{ HCI_OP_PIN_CODE_REPLY, sizeof(struct hci_cp_pin_code_reply) },
	{ HCI_OP_AUTH_REQUESTED, sizeof(struct hci_cp_auth_requested) },
	{ HCI_OP_SET_CONN_ENCRYPT, sizeof(struct hci_cp_set_conn_encrypt) },
	{ HCI_OP_REMOTE_NAME_REQ, sizeof(struct hci_cp_remote_name_req) },
	{ HCI_OP_READ_REMOTE_FEATURES, sizeof(struct hci_cp_read_remote_features) },
	{ HCI_OP_READ_REMOTE_EXT_FEATURES, sizeof(struct hci_cp_read_remote_ext_features) },
	{ HCI_OP_SETUP_SYNC_CONN, sizeof(struct hci_cp_setup_sync_conn) },
	{ HCI_OP_ENHANCED_SETUP_SYNC_CONN, sizeof(struct hci_cp_enhanced_setup_sync_conn) },
	{ HCI_OP_SNIFF_MODE, sizeof(struct hci_cp_sniff_mode) },
	{ HCI_OP_EXIT_SNIFF_MODE, sizeof(struct hci_cp_exit_sniff_mode) },
	{ HCI_OP_SWITCH_ROLE, sizeof(struct hci_cp_switch_role) },
	{ HCI_OP_WRITE_LINK_POLICY, sizeof(struct hci_cp_write_link_policy) },
	{ HCI_OP_WRITE_DEF_LINK_POLICY, sizeof(struct hci_cp_write_def_link_policy) },
	{ HCI_OP_SET_EVENT_FLT, 1 },
	{ HCI_OP_READ_STORED_LINK_KEY, sizeof(struct hci_cp_read_stored_link_key) },
	{ HCI_OP_WRITE_LOCAL_NAME, sizeof(struct hci_cp_write_local_name) },
	{ HCI_OP_WRITE_SCAN_ENABLE, 1 },
	{ HCI_OP_WRITE_PAGE_SCAN_ACTIVITY, sizeof(struct hci_cp_write_page_scan_activity) },
	{ HCI_OP_WRITE_AUTH_ENABLE, 1 },
	{ HCI_OP_WRITE_ENCRYPT_MODE, 1 },
	{ HCI_OP_WRITE_CLASS_OF_DEV, sizeof(struct hci_cp_write_class_of_dev) },
	{ HCI_OP_WRITE_VOICE_SETTING, sizeof(struct hci_cp_write_voice_setting) },
	{ HCI_OP_READ_TX_POWER, sizeof(struct hci_cp_read_tx_power) },
	{ HCI_OP_WRITE_PAGE_SCAN_TYPE, 1 },
	{ HCI_OP_WRITE_SSP_MODE, sizeof(struct hci_cp_write_ssp_mode) },
	{ HCI_OP_WRITE_DEF_ERR_DATA_REPORTING,
	  sizeof(struct hci_cp_write_def_err_data_reporting) },
	{ HCI_OP_WRITE_LE_HOST_SUPPORTED, sizeof(struct hci_cp_write_le_host_supported) },
	{ HCI_OP_WRITE_SC_SUPPORT, sizeof(struct hci_cp_write_sc_support) },
	{ HCI_OP_WRITE_AUTH_PAYLOAD_TO, sizeof(struct hci_cp_write_auth_payload_to) },
	{ HCI_OP_READ_CLOCK, sizeof(struct hci_cp_read_clock) },
	{ HCI_OP_WRITE_SSP_DEBUG_MODE, 1 },
	{ HCI_OP_LE_SET_RANDOM_ADDR, sizeof(bdaddr_t) },
	{ HCI_OP_LE_SET_ADV_PARAM, sizeof(struct hci_cp_le_set_adv_param) },
	{ HCI_OP_LE_SET_ADV_ENABLE, 1 },
	{ HCI_OP_LE_SET_SCAN_PARAM, sizeof(struct hci_cp_le_set_scan_param) },
	{ HCI_OP_LE_SET_SCAN_ENABLE, sizeof(struct hci_cp_le_set_scan_enable) },
	{ HCI_OP_LE_CREATE_CONN, sizeof(struct hci_cp_le_create_conn) },
	{ HCI_OP_LE_ADD_TO_ACCEPT_LIST, sizeof(struct hci_cp_le_add_to_accept_list) },
	{ HCI_OP_LE_DEL_FROM_ACCEPT_LIST, sizeof(struct hci_cp_le_del_from_accept_list) },
	{ HCI_OP_LE_READ_REMOTE_FEATURES, sizeof(struct hci_cp_le_read_remote_features) },
	{ HCI_OP_LE_START_ENC, sizeof(struct hci_cp_le_start_enc) },
	{ HCI_OP_LE_WRITE_DEF_DATA_LEN, sizeof(struct hci_cp_le_write_def_data_len) },
	{ HCI_OP_LE_ADD_TO_RESOLV_LIST, sizeof(struct hci_cp_le_add_to_resolv_list) },
	{ HCI_OP_LE_DEL_FROM_RESOLV_LIST, sizeof(struct hci_cp_le_del_from_resolv_list) },
	{ HCI_OP_LE_SET_ADDR_RESOLV_ENABLE, 1 },
	{ HCI_OP_LE_SET_DEFAULT_PHY, sizeof(struct hci_cp_le_set_default_phy) },
	{ HCI_OP_LE_SET_ADV_SET_RAND_ADDR, sizeof(struct hci_cp_le_set_adv_set_rand_addr) },
	{ HCI_OP_LE_SET_EXT_ADV_ENABLE, sizeof(struct hci_cp_le_set_ext_adv_enable) +
	  sizeof(struct hci_cp_ext_adv_set) },
	{ HCI_OP_LE_REMOVE_ADV_SET, 1 },
	{ HCI_OP_LE_SET_PER_ADV_ENABLE, 1 },
	{ HCI_OP_LE_SET_EXT_SCAN_PARAMS, sizeof(struct hci_cp_le_set_ext_scan_params) +
	  sizeof(struct hci_cp_le_scan_phy_params) },
	{ HCI_OP_LE_SET_EXT_SCAN_ENABLE, sizeof(struct hci_cp_le_set_ext_scan_enable) },
	{ HCI_OP_LE_EXT_CREATE_CONN, sizeof(struct hci_cp_le_ext_create_conn) },
	{ HCI_OP_LE_SET_PRIVACY_MODE, sizeof(struct hci_cp_le_set_privacy_mode) },
	{ HCI_OP_LE_SET_CIG_PARAMS, sizeof(struct hci_cp_le_set_cig_params) },
	{ HCI_OP_LE_CREATE_CIS, sizeof(struct hci_cp_le_create_cis) },
	{ HCI_OP_LE_SETUP_ISO_PATH, sizeof(struct hci_cp_le_setup_iso_path) },
};

static u8 command_size(u16 opcode)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		if (commands[i].opcode == opcode)
			return commands[i].size;
	}
	return 0;
}

/* A count in the parameters says no more than what follows. */
static void limit_count(u8 *count, size_t room, size_t size)
{
	*count = (u8)min_t(size_t, *count, room / size);
}

u8 redzone_bt_cmd_complete(u16 opcode, u8 *params, u8 len)
{
	u8 size = max(len, command_size(opcode));

	memset(params + len, 0, (size_t)(size - len));

	if (opcode == HCI_OP_LE_SET_CIG_PARAMS) {
		struct hci_cp_le_set_cig_params *cp = (void *)params;

		limit_count(&cp->num_cis, size - sizeof(*cp), sizeof(cp->cis[0]));
	} else if (opcode == HCI_OP_LE_CREATE_CIS) {
		struct hci_cp_le_create_cis *cp = (void *)params;

		limit_count(&cp->num_cis, size - sizeof(*cp), sizeof(cp->cis[0]));
	}
	return size;
}
