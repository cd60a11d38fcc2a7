/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Part of <net/bluetooth/hci.h>: what the host asks of the controller, and what
 * Command Complete returns for it. Faithful: opcodes and layouts of the Bluetooth
 * Core Specification, Vol 4 Part E, under the names of Linux 6.1.
 */
#ifndef __BLUETOOTH_HCI_CMD_H
#define __BLUETOOTH_HCI_CMD_H

/* No operation: OGF 0x00 */
#define HCI_OP_NOP				0x0000

/* Link control: OGF 0x01 */
#define HCI_OP_INQUIRY				0x0401
#define HCI_OP_INQUIRY_CANCEL			0x0402
#define HCI_OP_PERIODIC_INQ			0x0403
#define HCI_OP_EXIT_PERIODIC_INQ		0x0404
#define HCI_OP_CREATE_CONN			0x0405
#define HCI_OP_DISCONNECT			0x0406
#define HCI_OP_ADD_SCO				0x0407
#define HCI_OP_CREATE_CONN_CANCEL		0x0408
#define HCI_OP_ACCEPT_CONN_REQ			0x0409
#define HCI_OP_REJECT_CONN_REQ			0x040a
#define HCI_OP_LINK_KEY_REPLY			0x040b
#define HCI_OP_LINK_KEY_NEG_REPLY		0x040c
#define HCI_OP_PIN_CODE_REPLY			0x040d
#define HCI_OP_PIN_CODE_NEG_REPLY		0x040e
#define HCI_OP_CHANGE_CONN_PTYPE		0x040f
#define HCI_OP_AUTH_REQUESTED			0x0411
#define HCI_OP_SET_CONN_ENCRYPT			0x0413
#define HCI_OP_CHANGE_CONN_LINK_KEY		0x0415
#define HCI_OP_REMOTE_NAME_REQ			0x0419
#define HCI_OP_REMOTE_NAME_REQ_CANCEL		0x041a
#define HCI_OP_READ_REMOTE_FEATURES		0x041b
#define HCI_OP_READ_REMOTE_EXT_FEATURES		0x041c
#define HCI_OP_READ_REMOTE_VERSION		0x041d
#define HCI_OP_READ_CLOCK_OFFSET		0x041f
#define HCI_OP_SETUP_SYNC_CONN			0x0428
#define HCI_OP_ACCEPT_SYNC_CONN_REQ		0x0429
#define HCI_OP_REJECT_SYNC_CONN_REQ		0x042a
#define HCI_OP_IO_CAPABILITY_REPLY		0x042b
#define HCI_OP_USER_CONFIRM_REPLY		0x042c
#define HCI_OP_USER_CONFIRM_NEG_REPLY		0x042d
#define HCI_OP_USER_PASSKEY_REPLY		0x042e
#define HCI_OP_USER_PASSKEY_NEG_REPLY		0x042f
#define HCI_OP_REMOTE_OOB_DATA_REPLY		0x0430
#define HCI_OP_REMOTE_OOB_DATA_NEG_REPLY	0x0433
#define HCI_OP_IO_CAPABILITY_NEG_REPLY		0x0434
#define HCI_OP_ENHANCED_SETUP_SYNC_CONN		0x043d
#define HCI_OP_SET_CPB				0x0441
#define HCI_OP_START_SYNC_TRAIN			0x0443
#define HCI_OP_REMOTE_OOB_EXT_DATA_REPLY	0x0445

/* Link policy: OGF 0x02 */
#define HCI_OP_SNIFF_MODE			0x0803
#define HCI_OP_EXIT_SNIFF_MODE			0x0804
#define HCI_OP_ROLE_DISCOVERY			0x0809
#define HCI_OP_SWITCH_ROLE			0x080b
#define HCI_OP_READ_LINK_POLICY			0x080c
#define HCI_OP_WRITE_LINK_POLICY		0x080d
#define HCI_OP_READ_DEF_LINK_POLICY		0x080e
#define HCI_OP_WRITE_DEF_LINK_POLICY		0x080f
#define HCI_OP_SNIFF_SUBRATE			0x0811

