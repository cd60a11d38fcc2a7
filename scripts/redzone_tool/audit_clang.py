# SPDX-License-Identifier: GPL-2.0-only
"""Statement trees from the compiler's own AST (libclang), for ports."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any, Sequence

from redzone_tool.audit_lex import closing, one_line
from redzone_tool.audit_text import strip_comments
from redzone_tool.audit_tree import Function, Stmt
from redzone_tool.errors import ENVIRONMENT, ToolError

PACKAGE = "python3-clang-19"
_WRAPPERS = ("CXX_", "UNEXPOSED", "COMPOUND", "ATTRIBUTE")


def _cindex() -> Any:
    try:
        from clang import cindex
    except ImportError as error:
        raise ToolError(
            f"the guard audit needs {PACKAGE}: run scripts/redzone setup", ENVIRONMENT
        ) from error
    if not cindex.Config.loaded and not cindex.Config.library_file:
        for name in ("libclang-19.so.1", "libclang.so.1", "libclang.so"):
            library = Path("/usr/lib/llvm-19/lib") / name
            if library.exists():
                cindex.Config.set_library_file(str(library))
                break
    return cindex


def arguments(root: Path, family: str) -> list[str]:
    """Compiler options of a port: solid build, the tree's include roots."""
    roots = [
        root / "parsers" / "guard" / "include",
        root / "parsers" / "kernel" / "include",
        root / "parsers" / family / "include",
        root / "parsers" / family,
    ]
    return ["-std=gnu11", "-w", "-ferror-limit=0", "-O2"] + [f"-I{path}" for path in roots]


@functools.cache
def _is_below(folder: Path, name: str) -> bool:
    """Asked for each macro of each header of each port."""
    return folder in Path(name).resolve().parents


