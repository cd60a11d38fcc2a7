# SPDX-License-Identifier: GPL-2.0-only
"""The guard audit: its rule on made-up functions, its page, and the real ports."""

import re
import shutil
import textwrap
from pathlib import Path

import pytest
from redzone_tool import (
    audit, audit_clang, audit_lex, audit_page, audit_text, audit_tree, catalogue, paths)
from redzone_tool.errors import ToolError

KERNEL_HEADER = """
#include <errno.h>
#include <stddef.h>
#include <stdbool.h>
struct sk_buff { int len; struct sk_buff *next; unsigned char *data; };
void kfree_skb(struct sk_buff *skb);
bool pskb_may_pull(struct sk_buff *skb, unsigned int len);
void *skb_pull_data(struct sk_buff *skb, size_t len);
void note(int x);
#define list_for_each_entry(p, head) for (p = (head); p; p = p->next)
#define WARN_ON(c) ({ int ret_ = !!(c); if (ret_) __builtin_trap(); ret_; })
enum { SKB_NOT_DROPPED_YET, SKB_DROP_REASON_IP_INHDR };
"""

# body of a function, its result type, the conditions that reject
RULES = [
    ("if (a < 4) return -EINVAL; return 0;", "int", ["a < 4"]),
    ("if (malformed(a < 4)) return -EINVAL; return 0;", "int", []),
    ("if (malformed(a < 4) || b) return -EINVAL; return 0;", "int", ["b"]),
    ("if (a < 4 || b == 2 || malformed(b)) return -1; return 0;", "int", ["a < 4", "b == 2"]),
    ("if (a && b) return -1; return 0;", "int", ["a && b"]),
    ("if (a && malformed(b)) return -1; return 0;", "int", []),
    ("if (unlikely(a < 4)) return -1; return 0;", "int", ["a < 4"]),
    ("if (!(a || b)) return -1; return 0;", "int", ["!(a || b)"]),
    ("if (!(a && b)) return -1; return 0;", "int", ["!(a)", "!(b)"]),
    ("if (a) note(1); else return -1; return 0;", "int", ["!(a)"]),
    ("if (a) { note(1); } else if (b) { return -1; } return 0;", "int", ["b"]),
    ("if (a) return 0; return -EPROTO;", "int", ["!(a)"]),
    ("if (a) return 1; kfree_skb(skb); return -1;", "int", ["!(a)"]),
    ("if (a) return 1; return 0;", "int", []),
    ("if (!skb) return NULL; return skb;", "void *", ["!skb"]),
    ("if (a) return false; return true;", "bool", ["a"]),
    ("if (a) return true; return b;", "bool", []),
    ("if (a) return; note(b);", "void", ["a"]),
    ("if (a) { note(1); kfree_skb(skb); } return 0;", "int", ["a"]),
    ("if (a) return SKB_DROP_REASON_IP_INHDR; return SKB_NOT_DROPPED_YET;", "int", ["a"]),
    ("int err = b; if (err) return err; return 0;", "int", ["err"]),
    ("if (a) goto drop; return 0; drop: kfree_skb(skb); return -1;", "int", ["a"]),
    ("if (a) goto out; note(1); out: return 0;", "int", []),
    ("again: note(1); if (a--) goto again; return 0;", "int", []),
    ("int err = 0; if (a) goto out; note(1); out: return err;", "int", []),
    ("int err = 0; if (a) { err = -EINVAL; goto fail; } note(1); fail: return err;", "int", ["a"]),
    ("while (a) { if (b) break; a--; } return 0;", "int", ["b"]),
    ("while (a) { if (malformed(b)) break; a--; } return 0;", "int", []),
    ("while (a) { if (b) return 0; a--; } return 0;", "int", ["b"]),
    ("while (a--) { if (b) continue; note(1); } return 0;", "int", ["b"]),
    ("while (a--) { if (b) { note(2); continue; } note(1); } return 0;", "int", []),
    ("while (a > 0 && b < 9) a--; return 0;", "int", ["!(b < 9)"]),
    ("for (b = 0; b < a && !malformed(b > 8); b++) note(b); return 0;", "int", []),
    ("while (a > 0) a--; return -1;", "int", ["!(a > 0)"]),
    ("struct sk_buff *p; list_for_each_entry(p, skb) { if (p->len) break; } return 0;", "int", []),
    ("struct sk_buff *p; list_for_each_entry(p, skb) { if (p->len) return -1; } return 0;", "int",
     ["p->len"]),
    ("switch (a) { case 1: note(1); break; default: return -1; } return 0;", "int",
     ["switch (a) default"]),
    ("switch (a) { case 1: case 2: kfree_skb(skb); break; } return 0;", "int",
     ["switch (a) case 1, case 2"]),
    ("switch (a) { case 1: if (b != 2) break; note(1); break; } return 0;", "int", ["b != 2"]),
    ("switch (a) { case 1: return 0; case 2: return 1; } return -1;", "int",
     ["switch (a) default"]),
    ("return a < 4 ? -EINVAL : 0;", "int", ["a < 4"]),
    ("return a < 4 ? 0 : -EINVAL;", "int", ["!(a < 4)"]),
    ("int err = 0; err = a ? -EINVAL : 0; return err;", "int", ["a"]),
    ("if (a) return refuse(skb); return 0;", "int", ["a"]),
    ("if (WARN_ON(a)) return -EIO; return 0;", "int", ["WARN_ON(a)"]),
    ('if (a /* || b */ < 4) return -1; note(")"[0]); return 0;', "int", ["a < 4"]),
]


