// SPDX-License-Identifier: GPL-2.0-only
/* Device objects: see <linux/device.h>. */
#include <linux/container_of.h>
#include <linux/device.h>
#include <redzone/kernel.h>

void device_initialize(struct device *dev)
{
	kref_init(&dev->kref);
	dev->parent = NULL;
	dev->added = false;
}

int device_add(struct device *dev)
{
	if (dev->added)
		redzone_finding("refcount", "device added twice");
	get_device(dev->parent);
	dev->added = true;
	return 0;
}

void device_del(struct device *dev)
{
	if (!dev->added)
		redzone_finding("refcount", "device deleted that was not added");
	dev->added = false;
	put_device(dev->parent);
}

struct device *get_device(struct device *dev)
{
	if (dev)
		kref_get(&dev->kref);
	return dev;
}

static void device_release(struct kref *kref)
{
	struct device *dev = container_of(kref, struct device, kref);

	dev->release(dev);
}

void put_device(struct device *dev)
{
	if (dev)
		kref_put(&dev->kref, device_release);
}