/* Controller and baseband: OGF 0x03 */
#define HCI_OP_SET_EVENT_MASK			0x0c01
#define HCI_OP_RESET				0x0c03
#define HCI_OP_SET_EVENT_FLT			0x0c05
#define HCI_OP_READ_STORED_LINK_KEY		0x0c0d
#define HCI_OP_DELETE_STORED_LINK_KEY		0x0c12
#define HCI_OP_WRITE_LOCAL_NAME			0x0c13
#define HCI_OP_READ_LOCAL_NAME			0x0c14
#define HCI_OP_WRITE_CA_TIMEOUT			0x0c16
#define HCI_OP_WRITE_PG_TIMEOUT			0x0c18
#define HCI_OP_WRITE_SCAN_ENABLE		0x0c1a
#define HCI_OP_READ_PAGE_SCAN_ACTIVITY		0x0c1b
#define HCI_OP_WRITE_PAGE_SCAN_ACTIVITY		0x0c1c
#define HCI_OP_READ_AUTH_ENABLE			0x0c1f
#define HCI_OP_WRITE_AUTH_ENABLE		0x0c20
#define HCI_OP_READ_ENCRYPT_MODE		0x0c21
#define HCI_OP_WRITE_ENCRYPT_MODE		0x0c22
#define HCI_OP_READ_CLASS_OF_DEV		0x0c23
#define HCI_OP_WRITE_CLASS_OF_DEV		0x0c24
#define HCI_OP_READ_VOICE_SETTING		0x0c25
#define HCI_OP_WRITE_VOICE_SETTING		0x0c26
#define HCI_OP_READ_TX_POWER			0x0c2d
#define HCI_OP_WRITE_SYNC_FLOWCTL		0x0c2f
#define HCI_OP_HOST_BUFFER_SIZE			0x0c33
#define HCI_OP_READ_NUM_SUPPORTED_IAC		0x0c38
#define HCI_OP_READ_CURRENT_IAC_LAP		0x0c39
#define HCI_OP_WRITE_CURRENT_IAC_LAP		0x0c3a
#define HCI_OP_WRITE_INQUIRY_MODE		0x0c45
#define HCI_OP_READ_PAGE_SCAN_TYPE		0x0c46
#define HCI_OP_WRITE_PAGE_SCAN_TYPE		0x0c47
#define HCI_OP_WRITE_EIR			0x0c52
#define HCI_OP_READ_SSP_MODE			0x0c55
#define HCI_OP_WRITE_SSP_MODE			0x0c56
#define HCI_OP_READ_LOCAL_OOB_DATA		0x0c57
#define HCI_OP_READ_INQ_RSP_TX_POWER		0x0c58
#define HCI_OP_READ_DEF_ERR_DATA_REPORTING	0x0c5a
#define HCI_OP_WRITE_DEF_ERR_DATA_REPORTING	0x0c5b
#define HCI_OP_SET_EVENT_MASK_PAGE_2		0x0c63
#define HCI_OP_READ_LOCATION_DATA		0x0c64
#define HCI_OP_READ_FLOW_CONTROL_MODE		0x0c66
#define HCI_OP_WRITE_LE_HOST_SUPPORTED		0x0c6d
#define HCI_OP_SET_RESERVED_LT_ADDR		0x0c74
#define HCI_OP_DELETE_RESERVED_LT_ADDR		0x0c75
#define HCI_OP_SET_CPB_DATA			0x0c76
#define HCI_OP_READ_SYNC_TRAIN_PARAMS		0x0c77
#define HCI_OP_WRITE_SYNC_TRAIN_PARAMS		0x0c78
#define HCI_OP_READ_SC_SUPPORT			0x0c79
#define HCI_OP_WRITE_SC_SUPPORT			0x0c7a
#define HCI_OP_READ_AUTH_PAYLOAD_TO		0x0c7b
#define HCI_OP_WRITE_AUTH_PAYLOAD_TO		0x0c7c
#define HCI_OP_READ_LOCAL_OOB_EXT_DATA		0x0c7d
#define HCI_CONFIGURE_DATA_PATH			0x0c83

/* Informational: OGF 0x04 */
#define HCI_OP_READ_LOCAL_VERSION		0x1001
#define HCI_OP_READ_LOCAL_COMMANDS		0x1002
#define HCI_OP_READ_LOCAL_FEATURES		0x1003
#define HCI_OP_READ_LOCAL_EXT_FEATURES		0x1004
#define HCI_OP_READ_BUFFER_SIZE			0x1005
#define HCI_OP_READ_BD_ADDR			0x1009
#define HCI_OP_READ_DATA_BLOCK_SIZE		0x100a
#define HCI_OP_READ_LOCAL_CODECS		0x100b
#define HCI_OP_READ_LOCAL_PAIRING_OPTS		0x100c
#define HCI_OP_READ_LOCAL_CODECS_V2		0x100d
#define HCI_OP_READ_LOCAL_CODEC_CAPS		0x100e

