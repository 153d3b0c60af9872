"""HTML as people paste it, from Word, LibreOffice, Google Docs or a mail, made into the little markup an article needs.

What people took out or said to each other stays out and is counted: struck words, hidden ones, comments in the margin.
Three steps: nh3 makes it well-formed and harmless, one walk over the tree gives every thing its one name (a heading is
h2-h4, bold is strong, Word's list paragraphs are lists), nh3 keeps the door once more.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import nh3

from news.services.links import SCHEMES, clean_href, is_outside
from news.services.nodes import DEEPEST, Node, Tree, depth_of, seen
from portal.lib import videos
from portal.lib.numbers import whole_number
from portal.lib.vietnamese import fold

INLINE = {"a", "strong", "em", "sub", "sup", "br"}
RENAMED = {
    "b": "strong", "i": "em", "h1": "h2", "h5": "h4", "h6": "h4", "div": "p", "section": "p", "article": "p",
    "pre": "p", "address": "p", "dt": "p", "dd": "p",
}  # fmt: skip
STRUCK = {"s", "strike", "del"}
#: How Word on the desk and in a browser names what was deleted, or moved away, with changes tracked.
STRUCK_CLASS = re.compile(r"\b(?:mso(?:Del|MoveFrom)|TrackChange\w*(?:Deletion|MoveFrom)\w*)\b")
STRUCK_XML = re.compile(r"<(/?)w:(?:del|moveFrom)(?=[\s>])[^<>]*>")
WORD_MARK = re.compile(r"<!\[(?:if|endif)[^<>]*\]>|<\?xml[^<>]*>")
HIDDEN = re.compile(r"(?:^|;)(?:display:none|visibility:hidden|mso-hide:all|opacity:0(?:\.0+)?%?(?:;|!|$))")
NO_SIZE = re.compile(
    r"(?:^|;)font-size:0(?:\.0+)?(?:px|pt|em|%)?(?:;|!|$)"
)  # of a span: mails put boxes into such cells
UNWRAPPED = {"span", "font", "center", "u", "ins", "dl", "colgroup", "col", "figcaption", "img", "tfoot"}
NO_CAPTION = {"figure", "table", "ul", "ol", "blockquote", "word-item"}  # it is a line of words
TEXT_BLOCKS = {"p", "h2", "h3", "h4"}
FINAL_TAGS = {
    "h2", "h3", "h4", "p", "ul", "ol", "li", "table", "caption", "thead", "tbody", "tr", "th", "td", "blockquote",
    "figure", *INLINE,
}  # fmt: skip
FIRST_TAGS = FINAL_TAGS | set(RENAMED) | UNWRAPPED | STRUCK
DROPPED_WITH_CONTENT = {
    "script", "style", "xml", "title", "template", "object", "iframe", "svg", "math", "noscript", "comment",
}  # fmt: skip
#: "<" before any other word is a sign that somebody typed: "<Nguyễn Văn A>", "<hoi@example.vn>".
HTML_TAGS = FIRST_TAGS | DROPPED_WITH_CONTENT | {
    "html", "head", "body", "meta", "link", "base", "form", "input", "button", "select", "option", "label", "hr",
    "main", "nav", "header", "footer", "aside", "abbr", "acronym", "big", "small", "cite", "code", "tt", "kbd",
    "samp", "var",
    "mark", "q", "time", "wbr", "picture", "source", "video", "audio", "embed", "param", "map", "area", "details",
    "summary", "fieldset", "legend", "textarea", "canvas", "frame", "frameset", "nobr", "dir", "menu", "data", "output",
}  # fmt: skip
LESS_THAN = re.compile(r"<(?:/?([a-zA-Z][\w:-]*)(?=[\s/>])|[!?])?")
ATTRIBUTES = {
    "figure": {"data-photo", "data-file", "data-video", "title"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start", "type"},
}
LINK_ATTRIBUTES = {"href", "title", "rel"}
LIST_TYPES = {
    "lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A",
    "lower-roman": "i", "upper-roman": "I",
}  # fmt: skip
LONGEST_VIDEO_TITLE = 160
ROMAN = {"i": 1, "v": 5, "x": 10}
BLANKS = re.compile("[ \t\n\r\u00a0\u2000-\u200a\u202f\u3000]+")
SPANS = {"colspan", "rowspan"}
NOT_BOLD = re.compile("(?:^|;)font-weight:(?:normal|400)")
NOT_ITALIC = re.compile("(?:^|;)font-style:normal")
MARKER = re.compile(r"^\s*(?:(\d+|[a-zđA-ZĐ]|[ivxIVX]+)[.)]|[·•o§▪–\-*\uf0b7\uf0a7])\s*$")


class Cleaned(NamedTuple):
    """Clean HTML, and how much of the pasted text did not come along."""

    html: str
    images: int = 0
    struck: int = 0  # places where words were crossed out or deleted with changes tracked
    hidden: int = 0
    comments: int = 0  # in the margin


@dataclass
class _Left:
    """What has been left out so far."""

    images: int = 0
    struck: int = 0
    hidden: int = 0
    comments: int = 0
    anchors: int = 0  # of comments, in the text


def clean_body(text: str) -> Cleaned:
    """Return the text of an article as clean HTML; the same in, the same out, and clean HTML comes out unchanged.

    Without any tag it is plain text: blank lines part paragraphs, other line ends stay. Links are kept as `clean_href`
    keeps them. `<figure data-photo="12">` stays, with nothing inside, so do those of files and videos; other pictures
    go and are counted.
    """
    cleaned = _clean(text)
    # A wrapper that a list or cell gets may lead beyond the depth that the next cleaning lets through.
    return cleaned if depth_of(cleaned.html) <= DEEPEST else cleaned._replace(html=_clean(cleaned.html).html)


def _clean(text: str) -> Cleaned:
    text = seen(text)
    text = STRUCK_XML.sub(r"<\1del>", text)
    marked = LESS_THAN.sub(_escape_sign, WORD_MARK.sub("", text))
    if not re.search(r"<[a-zA-Z/!]", marked):
        parts = [html.escape(part, quote=False).strip() for part in re.split(r"\n[ \t\r]*\n", text)]
        marked = "".join("<p>{}</p>".format(re.sub(r"\r?\n", "<br>", part)) for part in parts)
    first = nh3.clean(
        marked, tags=FIRST_TAGS, clean_content_tags=DROPPED_WITH_CONTENT, url_schemes=SCHEMES, link_rel=None,
        attributes={**ATTRIBUTES, "*": {"style", "class", "hidden"}, "a": {"href", "title"}},
    )  # fmt: skip
    tree = Tree()
    tree.feed(first)
    tree.close()
    left = _Left()
    blocks = _blocks(_rename(tree.root.children, left))
    written = "\n".join(filter(None, (_write(block) for block in blocks)))
    final = nh3.clean(
        written, tags=FINAL_TAGS, url_schemes=SCHEMES, link_rel=None,
        attributes={**ATTRIBUTES, "a": LINK_ATTRIBUTES},
    )  # fmt: skip
    return Cleaned(final.strip(), left.images, left.struck, left.hidden, max(left.comments, left.anchors))


def _escape_sign(found: re.Match[str]) -> str:
    name = (found[1] or "").lower()
    return found[0] if found[0] in ("<!", "<?") or name in HTML_TAGS or ":" in name else f"&lt;{found[0][1:]}"


def plain_text(text: str) -> str:
    """Return what a reader sees of clean HTML, as lines of text."""
    text = re.sub(r"</(?:p|h[2-4]|li|caption|td|th|tr|blockquote|figcaption)>|<br>", "\n", text)
    lines = html.unescape(re.sub(r"<[^>]*>", "", text)).splitlines()
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def _read_style(node: Node) -> str:
    return node.attributes.get("style", "").replace(" ", "").lower()


def _rename(children: list[Node | str], left: _Left) -> list[Node | str]:
    """Every element by its one name, wrappers gone, Word's hints at lists kept as the tag "word-item"."""
    out: list[Node | str] = []
    after_struck = False
    for child in children:
        if isinstance(child, str):
            after_struck = after_struck and not child.strip()
            out.append(child)
            continue
        style = _read_style(child)
        is_struck = "line-through" in style or STRUCK_CLASS.search(child.attributes.get("class", ""))
        if child.tag in STRUCK or is_struck:
            left.struck += bool(child.text.strip()) and not after_struck
            after_struck = True
            continue
        after_struck = False
        if "mso-list:ignore" in style or _leave_out(child, style, left):
            continue
        out.extend(_rename_one(child, style, _rename(child.children, left), left))
    return out


