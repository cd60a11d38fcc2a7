/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Part of <net/bluetooth/hci_core.h>: what a controller (or, for the first group,
 * a peer) can do. Faithful, bit by bit, to Linux 6.1.
 */
#ifndef __HCI_CAPS_H
#define __HCI_CAPS_H

#define lmp_encrypt_capable(d)		((d)->features[0][0] & LMP_ENCRYPT)
#define lmp_rswitch_capable(d)		((d)->features[0][0] & LMP_RSWITCH)
#define lmp_hold_capable(d)		((d)->features[0][0] & LMP_HOLD)
#define lmp_sniff_capable(d)		((d)->features[0][0] & LMP_SNIFF)
#define lmp_park_capable(d)		((d)->features[0][1] & LMP_PARK)
#define lmp_sco_capable(d)		((d)->features[0][1] & LMP_SCO)
#define lmp_inq_rssi_capable(d)		((d)->features[0][3] & LMP_RSSI_INQ)
#define lmp_esco_capable(d)		((d)->features[0][3] & LMP_ESCO)
#define lmp_bredr_capable(d)		(!((d)->features[0][4] & LMP_NO_BREDR))
#define lmp_le_capable(d)		((d)->features[0][4] & LMP_LE)
#define lmp_sniffsubr_capable(d)	((d)->features[0][5] & LMP_SNIFF_SUBR)
#define lmp_pause_enc_capable(d)	((d)->features[0][5] & LMP_PAUSE_ENC)
#define lmp_esco_2m_capable(d)		((d)->features[0][5] & LMP_EDR_ESCO_2M)
#define lmp_ext_inq_capable(d)		((d)->features[0][6] & LMP_EXT_INQ)
#define lmp_le_br_capable(d)		(!!((d)->features[0][6] & LMP_SIMUL_LE_BR))
#define lmp_ssp_capable(d)		((d)->features[0][6] & LMP_SIMPLE_PAIR)
#define lmp_no_flush_capable(d)		((d)->features[0][6] & LMP_NO_FLUSH)
#define lmp_lsto_capable(d)		((d)->features[0][7] & LMP_LSTO)
#define lmp_inq_tx_pwr_capable(d)	((d)->features[0][7] & LMP_INQ_TX_PWR)
#define lmp_ext_feat_capable(d)		((d)->features[0][7] & LMP_EXTFEATURES)
#define lmp_transp_capable(d)		((d)->features[0][2] & LMP_TRANSPARENT)
#define lmp_edr_2m_capable(d)		((d)->features[0][3] & LMP_EDR_2M)
#define lmp_edr_3m_capable(d)		((d)->features[0][3] & LMP_EDR_3M)
#define lmp_edr_3slot_capable(d)	((d)->features[0][4] & LMP_EDR_3SLOT)
#define lmp_edr_5slot_capable(d)	((d)->features[0][5] & LMP_EDR_5SLOT)
#define lmp_cpb_central_capable(d)	((d)->features[2][0] & LMP_CPB_CENTRAL)
#define lmp_cpb_peripheral_capable(d)	((d)->features[2][0] & LMP_CPB_PERIPHERAL)
#define lmp_sync_train_capable(d)	((d)->features[2][0] & LMP_SYNC_TRAIN)
#define lmp_sync_scan_capable(d)	((d)->features[2][0] & LMP_SYNC_SCAN)
#define lmp_sc_capable(d)		((d)->features[2][1] & LMP_SC)
#define lmp_ping_capable(d)		((d)->features[2][1] & LMP_PING)
#define lmp_host_ssp_capable(d)		((d)->features[1][0] & LMP_HOST_SSP)
#define lmp_host_sc_capable(d)		((d)->features[1][0] & LMP_HOST_SC)
#define lmp_host_le_capable(d)		(!!((d)->features[1][0] & LMP_HOST_LE))
#define lmp_host_le_br_capable(d)	(!!((d)->features[1][0] & LMP_HOST_LE_BREDR))
#define hdev_is_powered(d) \
	(test_bit(HCI_UP, &(d)->flags) && \
	 !hci_dev_test_flag(d, HCI_AUTO_OFF))
#define bredr_sc_enabled(d) \
	(lmp_sc_capable(d) && \
	 hci_dev_test_flag(d, HCI_SC_ENABLED))
#define rpa_valid(d) \
	(bacmp(&(d)->rpa, BDADDR_ANY) && \
	 !hci_dev_test_flag(d, HCI_RPA_EXPIRED))
#define adv_rpa_valid(d) \
	(bacmp(&(d)->random_addr, BDADDR_ANY) && \
	 !(d)->rpa_expired)
#define scan_1m(d) \
	(((d)->le_tx_def_phys & HCI_LE_SET_PHY_1M) || \
	 ((d)->le_rx_def_phys & HCI_LE_SET_PHY_1M))
#define scan_2m(d) \
	(((d)->le_tx_def_phys & HCI_LE_SET_PHY_2M) || \
	 ((d)->le_rx_def_phys & HCI_LE_SET_PHY_2M))
#define scan_coded(d) \
	(((d)->le_tx_def_phys & HCI_LE_SET_PHY_CODED) || \
	 ((d)->le_rx_def_phys & HCI_LE_SET_PHY_CODED))
#define ll_privacy_capable(d)		((d)->le_features[0] & HCI_LE_LL_PRIVACY)
#define use_ll_privacy(d) \
	(ll_privacy_capable(d) && \
	 hci_dev_test_flag(d, HCI_ENABLE_LL_PRIVACY))
#define privacy_mode_capable(d) \
	(use_ll_privacy(d) && \
	 ((d)->commands[39] & 0x04))
#define enhanced_sync_conn_capable(d) \
	(((d)->commands[29] & 0x08) && \
	 !test_bit(HCI_QUIRK_BROKEN_ENHANCED_SETUP_SYNC_CONN, &(d)->quirks))
#define use_ext_scan(d) \
	(((d)->commands[37] & 0x20) && \
	 ((d)->commands[37] & 0x40) && \
	 !test_bit(HCI_QUIRK_BROKEN_EXT_SCAN, &(d)->quirks))
#define use_ext_conn(d)			((d)->commands[37] & 0x80)
#define ext_adv_capable(d)		(((d)->le_features[1] & HCI_LE_EXT_ADV))
#define max_adv_len(d) \
	(ext_adv_capable(d) ? HCI_MAX_EXT_AD_LENGTH : HCI_MAX_AD_LENGTH)
#define use_enhanced_conn_complete(d)	(ll_privacy_capable(d) || ext_adv_capable(d))
#define per_adv_capable(d)		(((d)->le_features[1] & HCI_LE_PERIODIC_ADV))
#define iso_capable(d)			(cis_capable(d) || bis_capable(d))
#define cis_capable(d) \
	(cis_central_capable(d) || cis_peripheral_capable(d))
#define cis_central_capable(d)		((d)->le_features[3] & HCI_LE_CIS_CENTRAL)
#define cis_peripheral_capable(d)	((d)->le_features[3] & HCI_LE_CIS_PERIPHERAL)
#define bis_capable(d)			((d)->le_features[3] & HCI_LE_ISO_BROADCASTER)
#define mws_transport_config_capable(d) \
	(((d)->commands[30] & 0x08) && \
	 (!test_bit(HCI_QUIRK_BROKEN_MWS_TRANSPORT_CONFIG, &(d)->quirks)))

#endif /* __HCI_CAPS_H */