/* Status: OGF 0x05 */
#define HCI_OP_READ_RSSI			0x1405
#define HCI_OP_READ_CLOCK			0x1407
#define HCI_OP_READ_ENC_KEY_SIZE		0x1408
#define HCI_OP_GET_MWS_TRANSPORT_CONFIG		0x140c

/* Testing: OGF 0x06 */
#define HCI_OP_ENABLE_DUT_MODE			0x1803
#define HCI_OP_WRITE_SSP_DEBUG_MODE		0x1804

/* Values of single parameters */
#define HCI_SET_EVENT_FLT_SIZE		9
#define HCI_FLT_CLEAR_ALL		0x00
#define HCI_FLT_INQ_RESULT		0x01
#define HCI_FLT_CONN_SETUP		0x02
#define HCI_CONN_SETUP_ALLOW_ALL	0x00
#define HCI_CONN_SETUP_ALLOW_CLASS	0x01
#define HCI_CONN_SETUP_ALLOW_BDADDR	0x02
#define HCI_CONN_SETUP_AUTO_OFF		0x01
#define HCI_CONN_SETUP_AUTO_ON		0x02
#define HCI_CONN_SETUP_AUTO_ON_WITH_RS	0x03
#define HCI_MAX_NAME_LENGTH		248
#define SCAN_DISABLED			0x00
#define SCAN_INQUIRY			0x01
#define SCAN_PAGE			0x02
#define AUTH_DISABLED			0x00
#define AUTH_ENABLED			0x01
#define ENCRYPT_DISABLED		0x00
#define ENCRYPT_P2P			0x01
#define ENCRYPT_BOTH			0x02
#define HCI_MAX_EIR_LENGTH		240
#define ERR_DATA_REPORTING_DISABLED	0x00
#define ERR_DATA_REPORTING_ENABLED	0x01
#define PAGE_SCAN_TYPE_STANDARD		0x00
#define PAGE_SCAN_TYPE_INTERLACED	0x01

/* _cp_: parameters of the command; _rp_: return parameters. */
struct hci_cp_inquiry {
	u8 lap[3];
	u8 length;
	u8 num_rsp;
} __packed;

struct hci_cp_create_conn {
	bdaddr_t bdaddr;
	__le16 pkt_type;
	u8 pscan_rep_mode;
	u8 pscan_mode;
	__le16 clock_offset;
	u8 role_switch;
} __packed;

struct hci_cp_disconnect {
	__le16 handle;
	u8 reason;
} __packed;

struct hci_cp_add_sco {
	__le16 handle;
	__le16 pkt_type;
} __packed;

struct hci_cp_create_conn_cancel {
	bdaddr_t bdaddr;
} __packed;

struct hci_cp_accept_conn_req {
	bdaddr_t bdaddr;
	u8 role;
} __packed;

struct hci_cp_reject_conn_req {
	bdaddr_t bdaddr;
	u8 reason;
} __packed;

struct hci_cp_link_key_reply {
	bdaddr_t bdaddr;
	u8 link_key[HCI_LINK_KEY_SIZE];
} __packed;

struct hci_cp_link_key_neg_reply {
	bdaddr_t bdaddr;
} __packed;

struct hci_cp_pin_code_reply {
	bdaddr_t bdaddr;
	u8 pin_len;
	u8 pin_code[16];
} __packed;

struct hci_rp_pin_code_reply {
	u8 status;
	bdaddr_t bdaddr;
} __packed;

struct hci_cp_pin_code_neg_reply {
	bdaddr_t bdaddr;
} __packed;

struct hci_rp_pin_code_neg_reply {
	u8 status;
	bdaddr_t bdaddr;
} __packed;

struct hci_cp_change_conn_ptype {
	__le16 handle;
	__le16 pkt_type;
} __packed;

struct hci_cp_auth_requested {
	__le16 handle;
} __packed;

struct hci_cp_set_conn_encrypt {
	__le16 handle;
	u8 encrypt;
} __packed;

struct hci_cp_change_conn_link_key {
	__le16 handle;
} __packed;

struct hci_cp_remote_name_req {
	bdaddr_t bdaddr;
	u8 pscan_rep_mode;
	u8 pscan_mode;
	__le16 clock_offset;
} __packed;

struct hci_cp_remote_name_req_cancel {
	bdaddr_t bdaddr;
} __packed;