def _leave_out(node: Node, style: str, left: _Left) -> bool:
    """Whether a part is hidden, or belongs to a comment in the margin; count it then."""
    if HIDDEN.search(style) or "hidden" in node.attributes or (node.tag == "span" and NO_SIZE.search(style)):
        left.hidden += bool(node.text.strip())
        return True
    classes, href = node.attributes.get("class", ""), node.attributes.get("href", "")
    if "mso-element:comment-list" in style:
        left.comments += max(
            1, len(_find(node, lambda one: _read_style(one).rstrip(";").endswith("mso-element:comment")))
        )
        return True
    if re.match(r"#(?:_msocom_|cmnt)\d", href):
        left.anchors += 1
        return True
    if "msocomanchor" in classes or "msocomoff" in classes or "MsoCommentReference" in classes:
        left.anchors += len(_find(node, lambda one: one.attributes.get("href", "").startswith("#_msocom")))
        return True
    if node.tag in {"div", "p"} and _find(node, lambda one: one.attributes.get("href", "").startswith("#cmnt_ref")):
        return node.tag == "div" or not _find(node, lambda one: one.tag == "div")  # the words of a Google comment
    left.comments += "MsoCommentText" in classes
    return "MsoCommentText" in classes or "MsoCommentSubject" in classes


