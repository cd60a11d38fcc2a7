/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Part of <net/bluetooth/hci.h>: what the controller reports. Faithful: codes and
 * layouts of the Bluetooth Core Specification, Vol 4 Part E 7.7, under the names of
 * Linux 6.1 (which packs only where its compiler would pad, and so do we).
 */
#ifndef __BLUETOOTH_HCI_EV_H
#define __BLUETOOTH_HCI_EV_H

/* Event codes */
#define HCI_EV_INQUIRY_COMPLETE			0x01
#define HCI_EV_INQUIRY_RESULT			0x02
#define HCI_EV_CONN_COMPLETE			0x03
#define HCI_EV_CONN_REQUEST			0x04
#define HCI_EV_DISCONN_COMPLETE			0x05
#define HCI_EV_AUTH_COMPLETE			0x06
#define HCI_EV_REMOTE_NAME			0x07
#define HCI_EV_ENCRYPT_CHANGE			0x08
#define HCI_EV_CHANGE_LINK_KEY_COMPLETE		0x09
#define HCI_EV_REMOTE_FEATURES			0x0b
#define HCI_EV_REMOTE_VERSION			0x0c
#define HCI_EV_QOS_SETUP_COMPLETE		0x0d
#define HCI_EV_CMD_COMPLETE			0x0e
#define HCI_EV_CMD_STATUS			0x0f
#define HCI_EV_HARDWARE_ERROR			0x10
#define HCI_EV_ROLE_CHANGE			0x12
#define HCI_EV_NUM_COMP_PKTS			0x13
#define HCI_EV_MODE_CHANGE			0x14
#define HCI_EV_PIN_CODE_REQ			0x16
#define HCI_EV_LINK_KEY_REQ			0x17
#define HCI_EV_LINK_KEY_NOTIFY			0x18
#define HCI_EV_CLOCK_OFFSET			0x1c
#define HCI_EV_PKT_TYPE_CHANGE			0x1d
#define HCI_EV_PSCAN_REP_MODE			0x20
#define HCI_EV_INQUIRY_RESULT_WITH_RSSI		0x22
#define HCI_EV_REMOTE_EXT_FEATURES		0x23
#define HCI_EV_SYNC_CONN_COMPLETE		0x2c
#define HCI_EV_SYNC_CONN_CHANGED		0x2d
#define HCI_EV_SNIFF_SUBRATE			0x2e
#define HCI_EV_EXTENDED_INQUIRY_RESULT		0x2f
#define HCI_EV_KEY_REFRESH_COMPLETE		0x30
#define HCI_EV_IO_CAPA_REQUEST			0x31
#define HCI_EV_IO_CAPA_REPLY			0x32
#define HCI_EV_USER_CONFIRM_REQUEST		0x33
#define HCI_EV_USER_PASSKEY_REQUEST		0x34
#define HCI_EV_REMOTE_OOB_DATA_REQUEST		0x35
#define HCI_EV_SIMPLE_PAIR_COMPLETE		0x36
#define HCI_EV_USER_PASSKEY_NOTIFY		0x3b
#define HCI_EV_KEYPRESS_NOTIFY			0x3c
#define HCI_EV_REMOTE_HOST_FEATURES		0x3d
#define HCI_EV_LE_META				0x3e
#define HCI_EV_PHY_LINK_COMPLETE		0x40
#define HCI_EV_CHANNEL_SELECTED			0x41
#define HCI_EV_DISCONN_PHY_LINK_COMPLETE	0x42
#define HCI_EV_LOGICAL_LINK_COMPLETE		0x45
#define HCI_EV_DISCONN_LOGICAL_LINK_COMPLETE	0x46
#define HCI_EV_NUM_COMP_BLOCKS			0x48
#define HCI_EV_SYNC_TRAIN_COMPLETE		0x4f
#define HCI_EV_PERIPHERAL_PAGE_RESP_TIMEOUT	0x54
#define HCI_EV_STACK_INTERNAL			0xfd
#define HCI_EV_VENDOR				0xff