class _Tree:
    """One translation unit of a port."""

    def __init__(self, cindex: Any, unit: Any, folder: Path):
        self.cindex = cindex
        self.kinds = cindex.CursorKind
        self.folder = folder
        self.sources: dict[str, str] = {}
        self.macros: dict[tuple[str, int], str] = {}
        self.own_macros: set[str] = set()
        for cursor in unit.cursor.get_children():
            kind = cursor.kind
            if kind not in (self.kinds.MACRO_INSTANTIATION, self.kinds.MACRO_DEFINITION):
                continue
            location = cursor.location
            file = location.file
            if not file:
                continue
            if kind == self.kinds.MACRO_INSTANTIATION:
                self.macros.setdefault((file.name, location.offset), cursor.spelling)
            elif self.is_ours(file.name):
                self.own_macros.add(cursor.spelling)

    def is_ours(self, name: str) -> bool:
        """Whether a file belongs to the family (and not to the userspace kernel)."""
        return _is_below(self.folder, name)

    def source(self, name: str) -> str:
        """Text of a file, comments blanked, addressed by byte as libclang does."""
        if name not in self.sources:
            data = Path(name).read_bytes().decode("latin-1")
            self.sources[name] = strip_comments(data)
        return self.sources[name]

    def text(self, cursor: Any) -> str:
        """Source spelling of an expression."""
        start, end = cursor.extent.start, cursor.extent.end
        source = self.source(start.file.name)
        spelled = source[start.offset:end.offset]
        if (start.file.name, start.offset) in self.macros and end.offset <= start.offset + len(
                self.macros[start.file.name, start.offset]):
            opening = re.compile(r"\s*\(").match(source, end.offset)
            if opening:
                spelled = source[start.offset:closing(source, opening.end() - 1) + 1]
        return one_line(spelled).rstrip("; ")

    def function(self, cursor: Any) -> Function | None:
        """The definition at @cursor, if it is one."""
        body = [c for c in cursor.get_children() if c.kind == self.kinds.COMPOUND_STMT]
        if not body:
            return None
        extent = body[-1].extent
        name = extent.start.file.name
        inside = self.source(name)[extent.start.offset + 1:extent.end.offset - 1]
        return Function(
            cursor.spelling, Path(name).name, cursor.location.line, self._result(cursor),
            self.statements(body[-1]), inside, extent.start.line,
        )

    def _result(self, cursor: Any) -> str:
        kind = cursor.result_type.get_canonical().kind
        types = self.cindex.TypeKind
        return {types.VOID: "void", types.BOOL: "bool", types.POINTER: "pointer"}.get(kind, "value")

    def statements(self, compound: Any) -> list[Stmt]:
        """Statements of a block."""
        return [s for child in compound.get_children() for s in self.statement(child)]

    def governed(self, cursor: Any) -> list[Stmt]:
        """What an if or loop governs, a block opened."""
        if cursor.kind == self.kinds.COMPOUND_STMT:
            return self.statements(cursor)
        return self.statement(cursor)

    def statement(self, cursor: Any) -> list[Stmt]:
        """One statement, with the label or case markers before it."""
        kinds, kind = self.kinds, cursor.kind
        start = cursor.extent.start
        made = Stmt("expr", "", start.line, cursor.extent.end.line)
        children = list(cursor.get_children())
        if kind == kinds.COMPOUND_STMT:
            made.kind, made.body = "block", self.statements(cursor)
        elif kind in (kinds.IF_STMT, kinds.SWITCH_STMT, kinds.WHILE_STMT, kinds.FOR_STMT,
                      kinds.DO_STMT):
            return self._branching(cursor, children, made)
        elif kind in (kinds.CASE_STMT, kinds.DEFAULT_STMT, kinds.LABEL_STMT):
            return self._marker(cursor, children, made)
        elif kind == kinds.GOTO_STMT:
            made.kind = "goto"
            made.text = children[0].spelling if children else self.text(cursor)[4:].strip()
        elif kind == kinds.RETURN_STMT:
            made.kind = "return"
            # what a macro returns is not spelled here: taken for an error
            if children:
                made.text = self._behind(cursor, "return") or "-MACRO"
        elif kind in (kinds.BREAK_STMT, kinds.CONTINUE_STMT):
            made.kind = "break" if kind == kinds.BREAK_STMT else "continue"
        elif kind == kinds.NULL_STMT:
            return []
        else:
            made.text = self.text(cursor)
        return [made]

    def _behind(self, cursor: Any, word: str) -> str:
        """Text of a statement behind its first word, if it is written out."""
        text = self.text(cursor)
        return text[len(word):].strip() if re.match(rf"{word}\b", text) else ""

    def _marker(self, cursor: Any, children: list[Any], made: Stmt) -> list[Stmt]:
        kinds = self.kinds
        made.end = made.line
        if cursor.kind == kinds.LABEL_STMT:
            made.kind, made.text = "label", cursor.spelling
        elif cursor.kind == kinds.DEFAULT_STMT:
            made.kind, made.text = "case", "default"
        else:
            # a range has its last value as a child too
            values = children[:-1]
            made.kind = "case"
            made.text = "case " + " ... ".join(self.text(value) for value in values)
        return [made] + (self.statement(children[-1]) if children else [])

    def _written(self, cursor: Any, *words: str) -> int:
        """Offset behind the keyword if the statement is written out here, or -1."""
        start = cursor.extent.start
        source = self.source(start.file.name)
        match = re.compile(rf"(?:{'|'.join(words)})\b\s*").match(source, start.offset)
        return match.end() if match else -1

    def _branching(self, cursor: Any, children: list[Any], made: Stmt) -> list[Stmt]:
        kinds, kind = self.kinds, cursor.kind
        start = cursor.extent.start
        source = self.source(start.file.name)
        after = self._written(cursor, "if", "switch", "while", "for", "do")
        made.kind = {kinds.IF_STMT: "if", kinds.SWITCH_STMT: "switch"}.get(kind, "loop")
        if after < 0:
            return self._from_macro(cursor, children, made)
        if kind == kinds.DO_STMT:
            made.text = self.text(children[-1])
            made.body = self.governed(children[0])
            return [made]
        inside = source[after + 1:closing(source, after)]
        if kind == kinds.FOR_STMT:
            inside = (inside.split(";") + ["", ""])[1]
        made.text = one_line(inside)
        if kind == kinds.IF_STMT:
            made.body = self.governed(children[1])
            made.orelse = self.governed(children[2]) if len(children) > 2 else []
        else:
            made.body = self.governed(children[-1])
        return [made]

    def _from_macro(self, cursor: Any, children: list[Any], made: Stmt) -> list[Stmt]:
        """A branch that a macro wrote.

        The userspace kernel's are its own affair (loops over our lists, WARN_ON, locks); one of
        the family's own headers or sources counts, under the text of its use.
        """
        start = cursor.extent.start
        name = self.macros.get((start.file.name, start.offset), "")
        if made.kind == "loop":
            made.macro = name or "macro"
            body = children[0] if cursor.kind == self.kinds.DO_STMT else children[-1]
            made.body = self.governed(body) if name not in self.own_macros else []
            if cursor.kind == self.kinds.DO_STMT and name in self.own_macros:
                return self.governed(body)
            if cursor.kind == self.kinds.DO_STMT:
                return [Stmt("expr", self.text(cursor), made.line, made.end)]
            return [made]
        if name not in self.own_macros:
            return [Stmt("expr", self.text(cursor), made.line, made.end)]
        made.text = self.text(cursor)
        if made.kind == "if":
            made.body = self.governed(children[1])
            made.orelse = self.governed(children[2]) if len(children) > 2 else []
        else:
            made.body = self.governed(children[-1])
        return [made]


def functions(root: Path, family: str, files: Sequence[Path]) -> list[Function]:
    """Functions defined in @files (ports of one family) and in the family's own headers."""
    cindex = _cindex()
    found: dict[tuple[str, int, str], Function] = {}
    folder = (root / "parsers" / family).resolve()
    index = cindex.Index.create()
    options = arguments(root, family)
    for path in files:
        unit = _parse(cindex, index, path, options)
        tree = _Tree(cindex, unit, folder)
        for cursor in unit.cursor.get_children():
            if cursor.kind != cindex.CursorKind.FUNCTION_DECL or not cursor.is_definition():
                continue
            if not cursor.location.file or not tree.is_ours(cursor.location.file.name):
                continue
            function = tree.function(cursor)
            if function:
                found[function.file, function.line, function.name] = function
    return list(found.values())


def _parse(cindex: Any, index: Any, path: Path, options: list[str]) -> Any:
    flag = cindex.TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD
    try:
        unit = index.parse(str(path), args=options, options=flag)
    except cindex.TranslationUnitLoadError as error:
        raise ToolError(f"{path.name}: clang cannot read it: {error}") from error
    for diagnostic in unit.diagnostics:
        if diagnostic.severity >= cindex.Diagnostic.Error:
            where = diagnostic.location
            name = Path(where.file.name).name if where.file else path.name
            raise ToolError(f"{name}:{where.line}: does not compile: {diagnostic.spelling}")
    return unit