def _find(node: Node, fits: Callable[[Node], bool]) -> list[Node]:
    inner = [one for child in node.children if isinstance(child, Node) for one in _find(child, fits)]
    return [node, *inner] if fits(node) else inner


def _rename_one(node: Node, style: str, inner: list[Node | str], left: _Left) -> list[Node | str]:
    """Return what an element becomes: itself by its one name, or what is in it."""
    tag, classes = RENAMED.get(node.tag, node.tag), node.attributes.get("class", "")
    if (tag == "strong" and NOT_BOLD.search(style)) or (tag == "em" and NOT_ITALIC.search(style)):
        tag = "span"  # Google Docs wraps everything it copies in a <b> that is not bold
    if node.tag == "span":
        inner = _emphasise(style, classes, inner)
    if tag == "figure" and (place := _read_place(node)):
        return [Node("figure", place)]
    if "sdfootnotesym" in classes or "sdendnotesym" in classes:
        return [Node("sup", {}, inner), " "]  # LibreOffice sets the mark before a footnote's words without a blank
    if tag == "img":
        left.images += 1
    if tag in UNWRAPPED or tag == "figure":
        return inner
    if tag == "p" and ("mso-list:l" in style or "MsoListParagraph" in classes):
        return [_word_item(node, style, inner)]
    if tag == "p" and "MsoTitle" in classes:
        tag = "h2"
    elif tag == "p" and "MsoSubtitle" in classes:
        tag = "h3"
    if tag == "ol":
        return [Node("ol", _read_list(node, style), inner)]
    kept = {name: value for name, value in node.attributes.items() if name in {"href", "title", "colspan", "rowspan"}}
    return [Node(tag, kept, inner)]