struct hci_cp_read_remote_features {
	__le16 handle;
} __packed;

struct hci_cp_read_remote_ext_features {
	__le16 handle;
	u8 page;
} __packed;

struct hci_cp_read_remote_version {
	__le16 handle;
} __packed;

struct hci_cp_read_clock_offset {
	__le16 handle;
} __packed;

struct hci_cp_setup_sync_conn {
	__le16 handle;
	__le32 tx_bandwidth;
	__le32 rx_bandwidth;
	__le16 max_latency;
	__le16 voice_setting;
	u8 retrans_effort;
	__le16 pkt_type;
} __packed;

struct hci_cp_accept_sync_conn_req {
	bdaddr_t bdaddr;
	__le32 tx_bandwidth;
	__le32 rx_bandwidth;
	__le16 max_latency;
	__le16 content_format;
	u8 retrans_effort;
	__le16 pkt_type;
} __packed;

struct hci_cp_reject_sync_conn_req {
	bdaddr_t bdaddr;
	u8 reason;
} __packed;

struct hci_cp_io_capability_reply {
	bdaddr_t bdaddr;
	u8 capability;
	u8 oob_data;
	u8 authentication;
} __packed;

struct hci_cp_user_confirm_reply {
	bdaddr_t bdaddr;
} __packed;

struct hci_rp_user_confirm_reply {
	u8 status;
	bdaddr_t bdaddr;
} __packed;

struct hci_cp_user_passkey_reply {
	bdaddr_t bdaddr;
	__le32 passkey;
} __packed;

struct hci_cp_remote_oob_data_reply {
	bdaddr_t bdaddr;
	u8 hash[16];
	u8 rand[16];
} __packed;

struct hci_cp_remote_oob_data_neg_reply {
	bdaddr_t bdaddr;
} __packed;

struct hci_cp_io_capability_neg_reply {
	bdaddr_t bdaddr;
	u8 reason;
} __packed;

struct hci_coding_format {
	u8 id;
	__le16 cid;
	__le16 vid;
} __packed;

struct hci_cp_enhanced_setup_sync_conn {
	__le16 handle;
	__le32 tx_bandwidth;
	__le32 rx_bandwidth;
	struct hci_coding_format tx_coding_format;
	struct hci_coding_format rx_coding_format;
	__le16 tx_codec_frame_size;
	__le16 rx_codec_frame_size;
	__le32 in_bandwidth;
	__le32 out_bandwidth;
	struct hci_coding_format in_coding_format;
	struct hci_coding_format out_coding_format;
	__le16 in_coded_data_size;
	__le16 out_coded_data_size;
	u8 in_pcm_data_format;
	u8 out_pcm_data_format;
	u8 in_pcm_sample_payload_msb_pos;
	u8 out_pcm_sample_payload_msb_pos;
	u8 in_data_path;
	u8 out_data_path;
	u8 in_transport_unit_size;
	u8 out_transport_unit_size;
	__le16 max_latency;
	__le16 pkt_type;
	u8 retrans_effort;
} __packed;

struct hci_rp_logical_link_cancel {
	u8 status;
	u8 phy_handle;
	u8 flow_spec_id;
} __packed;

struct hci_cp_set_cpb {
	u8 enable;
	u8 lt_addr;
	u8 lpo_allowed;
	__le16 packet_type;
	__le16 interval_min;
	__le16 interval_max;
	__le16 cpb_sv_tout;
} __packed;

struct hci_rp_set_cpb {
	u8 status;
	u8 lt_addr;
	__le16 interval;
} __packed;

struct hci_cp_remote_oob_ext_data_reply {
	bdaddr_t bdaddr;
	u8 hash192[16];
	u8 rand192[16];
	u8 hash256[16];
	u8 rand256[16];
} __packed;

struct hci_cp_sniff_mode {
	__le16 handle;
	__le16 max_interval;
	__le16 min_interval;
	__le16 attempt;
	__le16 timeout;
} __packed;

struct hci_cp_exit_sniff_mode {
	__le16 handle;
} __packed;

struct hci_cp_role_discovery {
	__le16 handle;
} __packed;

struct hci_rp_role_discovery {
	u8 status;
	__le16 handle;
	u8 role;
} __packed;

struct hci_cp_switch_role {
	bdaddr_t bdaddr;
	u8 role;
} __packed;

struct hci_cp_read_link_policy {
	__le16 handle;
} __packed;

