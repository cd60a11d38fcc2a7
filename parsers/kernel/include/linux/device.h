/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The reference count that lives in every device object.
 *
 * Changed for testing: there is no driver core. Adding and deleting only balance
 * (deleting what was not added, or adding twice, is a finding of kind "refcount");
 * the last reference calls ->release().
 */
#ifndef _LINUX_DEVICE_H
#define _LINUX_DEVICE_H

#include <linux/kref.h>

struct device {
	struct kref kref;
	struct device *parent;
	void (*release)(struct device *dev);
	void *driver_data;
	bool added;
};

void device_initialize(struct device *dev);
/* Return: 0; the parent, if any, is held until device_del(). */
int device_add(struct device *dev);
void device_del(struct device *dev);
struct device *get_device(struct device *dev);	/* NULL stays NULL */
void put_device(struct device *dev);

static inline bool device_is_registered(const struct device *dev)
{
	return dev->added;
}

static inline void *dev_get_drvdata(const struct device *dev)
{
	return dev->driver_data;
}

static inline void dev_set_drvdata(struct device *dev, void *data)
{
	dev->driver_data = data;
}

#endif /* _LINUX_DEVICE_H */
