/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Vectors of memory that a caller hands down, and a position in them.
 * Faithful to Linux 6.1 for kernel memory (struct kvec), which is all there is here.
 */
#ifndef _LINUX_UIO_H
#define _LINUX_UIO_H

#include <linux/types.h>

#define READ	0
#define WRITE	1

struct kvec {
	void	*iov_base;
	size_t	iov_len;
};

struct iov_iter {
	size_t			iov_offset;	/* within the first vector */
	size_t			count;		/* bytes left in all of them */
	const struct kvec	*kvec;
	unsigned long		nr_segs;
};

static inline size_t iov_iter_count(const struct iov_iter *i)
{
	return i->count;
}

void iov_iter_kvec(struct iov_iter *i, unsigned int direction, const struct kvec *kvec,
		   unsigned long nr_segs, size_t count);
void iov_iter_advance(struct iov_iter *i, size_t bytes);

/* Return: bytes copied, fewer than @bytes when the vectors end before. */
size_t copy_from_iter(void *addr, size_t bytes, struct iov_iter *i);

/* All of @bytes or, with @i where it was, nothing. */
bool copy_from_iter_full(void *addr, size_t bytes, struct iov_iter *i);

#endif /* _LINUX_UIO_H */