struct hci_rp_read_link_policy {
	u8 status;
	__le16 handle;
	__le16 policy;
} __packed;

struct hci_cp_write_link_policy {
	__le16 handle;
	__le16 policy;
} __packed;

struct hci_rp_write_link_policy {
	u8 status;
	__le16 handle;
} __packed;

struct hci_rp_read_def_link_policy {
	u8 status;
	__le16 policy;
} __packed;

struct hci_cp_write_def_link_policy {
	__le16 policy;
} __packed;

struct hci_cp_sniff_subrate {
	__le16 handle;
	__le16 max_latency;
	__le16 min_remote_timeout;
	__le16 min_local_timeout;
} __packed;

struct hci_cp_set_event_filter {
	u8 flt_type;
	u8 cond_type;
	struct {
		bdaddr_t bdaddr;
		u8 auto_accept;
	} __packed addr_conn_flt;
} __packed;

struct hci_cp_read_stored_link_key {
	bdaddr_t bdaddr;
	u8 read_all;
} __packed;

struct hci_rp_read_stored_link_key {
	u8 status;
	__le16 max_keys;
	__le16 num_keys;
} __packed;

struct hci_cp_delete_stored_link_key {
	bdaddr_t bdaddr;
	u8 delete_all;
} __packed;

struct hci_rp_delete_stored_link_key {
	u8 status;
	__le16 num_keys;
} __packed;

struct hci_cp_write_local_name {
	u8 name[HCI_MAX_NAME_LENGTH];
} __packed;

struct hci_rp_read_local_name {
	u8 status;
	u8 name[HCI_MAX_NAME_LENGTH];
} __packed;

struct hci_rp_read_class_of_dev {
	u8 status;
	u8 dev_class[3];
} __packed;

struct hci_cp_write_class_of_dev {
	u8 dev_class[3];
} __packed;

struct hci_rp_read_voice_setting {
	u8 status;
	__le16 voice_setting;
} __packed;

struct hci_cp_write_voice_setting {
	__le16 voice_setting;
} __packed;

struct hci_cp_host_buffer_size {
	__le16 acl_mtu;
	u8 sco_mtu;
	__le16 acl_max_pkt;
	__le16 sco_max_pkt;
} __packed;

struct hci_rp_read_num_supported_iac {
	u8 status;
	u8 num_iac;
} __packed;

struct hci_cp_write_current_iac_lap {
	u8 num_iac;
	u8 iac_lap[6];
} __packed;

struct hci_cp_write_eir {
	u8 fec;
	u8 data[HCI_MAX_EIR_LENGTH];
} __packed;

struct hci_rp_read_ssp_mode {
	u8 status;
	u8 mode;
} __packed;

struct hci_cp_write_ssp_mode {
	u8 mode;
} __packed;

struct hci_rp_read_local_oob_data {
	u8 status;
	u8 hash[16];
	u8 rand[16];
} __packed;

struct hci_rp_read_inq_rsp_tx_power {
	u8 status;
	s8 tx_power;
} __packed;

struct hci_rp_read_def_err_data_reporting {
	u8 status;
	u8 err_data_reporting;
} __packed;

struct hci_cp_write_def_err_data_reporting {
	u8 err_data_reporting;
} __packed;

struct hci_rp_read_flow_control_mode {
	u8 status;
	u8 mode;
} __packed;

struct hci_cp_set_reserved_lt_addr {
	u8 lt_addr;
} __packed;

struct hci_rp_set_reserved_lt_addr {
	u8 status;
	u8 lt_addr;
} __packed;

struct hci_cp_delete_reserved_lt_addr {
	u8 lt_addr;
} __packed;

struct hci_rp_delete_reserved_lt_addr {
	u8 status;
	u8 lt_addr;
} __packed;

struct hci_cp_set_cpb_data {
	u8 lt_addr;
	u8 fragment;
	u8 data_length;
	u8 data[HCI_MAX_CPB_DATA_SIZE];
} __packed;

struct hci_rp_set_cpb_data {
	u8 status;
	u8 lt_addr;
} __packed;

struct hci_cp_write_sync_train_params {
	__le16 interval_min;
	__le16 interval_max;
	__le32 sync_train_tout;
	u8 service_data;
} __packed;

struct hci_rp_write_sync_train_params {
	u8 status;
	__le16 sync_train_int;
} __packed;

struct hci_rp_read_sc_support {
	u8 status;
	u8 support;
} __packed;

struct hci_cp_write_sc_support {
	u8 support;
} __packed;

