/* SPDX-License-Identifier: GPL-2.0-only */
/* xarray, idr and ida: a sorted array of (index, entry). */
#include <linux/bug.h>
#include <linux/idr.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/xarray.h>

/* ---- The sorted array ---- */

/* Position of the first slot whose index is not below @index. */
static size_t lower_bound(const struct redzone_index *ix, unsigned long index)
{
	size_t low = 0, high = ix->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (ix->slots[mid].index < index)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct redzone_index_entry *find(const struct redzone_index *ix,
					unsigned long index)
{
	size_t pos = lower_bound(ix, index);

	if (pos == ix->count || ix->slots[pos].index != index)
		return NULL;
	return &ix->slots[pos];
}

static int insert_at(struct redzone_index *ix, size_t pos, unsigned long index,
		     void *entry, gfp_t gfp)
{
	if (ix->count == ix->room) {
		size_t room = ix->room ? 2 * ix->room : 4;
		void *slots = krealloc_array(ix->slots, room, sizeof(*ix->slots), gfp);

		if (!slots)
			return -ENOMEM;
		ix->slots = slots;
		ix->room = room;
	}
	memmove(ix->slots + pos + 1, ix->slots + pos,
		(ix->count - pos) * sizeof(*ix->slots));
	ix->slots[pos].index = index;
	ix->slots[pos].entry = entry;
	ix->count++;
	return 0;
}

static void destroy(struct redzone_index *ix)
{
	kfree(ix->slots);
	memset(ix, 0, sizeof(*ix));
}

static void *remove_at(struct redzone_index *ix, struct redzone_index_entry *slot)
{
	void *entry;

	if (!slot)
		return NULL;
	entry = slot->entry;
	ix->count--;
	memmove(slot, slot + 1,
		(size_t)(ix->slots + ix->count - slot) * sizeof(*slot));
	if (!ix->count)
		destroy(ix);
	return entry;
}

/* @entry under the lowest free index in [min, max], stored in *@id. */
static int insert_free(struct redzone_index *ix, unsigned long min,
		       unsigned long max, void *entry, gfp_t gfp, unsigned long *id)
{
	size_t pos = lower_bound(ix, min);

	for (; pos < ix->count && ix->slots[pos].index == min; pos++) {
		if (min == max)
			return -ENOSPC;
		min++;
	}
	if (min > max)
		return -ENOSPC;
	*id = min;
	return insert_at(ix, pos, min, entry, gfp);
}

static struct redzone_index_entry *first_from(const struct redzone_index *ix,
					      unsigned long index,
					      unsigned long max)
{
	size_t pos = lower_bound(ix, index);

	if (pos == ix->count || ix->slots[pos].index > max)
		return NULL;
	return &ix->slots[pos];
}

/* ---- xarray ---- */

void xa_init_flags(struct xarray *xa, unsigned int flags)
{
	memset(xa, 0, sizeof(*xa));
	xa->xa_flags = flags;
}

void xa_destroy(struct xarray *xa)
{
	destroy(&xa->index);
}

void *xa_load(struct xarray *xa, unsigned long index)
{
	const struct redzone_index_entry *slot = find(&xa->index, index);

	return slot ? slot->entry : NULL;
}

void *xa_erase(struct xarray *xa, unsigned long index)
{
	return remove_at(&xa->index, find(&xa->index, index));
}

void *xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	struct redzone_index_entry *slot = find(&xa->index, index);
	void *old;
	int err;

	if (WARN_ON(((unsigned long)entry & 3) == 2))
		return redzone_xa_mk_err(-EINVAL);
	if (!entry)
		return xa_erase(xa, index);
	if (!slot) {
		err = insert_at(&xa->index, lower_bound(&xa->index, index), index,
				entry, gfp);
		return err ? redzone_xa_mk_err(err) : NULL;
	}
	old = slot->entry;
	slot->entry = entry;
	return old;
}

int xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	if (find(&xa->index, index))
		return -EBUSY;
	return xa_err(xa_store(xa, index, entry, gfp));
}

void *xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry,
		 gfp_t gfp)
{
	void *now = xa_load(xa, index), *err;

	if (now != old)
		return now;
	err = xa_store(xa, index, entry, gfp);
	return xa_is_err(err) ? err : now;
}

int xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit,
	     gfp_t gfp)
{
	unsigned long min = limit.min, index;
	int err;

	if (WARN_ON(!(xa->xa_flags & (XA_FLAGS_ALLOC | XA_FLAGS_ALLOC1))))
		return -EINVAL;
	if ((xa->xa_flags & XA_FLAGS_ALLOC1) && !min)
		min = 1;
	err = insert_free(&xa->index, min, limit.max, entry, gfp, &index);
	if (err)
		return err == -ENOSPC ? -EBUSY : err;
	*id = (u32)index;
	return 0;
}

