// SPDX-License-Identifier: GPL-2.0-only
/* Copying out of vectors of kernel memory (linux/uio.h). */
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/uio.h>

void iov_iter_kvec(struct iov_iter *i, unsigned int direction, const struct kvec *kvec,
		   unsigned long nr_segs, size_t count)
{
	*i = (struct iov_iter){ .kvec = kvec, .nr_segs = nr_segs, .count = count };
}

/* Bytes that can be had at once, and where; 0 at the end of all vectors. */
static size_t iov_step(struct iov_iter *i, size_t bytes, const u8 **from)
{
	while (i->nr_segs && i->iov_offset >= i->kvec->iov_len) {
		i->kvec++;
		i->nr_segs--;
		i->iov_offset = 0;
	}
	if (!i->nr_segs)
		return 0;
	*from = (const u8 *)i->kvec->iov_base + i->iov_offset;
	return min3(bytes, i->count, i->kvec->iov_len - i->iov_offset);
}

static size_t iov_walk(u8 *to, size_t bytes, struct iov_iter *i)
{
	const u8 *from = NULL;
	size_t done = 0, n;

	while (done < bytes && (n = iov_step(i, bytes - done, &from)) != 0) {
		if (to)
			memcpy(to + done, from, n);
		i->iov_offset += n;
		i->count -= n;
		done += n;
	}
	return done;
}

void iov_iter_advance(struct iov_iter *i, size_t bytes)
{
	iov_walk(NULL, bytes, i);
}

size_t copy_from_iter(void *addr, size_t bytes, struct iov_iter *i)
{
	return iov_walk(addr, bytes, i);
}

bool copy_from_iter_full(void *addr, size_t bytes, struct iov_iter *i)
{
	struct iov_iter before = *i;

	if (iov_walk(addr, bytes, i) == bytes)
		return true;
	*i = before;
	return false;
}