struct hci_cp_read_auth_payload_to {
	__le16 handle;
} __packed;

struct hci_rp_read_auth_payload_to {
	u8 status;
	__le16 handle;
	__le16 timeout;
} __packed;

struct hci_cp_write_auth_payload_to {
	__le16 handle;
	__le16 timeout;
} __packed;

struct hci_rp_write_auth_payload_to {
	u8 status;
	__le16 handle;
} __packed;

struct hci_rp_read_local_oob_ext_data {
	u8 status;
	u8 hash192[16];
	u8 rand192[16];
	u8 hash256[16];
	u8 rand256[16];
} __packed;

struct hci_op_configure_data_path {
	u8 direction;
	u8 data_path_id;
	u8 vnd_len;
	u8 vnd_data[];
} __packed;

struct hci_rp_read_local_version {
	u8 status;
	u8 hci_ver;
	__le16 hci_rev;
	u8 lmp_ver;
	__le16 manufacturer;
	__le16 lmp_subver;
} __packed;

struct hci_rp_read_local_commands {
	u8 status;
	u8 commands[64];
} __packed;

struct hci_rp_read_local_features {
	u8 status;
	u8 features[8];
} __packed;

struct hci_cp_read_local_ext_features {
	u8 page;
} __packed;

struct hci_rp_read_local_ext_features {
	u8 status;
	u8 page;
	u8 max_page;
	u8 features[8];
} __packed;

struct hci_rp_read_buffer_size {
	u8 status;
	__le16 acl_mtu;
	u8 sco_mtu;
	__le16 acl_max_pkt;
	__le16 sco_max_pkt;
} __packed;

struct hci_rp_read_bd_addr {
	u8 status;
	bdaddr_t bdaddr;
} __packed;

struct hci_rp_read_data_block_size {
	u8 status;
	__le16 max_acl_len;
	__le16 block_len;
	__le16 num_blocks;
} __packed;

struct hci_std_codecs {
	u8 num;
	u8 codec[];
} __packed;

struct hci_vnd_codec {
	__le16 cid;
	__le16 vid;
} __packed;

struct hci_vnd_codecs {
	u8 num;
	struct hci_vnd_codec codec[];
} __packed;

struct hci_rp_read_local_pairing_opts {
	u8 status;
	u8 pairing_opts;
	u8 max_key_size;
} __packed;

struct hci_std_codec_v2 {
	u8 id;
	u8 transport;
} __packed;

struct hci_std_codecs_v2 {
	u8 num;
	struct hci_std_codec_v2 codec[];
} __packed;

struct hci_vnd_codec_v2 {
	__le16 cid;
	__le16 vid;
	u8 transport;
} __packed;

struct hci_vnd_codecs_v2 {
	u8 num;
	struct hci_vnd_codec_v2 codec[];
} __packed;

struct hci_op_read_local_codec_caps {
	u8 id;
	__le16 cid;
	__le16 vid;
	u8 transport;
	u8 direction;
} __packed;

struct hci_codec_caps {
	u8 len;
	u8 data[];
} __packed;

struct hci_rp_read_local_codec_caps {
	u8 status;
	u8 num_caps;
} __packed;

struct hci_rp_read_page_scan_activity {
	u8 status;
	__le16 interval;
	__le16 window;
} __packed;

struct hci_cp_write_page_scan_activity {
	__le16 interval;
	__le16 window;
} __packed;

struct hci_cp_read_tx_power {
	__le16 handle;
	u8 type;
} __packed;

struct hci_rp_read_tx_power {
	u8 status;
	__le16 handle;
	s8 tx_power;
} __packed;

struct hci_cp_write_sync_flowctl {
	u8 enable;
} __packed;

struct hci_rp_read_page_scan_type {
	u8 status;
	u8 type;
} __packed;

struct hci_cp_read_rssi {
	__le16 handle;
} __packed;

struct hci_rp_read_rssi {
	u8 status;
	__le16 handle;
	s8 rssi;
} __packed;

struct hci_cp_read_clock {
	__le16 handle;
	u8 which;
} __packed;

struct hci_rp_read_clock {
	u8 status;
	__le16 handle;
	__le32 clock;
	__le16 accuracy;
} __packed;

struct hci_cp_read_enc_key_size {
	__le16 handle;
} __packed;

struct hci_rp_read_enc_key_size {
	u8 status;
	__le16 handle;
	u8 key_size;
} __packed;

#endif /* __BLUETOOTH_HCI_CMD_H */