def unit(body: str, result: str = "int") -> str:
    """A port file with one function under test."""
    return textwrap.dedent(f"""\
        #include <linux/skbuff.h>
        #include <redzone/guard.h>
        #define unlikely(x) (x)
        static int refuse(struct sk_buff *skb)
        {{
        \tkfree_skb(skb);
        \treturn -EBADMSG;
        }}
        {result} parse(struct sk_buff *skb, int a, int b)
        {{
        \t{body}
        }}
        """)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A source tree with a tiny userspace kernel and no ports yet."""
    include = tmp_path / "parsers" / "kernel" / "include" / "linux"
    include.mkdir(parents=True)
    (include / "skbuff.h").write_text(KERNEL_HEADER)
    guard = tmp_path / "parsers" / "guard" / "include" / "redzone"
    guard.mkdir(parents=True)
    real = paths.root() / "parsers" / "guard" / "include" / "redzone"
    shutil.copy(real / "guard.h", guard)
    (tmp_path / "parsers" / "net").mkdir()
    (tmp_path / "crashes").mkdir()
    return tmp_path


def write(tree: Path, source: str, page: str = "") -> None:
    """Put one port and its page there."""
    (tree / "parsers" / "net" / "x.c").write_text(source)
    (tree / "parsers" / "net" / "README.md").write_text(page)


def by_clang(tree: Path) -> list[audit_tree.Branch]:
    """Branches of parse(), from the AST."""
    functions = audit_clang.functions(tree, "net", [tree / "parsers" / "net" / "x.c"])
    return [b for b in audit_tree.Judge(functions).branches() if b.function == "parse"]


def by_text(source: str) -> list[audit_tree.Branch]:
    """Branches of parse(), from the text."""
    functions = audit_text.functions(source, "x.c")
    return [b for b in audit_tree.Judge(functions).branches() if b.function == "parse"]


@pytest.mark.parametrize("body, result, expected", RULES)
def test_rule(tree: Path, body: str, result: str, expected: list[str]) -> None:
    """Both front ends find exactly the unguarded rejecting branches."""
    source = unit(body, result)
    write(tree, source)
    wanted = [audit_lex.normal(text) for text in expected]
    for found in (by_clang(tree), by_text(source)):
        assert [audit_lex.normal(b.condition) for b in found if not b.guarded] == wanted


def test_a_branch_inside_a_macro_of_the_port_counts(tree: Path) -> None:
    """Hiding a check in the port's own macro does not hide it from the compiler's AST."""
    source = unit("NEED(4); return 0;").replace(
        "#define unlikely",
        "#define NEED(n) do { if (skb->len < (n)) return -EINVAL; } while (0)\n#define unlikely")
    write(tree, source)
    assert [b.condition for b in by_clang(tree)] == ["NEED(4)"]


def test_a_port_that_does_not_compile_is_an_error(tree: Path) -> None:
    """A broken AST would find fewer branches than there are."""
    write(tree, unit("return missing_thing;"))
    with pytest.raises(ToolError, match="does not compile"):
        by_clang(tree)


PORT = unit("if (malformed(a < 4)) return -1; if (b == 7) return -EIO;\n\treturn 0;")
WHY = "| file | function | condition | why no guard |\n|---|---|---|---|\n"
UPSTREAM = (
    "| upstream file | upstream function | rejecting checks | guards here | port function | "
    "why different |\n|---|---|---|---|---|---|\n")
GOOD_UPSTREAM = UPSTREAM + "| net/x.c | `x_rcv` | 2 - 1 | 1 | `parse()` | one tests the cache |\n"
GOOD_ROW = "| `x.c` | `parse` | `b  ==  7` | our own state |\n"


def problems(tree: Path, page: str, source: str = PORT) -> list[str]:
    """What the audit says about a page."""
    write(tree, source, page)
    return audit.run(tree, "net").problems


def test_page_that_explains_all(tree: Path) -> None:
    """White space in a condition does not matter; nothing is left over."""
    assert problems(tree, WHY + GOOD_ROW + "\n" + GOOD_UPSTREAM) == []


@pytest.mark.parametrize("rows, complaint", [
    ("", "is not explained"),
    (GOOD_ROW + "| x.c | parse | a == 9 | because |\n", "no unguarded rejecting branch `a == 9`"),
    (GOOD_ROW + "| x.c | parse | malformed(a < 4) | because |\n", "no unguarded rejecting branch"),
    ("| `x.c` | `parse` | `b == 7` | - |\n", "no reason"),
    (GOOD_ROW + GOOD_ROW, "twice"),
    ("| `y.c` | `parse` | `b == 7` | own state |\n", "is not explained"),
])
def test_page_and_branches_are_held_against_each_other(
        tree: Path, rows: str, complaint: str) -> None:
    """Both directions fail: a branch without a row, a row without a branch."""
    found = problems(tree, WHY + rows + "\n" + GOOD_UPSTREAM)
    assert any(complaint in line for line in found), found


@pytest.mark.parametrize("rows, complaint", [
    ("", "in no upstream row"),
    ("| net/x.c | `x_rcv` | 1 | 2 | `parse` | why |\n", "there are 1"),
    ("| net/x.c | `x_rcv` | 2 | 1 | `parse` | one is missing |\n", "90% are needed"),
    ("| net/x.c | `x_rcv` | 2 - 1 | 1 | `parse` | |\n", "needs a reason"),
    ("| net/x.c | `x_rcv` | 1 | 1 | `parse` | |\n| net/x.c | `y` | 1 | 1 | `parse` | |\n",
     "counted in 2 rows"),
    ("| net/x.c | `x_rcv` | 1 | 1 | `parse`, `gone` | |\n", "no port function gone()"),
])
def test_upstream_table(tree: Path, rows: str, complaint: str) -> None:
    """Guards are counted anew, and none may be missing or counted twice."""
    found = problems(tree, WHY + GOOD_ROW + "\n" + UPSTREAM + rows)
    assert any(complaint in line for line in found), found


def test_a_family_may_have_several_pages(tree: Path) -> None:
    """Rows of all pages count, and a complaint names the page it is about."""
    write(tree, PORT, GOOD_UPSTREAM)
    (tree / "parsers" / "net" / "more.md").write_text(WHY + GOOD_ROW)
    assert audit.run(tree, "net").problems == []
    (tree / "parsers" / "net" / "more.md").write_text(WHY + GOOD_ROW + GOOD_ROW)
    assert any("more.md:3: the row stands there twice" in p
               for p in audit.run(tree, "net").problems)


def test_more_guards_in_one_function_do_not_make_up_for_fewer_in_another() -> None:
    """The share is matched row by row."""
    def row(checks: int, guards: int) -> audit_page.UpstreamRow:
        return audit_page.UpstreamRow("README.md", 1, "net/x.c", ("f",), checks, 0, guards,
                                      ("f",), "why")
    share = audit.shares([row(10, 20), row(10, 5)])[0]
    assert (share.checks, share.matched) == (20, 15)


def test_a_guard_that_merges_two_conditions_must_be_explained(tree: Path) -> None:
    """`malformed(a || b)` could only be lost as a whole."""
    source = unit("if (malformed(a < 4 || b > 9)) return -1; return 0;")
    page = WHY + "\n" + GOOD_UPSTREAM.replace("2 - 1", "1")
    found = problems(tree, page, source)
    assert any("two conditions in one guard" in line for line in found), found
    row = "| x.c | parse | `malformed(a < 4 \\|\\| b > 9)` | a range of one field |\n"
    assert problems(tree, page.replace(WHY, WHY + row), source) == []


def test_upstream_counts_are_checked_against_a_kernel_tree(tree: Path) -> None:
    """The count of rejecting checks is the tool's, not the author's."""
    kernel = tree / "kernel" / "net"
    kernel.mkdir(parents=True)
    (kernel / "x.c").write_text(textwrap.dedent("""\
        static int x_rcv(struct sk_buff *skb)
        {
        #ifdef CONFIG_X
            if (a < 4)
        #else
            if (a < 4 || b || c)
        #endif
                goto drop;
            if (!cache)
                return -ENOMEM;
            return 0;
        drop:
            kfree_skb(skb);
            return -1;
        }
        int x_other(int a) { if (a) return -1; return 0; }
        """))
    write(tree, PORT, WHY + GOOD_ROW + "\n" + GOOD_UPSTREAM)
    check = audit.check_upstream(tree, "net", tree / "kernel")
    assert (check.problems, check.branches) == ([], 2)
    assert check.left_out == {"net/x.c": {"x_other": 1}}
    write(tree, PORT, WHY + GOOD_ROW + "\n" + GOOD_UPSTREAM.replace("2 - 1", "1"))
    assert "the source has 2" in audit.check_upstream(tree, "net", tree / "kernel").problems[0]


REAL = audit.families(paths.root())


@pytest.mark.parametrize("family", REAL)
def test_real_ports_pass(family: str) -> None:
    """Every rejecting branch of every port is a guard or explained."""
    result = audit.run(paths.root(), family)
    print(f"{family}: {len(result.guards)} guards, {len(result.branches)} rejecting branches, "
          f"{len(result.unguarded)} explained")
    assert result.problems == []
    assert len(result.guards) > 0
    assert result.shares


@pytest.mark.parametrize("family", REAL)
def test_front_ends_agree_on_real_ports(family: str) -> None:
    """The tokens alone give what the AST gives: the rule can be trusted on kernel files."""
    root = paths.root()
    files = audit.port_files(root, family)
    own = {path.name for path in files}
    clang = [f for f in audit_clang.functions(root, family, files) if f.file in own]
    text = [f for path in files for f in audit_text.functions(path.read_text(), path.name)]
    # functions that a macro defines are there for the compiler only; they hold no guards
    assert {f.name for f in text} <= {f.name for f in clang}

    def keys(functions: list[audit_tree.Function]) -> set[tuple[str, str, str]]:
        groups = audit.by_file(functions).values()
        return {b.key for group in groups for b in audit_tree.Judge(group).branches()}

    assert keys(text) ^ keys(clang) == set()


@pytest.mark.parametrize("family", REAL)
def test_the_guard_table_of_the_build_is_the_audited_population(family: str) -> None:
    """What the binary can ablate is what the audit counted."""
    def key(file: str, function: str, condition: str) -> tuple[str, str, str]:
        return Path(file).name, function, re.sub(r"\s", "", condition)

    built = sorted(
        key(guard.file, guard.function, guard.condition) for guard in catalogue.guards()
        if guard.file.startswith(f"parsers/{family}/"))
    audited = sorted(
        key(use.file, use.function, use.condition)
        for use in audit.run(paths.root(), family).guards)
    assert built == audited