def _read_place(node: Node) -> dict[str, str]:
    """Return the attributes of a place for a photo, a file or a video; none for any other figure."""
    if "data-photo" in node.attributes:
        return {"data-photo": re.sub("[^0-9]", "", node.attributes["data-photo"])[:18]}
    if number := whole_number(node.attributes.get("data-file", ""), least=1, most=10**18):
        return {"data-file": str(number)}
    video = videos.read_key(node.attributes.get("data-video", ""))
    title = BLANKS.sub(" ", node.attributes.get("title", "")).strip()[:LONGEST_VIDEO_TITLE].strip()
    return {"data-video": video.key, **({"title": title} if title else {})} if video else {}


def _read_list(node: Node, style: str) -> dict[str, str]:
    """Return where a numbered list begins and how it counts, where it is not 1, 2, 3."""
    item = next((one for one in node.children if isinstance(one, Node) and one.tag == "li"), None)
    said = f"{style};{_read_style(item) if item else ''}"
    named = next((sign for word, sign in LIST_TYPES.items() if f"list-style-type:{word}" in said), "")
    kind = named or node.attributes.get("type", "")
    start = whole_number(node.attributes.get("start", ""), least=2, most=9999)
    return {**({"start": str(start)} if start else {}), **({"type": kind} if kind in {*"aAiI"} else {})}


def _emphasise(style: str, classes: str, inner: list[Node | str]) -> list[Node | str]:
    if re.search(r"(?:^|;)font-weight:(?:bold|[6-9]00)", style):
        inner = [Node("strong", {}, inner)]
    if "font-style:italic" in style:
        inner = [Node("em", {}, inner)]
    noted = "FootnoteReference" in classes and not any(isinstance(one, Node) and one.tag == "sup" for one in inner)
    if "vertical-align:super" in style or noted:
        inner = [Node("sup", {}, inner)]
    elif "vertical-align:sub" in style:
        inner = [Node("sub", {}, inner)]
    return inner


def _word_item(paragraph: Node, style: str, inner: list[Node | str]) -> Node:
    """Return a list paragraph of Word: its list and level, and how its marker counts."""
    level, name = re.search(r"level(\d)", style), re.search(r"mso-list:(l\d+)", style)
    marker = next((match for text in _ignore(paragraph) if (match := MARKER.match(BLANKS.sub(" ", text)))), None)
    counted = _read_marker(marker[1]) if marker and marker[1] else None
    attributes = {
        "level": level[1] if level else "1",
        "list": name[1] if name else "l",
        "ordered": "1" if counted else "",
    }
    return Node("word-item", attributes | (counted or {}), inner)


def _read_marker(marker: str) -> dict[str, str]:
    """Return what a list has that begins with this marker: "3" -> start 3, "b" -> start 2 of a, b, c."""
    small, upper = fold(marker), marker != marker.lower()
    if marker.isdigit():
        kind, start = "", whole_number(marker, least=2, most=9999) or 1
    elif len(small) == 1 and small != "i":
        kind, start = "A" if upper else "a", ord(small) - ord("a") + 1
    else:
        kind, start = "I" if upper else "i", _read_roman(small)
    return {"counts": "1", **({"start": str(start)} if start > 1 else {}), **({"type": kind} if kind else {})}


def _read_roman(small: str) -> int:
    values = [ROMAN.get(letter, 0) for letter in small]
    return sum(-value if value < after else value for value, after in pairwise([*values, 0]))


def _ignore(node: Node) -> list[str]:
    """Return the texts of Word's own list markers."""
    found = []
    for child in node.children:
        if isinstance(child, Node):
            found += [child.text] if "mso-list:ignore" in _read_style(child) else _ignore(child)
    return found


