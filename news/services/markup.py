"""HTML as people paste it, from Word, LibreOffice, Google Docs or a mail, made into the little markup an article needs.

Three steps: nh3 makes it well-formed and harmless, one walk over the tree gives every thing its one name (a heading is
h2-h4, bold is strong, Word's list paragraphs are lists), nh3 keeps the door once more.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import NamedTuple

import nh3

from portal.lib.numbers import whole_number

VOID = {"br", "img", "col"}
INLINE = {"a", "strong", "em", "sub", "sup", "br"}
RENAMED = {
    "b": "strong", "i": "em", "h1": "h2", "h5": "h4", "h6": "h4", "div": "p", "section": "p", "article": "p",
    "pre": "p", "address": "p", "dt": "p", "dd": "p", "caption": "p",
}  # fmt: skip
UNWRAPPED = {"span", "font", "center", "u", "s", "dl", "colgroup", "col", "figcaption", "img", "tfoot"}
TEXT_BLOCKS = {"p", "h2", "h3", "h4"}
FINAL_TAGS = {
    "h2",
    "h3",
    "h4",
    "p",
    "ul",
    "ol",
    "li",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "blockquote",
    "figure",
} | INLINE
FIRST_TAGS = FINAL_TAGS | set(RENAMED) | UNWRAPPED
DROPPED_WITH_CONTENT = {"script", "style", "xml", "title", "template", "object", "iframe", "svg", "math", "noscript"}
SCHEMES = {"http", "https", "mailto", "tel"}
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b-\x1f\x7f]")
BLANKS = re.compile("[ \t\n\r\u00a0\u2000-\u200a\u202f\u3000]+")
SPANS = {"colspan", "rowspan"}
NOT_BOLD = re.compile("(?:^|;)font-weight:(?:normal|400)")
NOT_ITALIC = re.compile("(?:^|;)font-style:normal")
MARKER = re.compile(r"^\s*(?:(\d+|[a-zđA-ZĐ]|[ivxIVX]+)[.)]|[·•o§▪–\-*\uf0b7\uf0a7])\s*$")


class Cleaned(NamedTuple):
    """Clean HTML, and how many pictures of the pasted text could not come along."""

    html: str
    dropped_images: int


@dataclass
class _Node:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[_Node | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)


class _Tree(HTMLParser):
    """Builds nodes from what nh3 let through, which is well-formed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Node("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = _Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth].tag == tag:
                del self._open[depth:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def clean_body(text: str) -> Cleaned:
    """Return the text of an article as clean HTML; the same in, the same out, and clean HTML comes out unchanged.

    Without any tag it is plain text: blank lines part paragraphs. Links keep http, https, mail and telephone addresses
    and those of this site. `<figure data-photo="12">` stays, with nothing inside; other pictures go and are counted.
    """
    text = INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    if not re.search(r"<[a-zA-Z/!]", text):
        text = "".join(f"<p>{html.escape(part, quote=False)}</p>" for part in re.split(r"\n[ \t\r]*\n", text))
    text = re.sub(r"<!\[(?:if|endif)[^>]*\]>|<\?xml[^>]*>", "", text)
    first = nh3.clean(
        text, tags=FIRST_TAGS, clean_content_tags=DROPPED_WITH_CONTENT, url_schemes=SCHEMES, link_rel=None,
        attributes={"*": {"style", "class"}, "a": {"href"}, "figure": {"data-photo"}, "td": SPANS, "th": SPANS},
    )  # fmt: skip
    tree = _Tree()
    tree.feed(first)
    tree.close()
    images = first.count("<img")
    blocks = _blocks(_rename(tree.root.children))
    written = "\n".join(filter(None, (_write(block) for block in blocks)))
    final = nh3.clean(
        written, tags=FINAL_TAGS, url_schemes=SCHEMES, link_rel=None,
        attributes={"a": {"href"}, "figure": {"data-photo"}, "td": SPANS, "th": SPANS},
    )  # fmt: skip
    return Cleaned(final.strip(), images)


def plain_text(text: str) -> str:
    """Return what a reader sees of clean HTML, as lines of text."""
    text = re.sub(r"</(?:p|h[2-4]|li|td|th|tr|blockquote|figcaption)>|<br>", "\n", text)
    lines = html.unescape(re.sub(r"<[^>]*>", "", text)).splitlines()
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def _read_style(node: _Node) -> str:
    return node.attributes.get("style", "").replace(" ", "").lower()


def _rename(children: list[_Node | str]) -> list[_Node | str]:
    """Every element by its one name, wrappers gone, Word's hints at lists kept as the tag "word-item"."""
    out: list[_Node | str] = []
    for child in children:
        if isinstance(child, str):
            out.append(child)
            continue
        style = _read_style(child)
        if "mso-list:ignore" in style or "display:none" in style:
            continue
        inner = _rename(child.children)
        tag = RENAMED.get(child.tag, child.tag)
        if (tag == "strong" and NOT_BOLD.search(style)) or (tag == "em" and NOT_ITALIC.search(style)):
            tag = "span"  # Google Docs wraps everything it copies in a <b> that is not bold
        if child.tag == "span":
            inner = _emphasise(style, inner)
        if tag == "figure" and "data-photo" in child.attributes:
            out.append(_Node("figure", {"data-photo": re.sub("[^0-9]", "", child.attributes["data-photo"])[:18]}))
        elif tag in UNWRAPPED or tag == "figure":
            out.extend(inner)
        elif tag == "p" and ("mso-list:l" in style or "MsoListParagraph" in child.attributes.get("class", "")):
            out.append(_word_item(child, style, inner))
        else:
            kept = {name: value for name, value in child.attributes.items() if name in {"href", "colspan", "rowspan"}}
            out.append(_Node(tag, kept, inner))
    return out


def _emphasise(style: str, inner: list[_Node | str]) -> list[_Node | str]:
    if re.search(r"(?:^|;)font-weight:(?:bold|[6-9]00)", style):
        inner = [_Node("strong", {}, inner)]
    if "font-style:italic" in style:
        inner = [_Node("em", {}, inner)]
    if "vertical-align:super" in style:
        inner = [_Node("sup", {}, inner)]
    elif "vertical-align:sub" in style:
        inner = [_Node("sub", {}, inner)]
    return inner


def _word_item(paragraph: _Node, style: str, inner: list[_Node | str]) -> _Node:
    """Return a list paragraph of Word: its level, and whether its marker counts."""
    level = re.search(r"level(\d)", style)
    marker = next((match for text in _ignore(paragraph) if (match := MARKER.match(BLANKS.sub(" ", text)))), None)
    ordered = bool(marker and marker[1])
    return _Node("word-item", {"level": level[1] if level else "1", "ordered": "1" if ordered else ""}, inner)


def _ignore(node: _Node) -> list[str]:
    """Return the texts of Word's own list markers."""
    found = []
    for child in node.children:
        if isinstance(child, _Node):
            found += [child.text] if "mso-list:ignore" in _read_style(child) else _ignore(child)
    return found


def _blocks(children: list[_Node | str], parent: str = "") -> list[_Node]:
    """Block elements only: loose text becomes paragraphs, blocks inside paragraphs step out, Word's items join."""
    out: list[_Node] = []
    loose: list[_Node | str] = []

    def flush() -> None:
        if loose:
            out.extend(_paragraphs("p", list(loose)))
            loose.clear()

    for child in children:
        if isinstance(child, str) or child.tag in INLINE:
            blocks_inside = isinstance(child, _Node) and _holds_blocks(child)
            if blocks_inside and isinstance(child, _Node):
                flush()
                out.extend(_blocks(child.children, parent))
            else:
                loose.append(child)
            continue
        flush()
        if child.tag in TEXT_BLOCKS:
            out.extend(
                _blocks(child.children, parent) if _holds_blocks(child) else _paragraphs(child.tag, child.children)
            )
        elif child.tag == "word-item":
            _join_item(out, child)
        elif child.tag == "blockquote":
            inner = _blocks(child.children, "blockquote")
            out.extend([_Node("blockquote", {}, list(inner))] if inner else [])
        elif child.tag in {"ul", "ol"}:
            out.extend(_list(child))
        elif child.tag == "table":
            out.extend(_table(child))
        elif child.tag == "figure":
            out.append(child)
        else:
            out.extend(_blocks(child.children, parent))
    flush()
    return out


def _holds_blocks(node: _Node) -> bool:
    return any(
        isinstance(child, _Node) and (child.tag not in INLINE or _holds_blocks(child)) for child in node.children
    )


def _paragraphs(tag: str, children: list[_Node | str]) -> list[_Node]:
    """One paragraph, or several where two line breaks in a row stood for an empty line; none when nothing is in it."""
    parts: list[list[_Node | str]] = [[]]
    breaks = 0
    for child in children:
        if isinstance(child, _Node) and child.tag == "br":
            breaks += 1
            continue
        if isinstance(child, str) and not child.strip(" \t\n\r\u00a0"):
            if not breaks:
                parts[-1].append(child)
            continue
        if breaks == 1 and parts[-1]:
            parts[-1].append(_Node("br"))
        elif breaks > 1 and parts[-1]:
            parts.append([])
        breaks = 0
        parts[-1].append(child)
    return [_Node(tag, {}, part) for part in parts if "".join(_text_of(part)).strip(" \t\n\r\u00a0")]


def _text_of(children: list[_Node | str]) -> list[str]:
    return [child if isinstance(child, str) else child.text for child in children]


def _join_item(out: list[_Node], item: _Node) -> None:
    """Put a list paragraph of Word into the list before it, or begin one; deeper levels nest."""
    paragraphs = _paragraphs("li", item.children)
    if not paragraphs:
        return
    tag = "ol" if item.attributes["ordered"] else "ul"
    level = int(item.attributes["level"])
    siblings: list[_Node] = out
    for _depth in range(1, level):
        last = siblings[-1] if siblings else None
        if last is None or last.tag not in {"ul", "ol"} or not last.children:
            break
        holder = last.children[-1]
        if not isinstance(holder, _Node):
            break
        nested = [child for child in holder.children if isinstance(child, _Node) and child.tag in {"ul", "ol"}]
        if not nested:
            holder.children.append(_Node(tag, {"word": "1"}, list(paragraphs)))
            return
        siblings = nested
    last = siblings[-1] if siblings else None
    if (
        last is not None
        and last.tag in {"ul", "ol"}
        and last.attributes.get("word")
        and (last.tag == tag or siblings is not out)
    ):
        last.children.extend(paragraphs)
    else:
        out.append(_Node(tag, {"word": "1"}, list(paragraphs)))


def _list(node: _Node) -> list[_Node]:
    items: list[_Node | str] = []
    for child in node.children:
        if isinstance(child, str):
            if child.strip():
                items.append(_Node("li", {}, [child]))
        elif child.tag == "li":
            content = _holder(child.children)
            if content:
                items.append(_Node("li", {}, content))
        elif child.tag in {"ul", "ol"} and items and isinstance(items[-1], _Node):
            items[-1].children.extend(_list(child))  # LibreOffice and old Word nest lists beside the item
        else:
            content = _holder([child])
            items += [_Node("li", {}, content)] if content else []
    return [_Node(node.tag, {}, items)] if items else []


def _holder(children: list[_Node | str]) -> list[_Node | str]:
    """Return the content of an item or cell: inline where one paragraph is all before any nested list."""
    if not any(isinstance(child, _Node) and (child.tag not in INLINE or _holds_blocks(child)) for child in children):
        lone = _paragraphs("p", children)
        return list(lone[0].children) if len(lone) == 1 else list(lone)
    blocks: list[_Node | str] = list(_blocks(children))
    if blocks and isinstance(blocks[0], _Node) and blocks[0].tag in TEXT_BLOCKS:
        rest = blocks[1:]
        if not any(isinstance(block, _Node) and block.tag in TEXT_BLOCKS for block in rest):
            return [*blocks[0].children, *rest]
    return blocks


def _table(node: _Node) -> list[_Node]:
    head: list[_Node | str] = []
    body: list[_Node | str] = []

    def rows(children: list[_Node | str], into: list[_Node | str]) -> None:
        for child in children:
            if not isinstance(child, _Node):
                continue
            if child.tag == "tr":
                cells: list[_Node | str] = [
                    _Node(cell.tag, _spans(cell), _holder(cell.children))
                    for cell in child.children if isinstance(cell, _Node) and cell.tag in {"td", "th"}
                ]  # fmt: skip
                if any(isinstance(cell, _Node) and cell.text.strip() for cell in cells):
                    into.append(_Node("tr", {}, cells))
            else:
                rows(child.children, head if child.tag == "thead" else into)

    rows(node.children, body)
    parts: list[_Node | str] = [_Node(tag, {}, part) for tag, part in (("thead", head), ("tbody", body)) if part]
    return [_Node("table", {}, parts)] if parts else []


def _spans(cell: _Node) -> dict[str, str]:
    return {key: value for key, value in cell.attributes.items() if whole_number(value, least=2, most=99)}


def _write(node: _Node) -> str:
    """Return the node as HTML; white space is one blank, and none at the edges of a block."""
    if node.tag == "figure":
        return f'<figure data-photo="{node.attributes["data-photo"]}"></figure>'
    if node.tag in {"ul", "ol", "table", "thead", "tbody", "tr", "blockquote"}:
        inner = "".join(_write(child) for child in node.children if isinstance(child, _Node))
    else:
        inner = _trim("".join(_inline(child) for child in node.children))
    attributes = "".join(
        f' {name}="{html.escape(value)}"' for name, value in sorted(node.attributes.items()) if name != "word"
    )
    return f"<{node.tag}{attributes}>{inner}</{node.tag}>"


def _inline(child: _Node | str) -> str:
    if isinstance(child, str):
        return html.escape(BLANKS.sub(" ", child), quote=False)
    if child.tag == "br":
        return "<br>"
    if child.tag not in INLINE:
        return _write(child)
    inner = "".join(_inline(one) for one in child.children)
    if not inner.strip():
        return inner
    if child.tag == "a":
        href = child.attributes.get("href", "").strip()
        return f'<a href="{html.escape(href)}">{inner}</a>' if href else inner
    lead, trail = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
    return f"{lead}<{child.tag}>{inner.strip()}</{child.tag}>{trail}"


def _trim(inner: str) -> str:
    """Neighbouring pieces of the same emphasis joined, blanks single, edges bare."""
    inner = re.sub(r"</(strong|em|sub|sup)>( ?)<\1>", r"\2", inner)
    return re.sub(r" {2,}", " ", inner).strip()