/* Subevents of HCI_EV_LE_META */
#define HCI_EV_LE_CONN_COMPLETE			0x01
#define HCI_EV_LE_ADVERTISING_REPORT		0x02
#define HCI_EV_LE_CONN_UPDATE_COMPLETE		0x03
#define HCI_EV_LE_REMOTE_FEAT_COMPLETE		0x04
#define HCI_EV_LE_LTK_REQ			0x05
#define HCI_EV_LE_REMOTE_CONN_PARAM_REQ		0x06
#define HCI_EV_LE_DATA_LEN_CHANGE		0x07
#define HCI_EV_LE_ENHANCED_CONN_COMPLETE	0x0a
#define HCI_EV_LE_DIRECT_ADV_REPORT		0x0b
#define HCI_EV_LE_PHY_UPDATE_COMPLETE		0x0c
#define HCI_EV_LE_EXT_ADV_REPORT		0x0d
#define HCI_EV_LE_PA_SYNC_ESTABLISHED		0x0e
#define HCI_EV_LE_PER_ADV_REPORT		0x0f
#define HCI_EV_LE_EXT_ADV_SET_TERM		0x12
#define HCI_EVT_LE_CIS_ESTABLISHED		0x19
#define HCI_EVT_LE_CIS_REQ			0x1a
#define HCI_EVT_LE_CREATE_BIG_COMPLETE		0x1b
#define HCI_EVT_LE_BIG_SYNC_ESTABILISHED	0x1d
#define HCI_EVT_LE_BIG_INFO_ADV_REPORT		0x22

/* Values of single parameters */
#define HCI_KEYPRESS_STARTED		0
#define HCI_KEYPRESS_ENTERED		1
#define HCI_KEYPRESS_ERASED		2
#define HCI_KEYPRESS_CLEARED		3
#define HCI_KEYPRESS_COMPLETED		4
#define LE_ADV_IND			0x00
#define LE_ADV_DIRECT_IND		0x01
#define LE_ADV_SCAN_IND			0x02
#define LE_ADV_NONCONN_IND		0x03
#define LE_ADV_SCAN_RSP			0x04
#define LE_ADV_INVALID			0x05
#define LE_LEGACY_ADV_IND		0x0013
#define LE_LEGACY_ADV_DIRECT_IND	0x0015
#define LE_LEGACY_ADV_SCAN_IND		0x0012
#define LE_LEGACY_NONCONN_IND		0x0010
#define LE_LEGACY_SCAN_RSP_ADV		0x001b
#define LE_LEGACY_SCAN_RSP_ADV_SCAN	0x001a
#define LE_EXT_ADV_NON_CONN_IND		0x0000
#define LE_EXT_ADV_CONN_IND		0x0001
#define LE_EXT_ADV_SCAN_IND		0x0002
#define LE_EXT_ADV_DIRECT_IND		0x0004
#define LE_EXT_ADV_SCAN_RSP		0x0008
#define LE_EXT_ADV_LEGACY_PDU		0x0010
#define ADDR_LE_DEV_PUBLIC		0x00
#define ADDR_LE_DEV_RANDOM		0x01
#define ADDR_LE_DEV_PUBLIC_RESOLVED	0x02
#define ADDR_LE_DEV_RANDOM_RESOLVED	0x03

struct hci_ev_status {
	u8 status;
} __packed;

struct inquiry_info {
	bdaddr_t bdaddr;
	u8 pscan_rep_mode;
	u8 pscan_period_mode;
	u8 pscan_mode;
	u8 dev_class[3];
	__le16 clock_offset;
} __packed;

struct hci_ev_inquiry_result {
	u8 num;
	struct inquiry_info info[];
};

struct hci_ev_conn_complete {
	u8 status;
	__le16 handle;
	bdaddr_t bdaddr;
	u8 link_type;
	u8 encr_mode;
} __packed;

struct hci_ev_conn_request {
	bdaddr_t bdaddr;
	u8 dev_class[3];
	u8 link_type;
} __packed;

struct hci_ev_disconn_complete {
	u8 status;
	__le16 handle;
	u8 reason;
} __packed;