def _blocks(children: list[Node | str], parent: str = "") -> list[Node]:
    """Block elements only: loose text becomes paragraphs, blocks inside paragraphs step out, Word's items join."""
    out: list[Node] = []
    loose: list[Node | str] = []

    def flush() -> None:
        if loose:
            out.extend(_paragraphs("p", list(loose)))
            loose.clear()

    for child in children:
        if isinstance(child, str) or child.tag in INLINE:
            blocks_inside = isinstance(child, Node) and _holds_blocks(child)
            if blocks_inside and isinstance(child, Node):
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
            out.extend([Node("blockquote", {}, list(inner))] if inner else [])
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


def _holds_blocks(node: Node) -> bool:
    return any(isinstance(child, Node) and (child.tag not in INLINE or _holds_blocks(child)) for child in node.children)


def _paragraphs(tag: str, children: list[Node | str]) -> list[Node]:
    """One paragraph, or several where two line breaks in a row stood for an empty line; none when nothing is in it."""
    parts: list[list[Node | str]] = [[]]
    breaks = 0
    for child in children:
        if isinstance(child, Node) and _is_blank([child]) and _find(child, lambda one: one.tag == "br"):
            breaks += 1
            continue
        if _is_blank([child]):
            if not breaks:
                parts[-1].append(child)
            continue
        if breaks and not _is_blank(parts[-1]):
            if breaks == 1:
                parts[-1].append(Node("br"))
            else:
                parts.append([])
        breaks = 0
        parts[-1].append(child)
    return [Node(tag, {}, part) for part in parts if not _is_blank(part)]


def _is_blank(children: list[Node | str]) -> bool:
    return not "".join(_text_of(children)).strip(" \t\n\r\u00a0")


def _text_of(children: list[Node | str]) -> list[str]:
    return [child if isinstance(child, str) else child.text for child in children]


def _join_item(out: list[Node], item: Node) -> None:
    """Put a list paragraph of Word into the list before it, or begin one; deeper levels nest."""
    paragraphs = _paragraphs("li", item.children)
    if not paragraphs:
        return
    tag, name = "ol" if item.attributes["ordered"] else "ul", item.attributes["list"]
    begun = {key: value for key, value in item.attributes.items() if key in {"start", "type"}} | {"word": name}
    level = int(item.attributes["level"])
    siblings: list[Node] = out
    for _depth in range(1, level):
        last = siblings[-1] if siblings else None
        if last is None or last.tag not in {"ul", "ol"} or not last.children:
            break
        holder = last.children[-1]
        if not isinstance(holder, Node):
            break
        nested = [child for child in holder.children if isinstance(child, Node) and child.tag in {"ul", "ol"}]
        if not nested:
            holder.children.append(Node(tag, begun, list(paragraphs)))
            return
        siblings = nested
    last = siblings[-1] if siblings else None
    joins = last is not None and last.tag in {"ul", "ol"} and last.attributes.get("word", "") != ""
    if last is not None and joins and (siblings is not out or (last.tag == tag and last.attributes["word"] == name)):
        last.children.extend(paragraphs)
    else:
        out.append(Node(tag, begun, list(paragraphs)))


def _list(node: Node) -> list[Node]:
    items: list[Node | str] = []
    for child in node.children:
        if isinstance(child, str):
            if child.strip():
                items.append(Node("li", {}, [child]))
        elif child.tag == "li":
            content = _holder(child.children)
            if content:
                items.append(Node("li", {}, content))
        elif child.tag in {"ul", "ol"} and items and isinstance(items[-1], Node):
            items[-1].children.extend(_list(child))  # LibreOffice and old Word nest lists beside the item
        else:
            content = _holder([child])
            items += [Node("li", {}, content)] if content else []
    return [Node(node.tag, dict(node.attributes), items)] if items else []


def _holder(children: list[Node | str]) -> list[Node | str]:
    """Return the content of an item or cell: inline where one paragraph is all before any nested list."""
    if not any(isinstance(child, Node) and (child.tag not in INLINE or _holds_blocks(child)) for child in children):
        lone = _paragraphs("p", children)
        return list(lone[0].children) if len(lone) == 1 else list(lone)
    blocks: list[Node | str] = list(_blocks(children))
    if blocks and isinstance(blocks[0], Node) and blocks[0].tag in TEXT_BLOCKS:
        rest = blocks[1:]
        if not any(isinstance(block, Node) and block.tag in TEXT_BLOCKS for block in rest):
            return [*blocks[0].children, *rest]
    return blocks


