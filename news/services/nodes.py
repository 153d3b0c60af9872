"""A pasted text as a tree of elements, no deeper than each step over it can follow."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"br", "img", "col", "embed"}
_EMOJI = "\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
#: A joiner between two emoji makes one of them: a teacher, a family.
INVISIBLE = re.compile(
    f"[\u00ad\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffe\uffff\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f]"
    f"|(?<![{_EMOJI}\ufe0f])\u200d|\u200d(?![{_EMOJI}])"
)
EMOJI = re.compile(f"[{_EMOJI}\ufe0f\u200d]+")
BLANKS = re.compile("[ \t\n\r\u00a0\u2000-\u200a\u202f\u3000]+")
OPEN_OR_CLOSE = re.compile(r"<(/?)([a-z][a-z0-9]*)")
DEEPEST = 100  # elements in each other; no text of people comes near it, and each step walks the tree by calls


@dataclass
class Node:
    """An element: its name, its attributes, and what is in it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words in it."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    @property
    def style(self) -> str:
        """What it says of its look, small and without blanks."""
        return self.attributes.get("style", "").replace(" ", "").lower()


class Tree(HTMLParser):
    """Builds nodes from what nh3 let through, which is well-formed; beyond all depth the words alone."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("")
        self._open = [self.root]
        self._too_deep = 0  # elements that are open and became no nodes

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        if len(self._open) > DEEPEST:
            self._too_deep += tag not in VOID
            self._open[-1].children.append(" ")
            return
        node = Node(tag, {name: seen(value or "") for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        """End the innermost open element of this name, and what is open in it."""
        if self._too_deep:
            self._too_deep -= 1
            return
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth].tag == tag:
                del self._open[depth:]
                return

    def handle_data(self, data: str) -> None:
        """Take in words."""
        self._open[-1].children.append(seen(data))


def seen(text: str) -> str:
    """Return the text without signs that nobody sees, accents in one sign; markup may have named them (&shy;)."""
    return INVISIBLE.sub("", unicodedata.normalize("NFC", text))


def depth_of(markup: str) -> int:
    """Return how many elements of clean HTML stand in each other at the most."""
    deepest = depth = 0
    for close, tag in OPEN_OR_CLOSE.findall(markup):
        if tag not in VOID:
            depth += -1 if close else 1
            deepest = max(deepest, depth)
    return deepest


def find(node: Node, fits: Callable[[Node], bool]) -> list[Node]:
    """Return what fits of the node and all in it, the innermost first."""
    inner = [one for child in node.children if isinstance(child, Node) for one in find(child, fits)]
    return [node, *inner] if fits(node) else inner
