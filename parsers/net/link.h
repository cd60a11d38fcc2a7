/* SPDX-License-Identifier: GPL-2.0-only */
/* Registration of link layers that a target may have. */
#ifndef PARSERS_NET_LINK_H
#define PARSERS_NET_LINK_H

void hsr_init(void);
void llc_input_init(void);
void pppoe_disc_init(void);

#endif /* PARSERS_NET_LINK_H */