struct hci_ev_auth_complete {
	u8 status;
	__le16 handle;
} __packed;

struct hci_ev_remote_name {
	u8 status;
	bdaddr_t bdaddr;
	u8 name[HCI_MAX_NAME_LENGTH];
} __packed;

struct hci_ev_encrypt_change {
	u8 status;
	__le16 handle;
	u8 encrypt;
} __packed;

struct hci_ev_change_link_key_complete {
	u8 status;
	__le16 handle;
} __packed;

struct hci_ev_remote_features {
	u8 status;
	__le16 handle;
	u8 features[8];
} __packed;

struct hci_ev_remote_version {
	u8 status;
	__le16 handle;
	u8 lmp_ver;
	__le16 manufacturer;
	__le16 lmp_subver;
} __packed;

struct hci_qos {
	u8 service_type;
	u32 token_rate;
	u32 peak_bandwidth;
	u32 latency;
	u32 delay_variation;
} __packed;

struct hci_ev_qos_setup_complete {
	u8 status;
	__le16 handle;
	struct hci_qos qos;
} __packed;

struct hci_ev_cmd_complete {
	u8 ncmd;
	__le16 opcode;
} __packed;

struct hci_ev_cmd_status {
	u8 status;
	u8 ncmd;
	__le16 opcode;
} __packed;

struct hci_ev_hardware_error {
	u8 code;
} __packed;

struct hci_ev_role_change {
	u8 status;
	bdaddr_t bdaddr;
	u8 role;
} __packed;

struct hci_comp_pkts_info {
	__le16 handle;
	__le16 count;
} __packed;

struct hci_ev_num_comp_pkts {
	u8 num;
	struct hci_comp_pkts_info handles[];
} __packed;

struct hci_ev_mode_change {
	u8 status;
	__le16 handle;
	u8 mode;
	__le16 interval;
} __packed;

struct hci_ev_pin_code_req {
	bdaddr_t bdaddr;
} __packed;

struct hci_ev_link_key_req {
	bdaddr_t bdaddr;
} __packed;

struct hci_ev_link_key_notify {
	bdaddr_t bdaddr;
	u8 link_key[HCI_LINK_KEY_SIZE];
	u8 key_type;
} __packed;

struct hci_ev_clock_offset {
	u8 status;
	__le16 handle;
	__le16 clock_offset;
} __packed;

struct hci_ev_pkt_type_change {
	u8 status;
	__le16 handle;
	__le16 pkt_type;
} __packed;

struct hci_ev_pscan_rep_mode {
	bdaddr_t bdaddr;
	u8 pscan_rep_mode;
} __packed;

struct inquiry_info_rssi {
	bdaddr_t bdaddr;
	u8 pscan_rep_mode;
	u8 pscan_period_mode;
	u8 dev_class[3];
	__le16 clock_offset;
	s8 rssi;
} __packed;

struct inquiry_info_rssi_pscan {
	bdaddr_t bdaddr;
	u8 pscan_rep_mode;
	u8 pscan_period_mode;
	u8 pscan_mode;
	u8 dev_class[3];
	__le16 clock_offset;
	s8 rssi;
} __packed;

struct hci_ev_inquiry_result_rssi {
	u8 num;
	u8 data[];
} __packed;

struct hci_ev_remote_ext_features {
	u8 status;
	__le16 handle;
	u8 page;
	u8 max_page;
	u8 features[8];
} __packed;

struct hci_ev_sync_conn_complete {
	u8 status;
	__le16 handle;
	bdaddr_t bdaddr;
	u8 link_type;
	u8 tx_interval;
	u8 retrans_window;
	__le16 rx_pkt_len;
	__le16 tx_pkt_len;
	u8 air_mode;
} __packed;

struct hci_ev_sync_conn_changed {
	u8 status;
	__le16 handle;
	u8 tx_interval;
	u8 retrans_window;
	__le16 rx_pkt_len;
	__le16 tx_pkt_len;
} __packed;

