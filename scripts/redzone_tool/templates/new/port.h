/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PARSERS_${FAMILY}_${FILE}_H
#define PARSERS_${FAMILY}_${FILE}_H

struct sink;
struct sk_buff;

/**
 * ${file}_rcv - parse one packet of records
 * @skb: the packet; stays the caller's, its data is pulled as it is parsed
 * @sink: where decoded values and the verdict go
 *
 * Return: 0, or -EBADMSG when a record does not fit.
 */
int ${file}_rcv(struct sk_buff *skb, struct sink *sink);

#endif /* PARSERS_${FAMILY}_${FILE}_H */