def _table(node: Node) -> list[Node]:
    """Return the table with its caption in plain words; what else in it is no row stands as paragraphs before it."""
    loose: list[Node | str] = []
    captions: list[Node] = []
    head: list[Node | str] = []
    body: list[Node | str] = []

    def rows(children: list[Node | str], into: list[Node | str]) -> None:
        for child in children:
            if not isinstance(child, Node):
                loose.append(child)
            elif child.tag == "caption" and not captions and not _find(child, lambda one: one.tag in NO_CAPTION):
                captions.append(child)
            elif child.tag == "tr":
                cells: list[Node | str] = [
                    Node(cell.tag, _spans(cell), _holder(cell.children))
                    for cell in child.children if isinstance(cell, Node) and cell.tag in {"td", "th"}
                ]  # fmt: skip
                if any(isinstance(cell, Node) and cell.text.strip() for cell in cells):
                    into.append(Node("tr", {}, cells))
            elif child.tag not in {"thead", "tbody"}:
                loose.append(child)
            else:
                rows(child.children, head if child.tag == "thead" else into)

    rows(node.children, body)
    parts: list[Node | str] = [Node(tag, {}, part) for tag, part in (("thead", head), ("tbody", body)) if part]
    if not parts:
        return _blocks([*captions, *loose])
    said = BLANKS.sub(" ", "".join(map(_words, captions))).strip()
    return [*_blocks(loose), Node("table", {}, [*([Node("caption", {}, [said])] if said else []), *parts])]


def _words(node: Node) -> str:
    """Return what a node says in one line: its blocks are parted by blanks."""
    parts = (child if isinstance(child, str) else _words(child) for child in node.children)
    edge = "" if node.tag in INLINE - {"br"} else " "
    return f"{edge}{''.join(parts)}{edge}"


def _spans(cell: Node) -> dict[str, str]:
    return {key: value for key, value in cell.attributes.items() if whole_number(value, least=2, most=99)}


def _write(node: Node) -> str:
    """Return the node as HTML; white space is one blank, and none at the edges of a block."""
    if node.tag == "figure":
        place = " ".join(f'{name}="{html.escape(value)}"' for name, value in node.attributes.items())
        return f"<figure {place}></figure>"
    if node.tag in {"ul", "ol", "table", "thead", "tbody", "tr", "blockquote"}:
        inner = "".join(_write(child) for child in node.children if isinstance(child, Node))
    else:
        inner = _trim("".join(_inline(child) for child in node.children))
    kept = sorted((name, value) for name, value in node.attributes.items() if name not in {"word", "counts"})
    attributes = "".join(f' {name}="{html.escape(value)}"' for name, value in kept)
    return f"<{node.tag}{attributes}>{inner}</{node.tag}>"


def _inline(child: Node | str) -> str:
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
        return _write_link(child, inner)
    lead, trail = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
    return f"{lead}<{child.tag}>{inner.strip()}</{child.tag}>{trail}"


def _write_link(link: Node, inner: str) -> str:
    href = clean_href(link.attributes.get("href", ""))
    if not href:
        return inner
    title = BLANKS.sub(" ", link.attributes.get("title", "")).strip()
    said = f' title="{html.escape(title)}"' if title else ""
    rel = ' rel="noopener"' if is_outside(href) else ""
    return f'<a href="{html.escape(href)}"{rel}{said}>{inner}</a>'


def _trim(inner: str) -> str:
    """Neighbouring pieces of the same emphasis joined, blanks single, edges bare."""
    inner = re.sub(r"</(strong|em|sub|sup)>( ?)<\1>", r"\2", inner)
    return re.sub(r" {2,}", " ", inner).strip()
