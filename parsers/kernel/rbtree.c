/* SPDX-License-Identifier: GPL-2.0-only */
/* Red-black trees: insertion and deletion after Cormen et al., with NULL leaves. */
#include <linux/rbtree.h>

enum { RED = 0, BLACK = 1 };

static int color(const struct rb_node *node)
{
	return node ? (int)(node->__rb_parent_color & 1) : BLACK;
}

static void set_color(struct rb_node *node, int c)
{
	node->__rb_parent_color = (node->__rb_parent_color & ~1UL) | (unsigned long)c;
}

static void set_parent(struct rb_node *node, struct rb_node *parent)
{
	node->__rb_parent_color = (unsigned long)parent |
				  (node->__rb_parent_color & 1);
}

/* @new takes the place of @old below @parent. */
static void replace_child(struct rb_root *root, struct rb_node *parent,
			  struct rb_node *old, struct rb_node *new)
{
	if (!parent)
		root->rb_node = new;
	else if (parent->rb_left == old)
		parent->rb_left = new;
	else
		parent->rb_right = new;
}

static struct rb_node **child(struct rb_node *node, bool right)
{
	return right ? &node->rb_right : &node->rb_left;
}

/* @node goes down to the side @right; its other child takes its place. */
static void rotate(struct rb_root *root, struct rb_node *node, bool right)
{
	struct rb_node *up = *child(node, !right), *inner = *child(up, right);

	*child(node, !right) = inner;
	if (inner)
		set_parent(inner, node);
	set_parent(up, rb_parent(node));
	replace_child(root, rb_parent(node), node, up);
	*child(up, right) = node;
	set_parent(node, up);
}

void rb_insert_color(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *parent;

	while ((parent = rb_parent(node)) && color(parent) == RED) {
		struct rb_node *grand = rb_parent(parent);
		bool right = parent == grand->rb_right;
		struct rb_node *uncle = *child(grand, !right);

		if (color(uncle) == RED) {
			set_color(parent, BLACK);
			set_color(uncle, BLACK);
			set_color(grand, RED);
			node = grand;
			continue;
		}
		if (node == *child(parent, !right)) {
			rotate(root, parent, right);
			parent = node;
		}
		set_color(parent, BLACK);
		set_color(grand, RED);
		rotate(root, grand, !right);
		break;
	}
	set_color(root->rb_node, BLACK);
}

/* The subtree at @node (may be NULL) below @parent lacks one black node. */
static void erase_fixup(struct rb_root *root, struct rb_node *node,
			struct rb_node *parent)
{
	while (parent && color(node) == BLACK) {
		bool right = node == parent->rb_right;
		struct rb_node *sibling = *child(parent, !right);

		if (color(sibling) == RED) {
			set_color(sibling, BLACK);
			set_color(parent, RED);
			rotate(root, parent, right);
			sibling = *child(parent, !right);
		}
		if (color(sibling->rb_left) == BLACK &&
		    color(sibling->rb_right) == BLACK) {
			set_color(sibling, RED);
			node = parent;
			parent = rb_parent(node);
			continue;
		}
		if (color(*child(sibling, !right)) == BLACK) {
			set_color(*child(sibling, right), BLACK);
			set_color(sibling, RED);
			rotate(root, sibling, !right);
			sibling = *child(parent, !right);
		}
		set_color(sibling, color(parent));
		set_color(parent, BLACK);
		set_color(*child(sibling, !right), BLACK);
		rotate(root, parent, right);
		return;
	}
	if (node)
		set_color(node, BLACK);
}

/* @node has two children: its successor takes over place and colour. */
static void swap_with_successor(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *next = node->rb_right, *parent = node, *orphan;
	int lost;

	while (next->rb_left)
		next = next->rb_left;
	lost = color(next);
	orphan = next->rb_right;
	if (next != node->rb_right) {
		parent = rb_parent(next);
		parent->rb_left = orphan;
		if (orphan)
			set_parent(orphan, parent);
		next->rb_right = node->rb_right;
		set_parent(next->rb_right, next);
	} else {
		parent = next;
	}
	next->rb_left = node->rb_left;
	set_parent(next->rb_left, next);
	next->__rb_parent_color = node->__rb_parent_color;
	replace_child(root, rb_parent(node), node, next);
	if (lost == BLACK)
		erase_fixup(root, orphan, parent);
}

void rb_erase(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *parent = rb_parent(node), *heir;

	if (node->rb_left && node->rb_right) {
		swap_with_successor(node, root);
		return;
	}
	heir = node->rb_left ? node->rb_left : node->rb_right;
	if (heir)
		set_parent(heir, parent);
	replace_child(root, parent, node, heir);
	if (color(node) == BLACK)
		erase_fixup(root, heir, parent);
}

static struct rb_node *outermost(struct rb_node *node, bool right)
{
	while (node && *child(node, right))
		node = *child(node, right);
	return node;
}

struct rb_node *rb_first(const struct rb_root *root)
{
	return outermost(root->rb_node, false);
}

struct rb_node *rb_last(const struct rb_root *root)
{
	return outermost(root->rb_node, true);
}

static struct rb_node *neighbour(const struct rb_node *node, bool right)
{
	struct rb_node *parent, *side = *child((struct rb_node *)node, right);

	if (RB_EMPTY_NODE(node))
		return NULL;
	if (side)
		return outermost(side, !right);
	while ((parent = rb_parent(node)) && node == *child(parent, right))
		node = parent;
	return parent;
}

struct rb_node *rb_next(const struct rb_node *node)
{
	return neighbour(node, true);
}

struct rb_node *rb_prev(const struct rb_node *node)
{
	return neighbour(node, false);
}

void rb_replace_node(struct rb_node *victim, struct rb_node *new,
		     struct rb_root *root)
{
	*new = *victim;
	if (new->rb_left)
		set_parent(new->rb_left, new);
	if (new->rb_right)
		set_parent(new->rb_right, new);
	replace_child(root, rb_parent(victim), victim, new);
}
