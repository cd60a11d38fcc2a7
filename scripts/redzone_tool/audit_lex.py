# SPDX-License-Identifier: GPL-2.0-only
"""C text by tokens and brackets, and conditions taken apart."""

import re

TOKEN = re.compile(
    r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|[A-Za-z_]\w*|0[xX][0-9a-fA-F]+\w*|\d[\w.]*"
    r"|->|\+\+|--|<<=|>>=|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|\.\.\.|\S"
)


def tokens(text: str) -> list[str]:
    """The C tokens of @text."""
    return TOKEN.findall(text)


def normal(text: str) -> str:
    """A spelling of @text that white space does not change."""
    return " ".join(tokens(text))


def one_line(text: str) -> str:
    """@text with every run of white space, line joins too, made one space."""
    return re.sub(r"(?:\s|\\\n)+", " ", text).strip()


def closing(text: str, start: int) -> int:
    """Offset of the bracket that closes the one at @start; len(text) if none does."""
    depth = 0
    for match in TOKEN.finditer(text, start):
        if match[0] in ("(", "[", "{"):
            depth += 1
        elif match[0] in (")", "]", "}"):
            depth -= 1
            if depth == 0:
                return match.start()
    return len(text)


def split_top(text: str, *operators: str) -> list[str]:
    """Cut @text at each of @operators that stands in no bracket."""
    parts, depth, begin = [], 0, 0
    for match in TOKEN.finditer(text):
        if match[0] in ("(", "[", "{"):
            depth += 1
        elif match[0] in (")", "]", "}"):
            depth -= 1
        elif depth == 0 and match[0] in operators:
            parts.append(text[begin:match.start()].strip())
            begin = match.end()
    parts.append(text[begin:].strip())
    return parts


def strip_parens(text: str) -> str:
    """@text without brackets or likely()/unlikely() around the whole of it."""
    text = text.strip()
    while True:
        match = re.match(r"(?:(?:un)?likely\s*)?\(", text)
        if not match or closing(text, match.end() - 1) != len(text) - 1:
            return text
        text = text[match.end():-1].strip()


def disjuncts(text: str, negated: bool) -> list[str]:
    """The conditions each of which alone makes @text true (or false, if @negated)."""
    text = strip_parens(text)
    match = re.match(r"!\s*(?=\()", text)
    if match and closing(text, match.end()) == len(text) - 1:
        return disjuncts(text[match.end():], not negated)
    # && binds closer than ||: there is something to cut at only where the outermost
    # operator is the one that this sense of the condition distributes over.
    parts = split_top(text, "||")
    if negated:
        parts = split_top(text, "&&") if len(parts) == 1 else [text]
    if len(parts) == 1:
        return [f"!({text})" if negated else text]
    return [item for part in parts for item in disjuncts(part, negated)]