int xa_alloc_cyclic(struct xarray *xa, u32 *id, void *entry,
		    struct xa_limit limit, u32 *next, gfp_t gfp)
{
	struct xa_limit rest = { .min = max(limit.min, *next), .max = limit.max };
	int wrapped = 0;
	int err = -EBUSY;

	if (rest.min <= rest.max)
		err = xa_alloc(xa, id, entry, rest, gfp);
	if (err == -EBUSY && rest.min > limit.min) {
		err = xa_alloc(xa, id, entry, limit, gfp);
		wrapped = 1;
	}
	if (err)
		return err;
	*next = *id + 1;
	return wrapped;
}

void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max,
	      unsigned int filter)
{
	const struct redzone_index_entry *slot = first_from(&xa->index, *index, max);

	if (!slot)
		return NULL;
	*index = slot->index;
	return slot->entry;
}

void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long max,
		    unsigned int filter)
{
	unsigned long from = *index + 1;

	if (!from || from > max)
		return NULL;
	*index = from;
	return xa_find(xa, index, max, filter);
}

/* ---- idr ---- */

void idr_init_base(struct idr *idr, int base)
{
	memset(idr, 0, sizeof(*idr));
	idr->idr_base = (unsigned int)base;
}

void idr_destroy(struct idr *idr)
{
	destroy(&idr->index);
}

int idr_alloc_u32(struct idr *idr, void *ptr, u32 *nextid, unsigned long max,
		  gfp_t gfp)
{
	unsigned long id;
	int err;

	err = insert_free(&idr->index, max_t(u32, *nextid, idr->idr_base), max, ptr,
			  gfp, &id);
	if (!err)
		*nextid = (u32)id;
	return err;
}

int idr_alloc(struct idr *idr, void *ptr, int start, int end, gfp_t gfp)
{
	u32 id = (u32)start;
	int err;

	if (WARN_ON(start < 0))
		return -EINVAL;
	err = idr_alloc_u32(idr, ptr, &id, end > 0 ? (u32)end - 1 : (u32)INT_MAX, gfp);
	return err ? err : (int)id;
}

int idr_alloc_cyclic(struct idr *idr, void *ptr, int start, int end, gfp_t gfp)
{
	u32 max = end > 0 ? (u32)end - 1 : (u32)INT_MAX;
	u32 id = max_t(u32, idr->idr_next, (u32)start);
	int err;

	err = idr_alloc_u32(idr, ptr, &id, max, gfp);
	if (err == -ENOSPC && id > (u32)start) {
		id = (u32)start;
		err = idr_alloc_u32(idr, ptr, &id, max, gfp);
	}
	if (err)
		return err;
	idr->idr_next = id + 1;
	return (int)id;
}

void *idr_remove(struct idr *idr, unsigned long id)
{
	return remove_at(&idr->index, find(&idr->index, id));
}

void *idr_find(const struct idr *idr, unsigned long id)
{
	const struct redzone_index_entry *slot = find(&idr->index, id);

	return slot ? slot->entry : NULL;
}

void *idr_replace(struct idr *idr, void *ptr, unsigned long id)
{
	struct redzone_index_entry *slot = find(&idr->index, id);
	void *old;

	if (!slot)
		return ERR_PTR(-ENOENT);
	old = slot->entry;
	slot->entry = ptr;
	return old;
}

/* @fn may remove the id it is called for. */
int idr_for_each(const struct idr *idr,
		 int (*fn)(int id, void *p, void *data), void *data)
{
	const struct redzone_index_entry *slot;
	unsigned long id = 0;

	while ((slot = first_from(&idr->index, id, INT_MAX)) != NULL) {
		int ret;

		id = slot->index + 1;
		ret = fn((int)slot->index, slot->entry, data);
		if (ret)
			return ret;
	}
	return 0;
}

/* Ids that stand for NULL are passed over. */
void *idr_get_next(struct idr *idr, int *nextid)
{
	const struct redzone_index_entry *slot;
	unsigned long id = (unsigned long)*nextid;

	while ((slot = first_from(&idr->index, id, INT_MAX)) && !slot->entry)
		id = slot->index + 1;
	if (!slot)
		return NULL;
	*nextid = (int)slot->index;
	return slot->entry;
}

/* ---- ida ---- */

void ida_init(struct ida *ida)
{
	memset(ida, 0, sizeof(*ida));
}

void ida_destroy(struct ida *ida)
{
	destroy(&ida->index);
}

int ida_alloc_range(struct ida *ida, unsigned int min, unsigned int max, gfp_t gfp)
{
	unsigned long id;
	int err;

	if ((int)min < 0)
		return -ENOSPC;
	err = insert_free(&ida->index, min, (int)max < 0 ? (u32)INT_MAX : max, NULL,
			  gfp, &id);
	return err ? err : (int)id;
}

void ida_free(struct ida *ida, unsigned int id)
{
	struct redzone_index_entry *slot = find(&ida->index, id);

	if (!slot)
		WARN(1, "ida_free() of id %u, which is not allocated", id);
	remove_at(&ida->index, slot);
}