struct hci_ev_sniff_subrate {
	u8 status;
	__le16 handle;
	__le16 max_tx_latency;
	__le16 max_rx_latency;
	__le16 max_remote_timeout;
	__le16 max_local_timeout;
} __packed;

struct extended_inquiry_info {
	bdaddr_t bdaddr;
	u8 pscan_rep_mode;
	u8 pscan_period_mode;
	u8 dev_class[3];
	__le16 clock_offset;
	s8 rssi;
	u8 data[240];
} __packed;

struct hci_ev_ext_inquiry_result {
	u8 num;
	struct extended_inquiry_info info[];
} __packed;

struct hci_ev_key_refresh_complete {
	u8 status;
	__le16 handle;
} __packed;

struct hci_ev_io_capa_request {
	bdaddr_t bdaddr;
} __packed;

struct hci_ev_io_capa_reply {
	bdaddr_t bdaddr;
	u8 capability;
	u8 oob_data;
	u8 authentication;
} __packed;

struct hci_ev_user_confirm_req {
	bdaddr_t bdaddr;
	__le32 passkey;
} __packed;

struct hci_ev_user_passkey_req {
	bdaddr_t bdaddr;
} __packed;

struct hci_ev_remote_oob_data_request {
	bdaddr_t bdaddr;
} __packed;

struct hci_ev_simple_pair_complete {
	u8 status;
	bdaddr_t bdaddr;
} __packed;

struct hci_ev_user_passkey_notify {
	bdaddr_t bdaddr;
	__le32 passkey;
} __packed;

struct hci_ev_keypress_notify {
	bdaddr_t bdaddr;
	u8 type;
} __packed;

struct hci_ev_remote_host_features {
	bdaddr_t bdaddr;
	u8 features[8];
} __packed;

struct hci_ev_le_meta {
	u8 subevent;
} __packed;

struct hci_ev_phy_link_complete {
	u8 status;
	u8 phy_handle;
} __packed;

struct hci_ev_channel_selected {
	u8 phy_handle;
} __packed;

struct hci_ev_disconn_phy_link_complete {
	u8 status;
	u8 phy_handle;
	u8 reason;
} __packed;

struct hci_ev_logical_link_complete {
	u8 status;
	__le16 handle;
	u8 phy_handle;
	u8 flow_spec_id;
} __packed;

struct hci_ev_disconn_logical_link_complete {
	u8 status;
	__le16 handle;
	u8 reason;
} __packed;

struct hci_comp_blocks_info {
	__le16 handle;
	__le16 pkts;
	__le16 blocks;
} __packed;

struct hci_ev_num_comp_blocks {
	__le16 num_blocks;
	u8 num_hndl;
	struct hci_comp_blocks_info handles[];
} __packed;

struct hci_ev_sync_train_complete {
	u8 status;
} __packed;

/* LE meta events */
struct hci_ev_le_conn_complete {
	u8 status;
	__le16 handle;
	u8 role;
	u8 bdaddr_type;
	bdaddr_t bdaddr;
	__le16 interval;
	__le16 latency;
	__le16 supervision_timeout;
	u8 clk_accurancy;
} __packed;

struct hci_ev_le_advertising_info {
	u8 type;
	u8 bdaddr_type;
	bdaddr_t bdaddr;
	u8 length;
	u8 data[];
} __packed;

struct hci_ev_le_advertising_report {
	u8 num;
	struct hci_ev_le_advertising_info info[];
} __packed;

struct hci_ev_le_conn_update_complete {
	u8 status;
	__le16 handle;
	__le16 interval;
	__le16 latency;
	__le16 supervision_timeout;
} __packed;

struct hci_ev_le_remote_feat_complete {
	u8 status;
	__le16 handle;
	u8 features[8];
} __packed;

struct hci_ev_le_ltk_req {
	__le16 handle;
	__le64 rand;
	__le16 ediv;
} __packed;

struct hci_ev_le_remote_conn_param_req {
	__le16 handle;
	__le16 interval_min;
	__le16 interval_max;
	__le16 latency;
	__le16 timeout;
} __packed;

