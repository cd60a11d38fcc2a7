/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REDZONE_PLANTED_H
#define REDZONE_PLANTED_H

#include <linux/types.h>
#include <redzone/sink.h>

/**
 * planted_parse() - hand one input to the function that its first byte names
 *
 * Return: 0, or -EINVAL as the planted guard of that function decides.
 */
int planted_parse(struct sink *sink, const u8 *data, size_t len);

#endif /* REDZONE_PLANTED_H */
