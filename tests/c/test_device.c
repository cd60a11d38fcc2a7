/* SPDX-License-Identifier: GPL-2.0-only */
/* Device objects: the last reference releases, adding and deleting balance. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <linux/container_of.h>
#include <linux/device.h>
#include <redzone/kernel.h>

#include "expect_report.h"

struct thing {
	struct device dev;
	int released;
};

static void thing_release(struct device *dev)
{
	container_of(dev, struct thing, dev)->released++;
}

static void thing_init(struct thing *t)
{
	*t = (struct thing){ .dev.release = thing_release };
	device_initialize(&t->dev);
}

static void test_last_reference_releases(void **state)
{
	struct thing t;

	thing_init(&t);
	assert_ptr_equal(get_device(&t.dev), &t.dev);
	put_device(&t.dev);
	assert_int_equal(t.released, 0);
	put_device(&t.dev);
	assert_int_equal(t.released, 1);
	assert_null(get_device(NULL));
	put_device(NULL);
}

static void test_child_holds_parent(void **state)
{
	struct thing parent, child;

	thing_init(&parent);
	thing_init(&child);
	child.dev.parent = &parent.dev;
	assert_false(device_is_registered(&child.dev));
	assert_int_equal(device_add(&child.dev), 0);
	assert_true(device_is_registered(&child.dev));
	put_device(&parent.dev);
	assert_int_equal(parent.released, 0);
	device_del(&child.dev);
	assert_int_equal(parent.released, 1);
	put_device(&child.dev);
	assert_int_equal(child.released, 1);
}

static void too_many_puts(void)
{
	struct thing t;

	thing_init(&t);
	put_device(&t.dev);
	put_device(&t.dev);
}

static void add_twice(void)
{
	struct thing t;

	thing_init(&t);
	device_add(&t.dev);
	device_add(&t.dev);
}

static void delete_unadded(void)
{
	struct thing t;

	thing_init(&t);
	device_del(&t.dev);
}

static void test_imbalance_is_found(void **state)
{
	expect_report(too_many_puts, "redzone: refcount", NULL);
	expect_report(add_twice, "redzone: refcount: device added twice", NULL);
	expect_report(delete_unadded, "redzone: refcount: device deleted", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_last_reference_releases),
		cmocka_unit_test(test_child_holds_parent),
		cmocka_unit_test(test_imbalance_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