struct hci_ev_le_data_len_change {
	__le16 handle;
	__le16 tx_len;
	__le16 tx_time;
	__le16 rx_len;
	__le16 rx_time;
} __packed;

struct hci_ev_le_direct_adv_info {
	u8 type;
	u8 bdaddr_type;
	bdaddr_t bdaddr;
	u8 direct_addr_type;
	bdaddr_t direct_addr;
	s8 rssi;
} __packed;

struct hci_ev_le_direct_adv_report {
	u8 num;
	struct hci_ev_le_direct_adv_info info[];
} __packed;

struct hci_ev_le_phy_update_complete {
	u8 status;
	__le16 handle;
	u8 tx_phy;
	u8 rx_phy;
} __packed;

struct hci_ev_le_ext_adv_info {
	__le16 type;
	u8 bdaddr_type;
	bdaddr_t bdaddr;
	u8 primary_phy;
	u8 secondary_phy;
	u8 sid;
	u8 tx_power;
	s8 rssi;
	__le16 interval;
	u8 direct_addr_type;
	bdaddr_t direct_addr;
	u8 length;
	u8 data[];
} __packed;

struct hci_ev_le_ext_adv_report {
	u8 num;
	struct hci_ev_le_ext_adv_info info[];
} __packed;

struct hci_ev_le_pa_sync_established {
	u8 status;
	__le16 handle;
	u8 sid;
	u8 bdaddr_type;
	bdaddr_t bdaddr;
	u8 phy;
	__le16 interval;
	u8 clock_accuracy;
} __packed;

struct hci_ev_le_enh_conn_complete {
	u8 status;
	__le16 handle;
	u8 role;
	u8 bdaddr_type;
	bdaddr_t bdaddr;
	bdaddr_t local_rpa;
	bdaddr_t peer_rpa;
	__le16 interval;
	__le16 latency;
	__le16 supervision_timeout;
	u8 clk_accurancy;
} __packed;

struct hci_ev_le_per_adv_report {
	__le16 sync_handle;
	u8 tx_power;
	u8 rssi;
	u8 cte_type;
	u8 data_status;
	u8 length;
	u8 data[];
} __packed;

struct hci_evt_le_ext_adv_set_term {
	u8 status;
	u8 handle;
	__le16 conn_handle;
	u8 num_evts;
} __packed;

struct hci_evt_le_cis_established {
	u8 status;
	__le16 handle;
	u8 cig_sync_delay[3];
	u8 cis_sync_delay[3];
	u8 c_latency[3];
	u8 p_latency[3];
	u8 c_phy;
	u8 p_phy;
	u8 nse;
	u8 c_bn;
	u8 p_bn;
	u8 c_ft;
	u8 p_ft;
	__le16 c_mtu;
	__le16 p_mtu;
	__le16 interval;
} __packed;

struct hci_evt_le_cis_req {
	__le16 acl_handle;
	__le16 cis_handle;
	u8 cig_id;
	u8 cis_id;
} __packed;

struct hci_evt_le_create_big_complete {
	u8 status;
	u8 handle;
	u8 sync_delay[3];
	u8 transport_delay[3];
	u8 phy;
	u8 nse;
	u8 bn;
	u8 pto;
	u8 irc;
	__le16 max_pdu;
	__le16 interval;
	u8 num_bis;
	__le16 bis_handle[];
} __packed;

struct hci_evt_le_big_sync_estabilished {
	u8 status;
	u8 handle;
	u8 latency[3];
	u8 nse;
	u8 bn;
	u8 pto;
	u8 irc;
	__le16 max_pdu;
	__le16 interval;
	u8 num_bis;
	__le16 bis[];
} __packed;

struct hci_evt_le_big_info_adv_report {
	__le16 sync_handle;
	u8 num_bis;
	u8 nse;
	__le16 iso_interval;
	u8 bn;
	u8 pto;
	u8 irc;
	__le16 max_pdu;
	u8 sdu_interval[3];
	__le16 max_sdu;
	u8 phy;
	u8 framing;
	u8 encryption;
} __packed;

#endif /* __BLUETOOTH_HCI_EV_H */
