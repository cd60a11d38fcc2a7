// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCTP: which TSNs have arrived.
 *
 * Modelled on: Linux 6.1 net/sctp/tsnmap.c
 * Spec: RFC 9260 3.3.4 and 6.2
 * Differs: bits are moved word by word by functions of this file.
 */
#include <linux/bitmap.h>
#include <linux/slab.h>
#include <net/sctp.h>

#include "rx.h"

int sctp_tsnmap_init(struct sctp_tsnmap *map, u16 len, u32 initial_tsn)
{
	if (!map->tsn_map) {
		map->tsn_map = kzalloc(len >> 3, GFP_ATOMIC);
		if (!map->tsn_map)
			return -ENOMEM;
		map->len = len;
	} else {
		bitmap_zero(map->tsn_map, map->len);
	}
	map->base_tsn = initial_tsn;
	map->cumulative_tsn_ack_point = initial_tsn - 1;
	map->max_tsn_seen = map->cumulative_tsn_ack_point;
	map->num_dup_tsns = 0;
	return 0;
}

void sctp_tsnmap_free(struct sctp_tsnmap *map)
{
	map->len = 0;
	kfree(map->tsn_map);
	map->tsn_map = NULL;
}

/* Return: 1 if @tsn has arrived, -1 if it is too far ahead, 0 if it is new. */
int sctp_tsnmap_check(const struct sctp_tsnmap *map, u32 tsn)
{
	u32 gap;

	if (malformed(TSN_lte(tsn, map->cumulative_tsn_ack_point)))
		return 1;
	if (malformed(!TSN_lt(tsn, map->base_tsn + SCTP_TSN_MAP_SIZE)))
		return -1;
	gap = tsn - map->base_tsn;
	if (gap >= map->len)
		return 0;
	return malformed(test_bit(gap, map->tsn_map)) ? 1 : 0;
}

/* Towards bit 0, by @shift. */
static void tsnmap_shift_right(unsigned long *map, unsigned int shift, unsigned int len)
{
	unsigned int i;

	for (i = 0; i < len; i++) {
		if (i + shift < len && test_bit(i + shift, map))
			set_bit(i, map);
		else
			clear_bit(i, map);
	}
}

static int sctp_tsnmap_grow(struct sctp_tsnmap *map, u16 size)
{
	unsigned long *new;
	u32 len;

	if (malformed(size > SCTP_TSN_MAP_SIZE))
		return -ENOSPC;
	len = map->len + ALIGN((u32)size - map->len, BITS_PER_LONG) + SCTP_TSN_MAP_INCREMENT;
	len = min(len, (u32)SCTP_TSN_MAP_SIZE);
	new = kzalloc(len >> 3, GFP_ATOMIC);
	if (!new)
		return -ENOMEM;
	memcpy(new, map->tsn_map, map->len >> 3);
	kfree(map->tsn_map);
	map->tsn_map = new;
	map->len = (u16)len;
	return 0;
}

/* What is there from the beginning on belongs to the cumulative TSN. */
static void sctp_tsnmap_update(struct sctp_tsnmap *map)
{
	u32 len = map->max_tsn_seen - map->cumulative_tsn_ack_point;
	u32 zero_bit = (u32)find_first_zero_bit(map->tsn_map, len);

	if (!zero_bit)
		return;
	map->base_tsn += zero_bit;
	map->cumulative_tsn_ack_point += zero_bit;
	tsnmap_shift_right(map->tsn_map, zero_bit, map->len);
}

int sctp_tsnmap_mark(struct sctp_tsnmap *map, u32 tsn)
{
	u16 gap;

	if (malformed(TSN_lt(tsn, map->base_tsn)))
		return 0;
	gap = (u16)(tsn - map->base_tsn);
	if (gap >= map->len && sctp_tsnmap_grow(map, (u16)(gap + 1)))
		return -ENOMEM;
	if (!sctp_tsnmap_has_gap(map) && gap == 0) {
		map->max_tsn_seen++;
		map->cumulative_tsn_ack_point++;
		map->base_tsn++;
		return 0;
	}
	if (TSN_lt(map->max_tsn_seen, tsn))
		map->max_tsn_seen = tsn;
	set_bit(gap, map->tsn_map);
	sctp_tsnmap_update(map);
	return 0;
}

/* The peer will not send what is up to @tsn. */
void sctp_tsnmap_skip(struct sctp_tsnmap *map, u32 tsn)
{
	u32 gap;

	if (malformed(TSN_lt(tsn, map->base_tsn)))
		return;
	if (malformed(!TSN_lt(tsn, map->base_tsn + SCTP_TSN_MAP_SIZE)))
		return;
	if (TSN_lt(map->max_tsn_seen, tsn))
		map->max_tsn_seen = tsn;
	gap = tsn - map->base_tsn + 1;
	map->base_tsn += gap;
	map->cumulative_tsn_ack_point += gap;
	if (gap >= map->len) {
		bitmap_zero(map->tsn_map, map->len);
		return;
	}
	tsnmap_shift_right(map->tsn_map, gap, map->len);
	sctp_tsnmap_update(map);
}

/* It was there, and was given up for something else. */
void sctp_tsnmap_renege(struct sctp_tsnmap *map, u32 tsn)
{
	if (malformed(TSN_lt(tsn, map->base_tsn)))
		return;
	if (malformed(!TSN_lt(tsn, map->base_tsn + map->len)))
		return;
	clear_bit(tsn - map->base_tsn, map->tsn_map);
}

void sctp_tsnmap_mark_dup(struct sctp_tsnmap *map, u32 tsn)
{
	if (malformed(map->num_dup_tsns >= SCTP_MAX_DUP_TSNS))
		return;
	map->dup_tsns[map->num_dup_tsns++] = htonl(tsn);
}

/* Gap blocks for a SACK, in host order from 1 on. */
unsigned int sctp_tsnmap_num_gabs(struct sctp_tsnmap *map, struct sctp_gap_ack_block *gabs)
{
	unsigned long start = 0, end;
	unsigned int ngaps = 0;

	if (!sctp_tsnmap_has_gap(map))
		return 0;
	while (ngaps < SCTP_MAX_GABS) {
		start = find_next_bit(map->tsn_map, map->len, start);
		if (start >= map->len)
			break;
		end = find_next_zero_bit(map->tsn_map, map->len, start);
		gabs[ngaps].start = htons((u16)(start + 1));
		gabs[ngaps].end = htons((u16)end);
		ngaps++;
		start = end;
	}
	return ngaps;
}
