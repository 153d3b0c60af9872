"""HTML as people paste it, from Word, LibreOffice, Google Docs or a mail, made into the little markup an article needs.

What people took out or said to each other stays out and is counted: struck words, hidden ones, comments in the margin.
Three steps: nh3 makes it well-formed and harmless, one walk over the tree gives every thing its one name (a heading is
h2-h4, bold is strong, Word's list paragraphs are lists), nh3 keeps the door once more.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import NamedTuple

import nh3

from news.services.links import SCHEMES, clean_href, is_outside
from news.services.nodes import BLANKS, DEEPEST, EMOJI, Node, Tree, depth_of, find, seen
from news.services.signs import escape_signs
from news.services.styles import apply_rules, read_rules
from news.services.word_lists import is_bullet, is_item, join_item, marks_of, read_item, word_item
from portal.lib import videos
from portal.lib.numbers import whole_number
from portal.lib.vietnamese import looks_like_legacy_font

INLINE = {"a", "strong", "em", "sub", "sup", "br"}
RENAMED = {
    "b": "strong", "i": "em", "h1": "h2", "h5": "h4", "h6": "h4", "div": "p", "section": "p", "article": "p",
    "pre": "p", "address": "p", "dt": "p", "dd": "p", "center": "p", "header": "p", "footer": "p", "main": "p",
    "nav": "p", "aside": "p", "details": "p", "summary": "p", "fieldset": "p", "legend": "p", "form": "p",
    "option": "p", "dl": "p", "hgroup": "p", "figcaption": "p", "menu": "ul", "dir": "ul",
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
UNWRAPPED = {"span", "font", "u", "ins", "colgroup", "col", "img", "q"}
EMBEDDED = {"iframe", "video", "audio", "embed"}
KEEPS_LINES = re.compile(r"white-space(?:-collapse)?:(?:pre|preserve|break-spaces)")
NO_CAPTION = {"figure", "table", "ul", "ol", "blockquote", "word-item"}  # it is a line of words
TEXT_BLOCKS = {"p", "h2", "h3", "h4"}
FINAL_TAGS = {
    "h2", "h3", "h4", "p", "ul", "ol", "li", "table", "caption", "thead", "tbody", "tr", "th", "td", "blockquote",
    "figure", *INLINE,
}  # fmt: skip
FIRST_TAGS = FINAL_TAGS | set(RENAMED) | UNWRAPPED | STRUCK | EMBEDDED | {"tfoot"}
DROPPED_WITH_CONTENT = {
    "script", "style", "xml", "title", "template", "object", "svg", "math", "noscript", "comment",
}  # fmt: skip
REMARK = re.compile(r"\s*(?:\[|StartFragment|EndFragment|$)")
ATTRIBUTES = {
    "figure": {"data-photo", "data-file", "data-video", "title"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start", "type"},
}
LINK_ATTRIBUTES = {"href", "title", "rel"}
KEPT_ATTRIBUTES = {"href", "title", "colspan", "rowspan", "value"}
FIRST_ATTRIBUTES = ATTRIBUTES | {
    "*": {"style", "class", "hidden"}, "a": {"href", "title"}, "li": {"value", "data-aria-level", "data-aria-posinset"},
    "img": {"alt", "width", "height"}, "iframe": {"src", "title", "width", "height"},
}  # fmt: skip
LIST_TYPES = {
    "lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A",
    "lower-roman": "i", "upper-roman": "I",
}  # fmt: skip
LONGEST_VIDEO_TITLE = 160
SPANS = {"colspan", "rowspan"}
NOT_BOLD = re.compile("(?:^|;)font-weight:(?:normal|400)")
NOT_ITALIC = re.compile("(?:^|;)font-style:normal")


class Cleaned(NamedTuple):
    """Clean HTML, and how much of the pasted text did not come along."""

    html: str
    images: int = 0
    struck: int = 0  # places where words were crossed out or deleted with changes tracked
    hidden: int = 0
    comments: int = 0  # in the margin
    embeds: int = 0  # frames, videos and sounds of other pages

    @property
    def has_old_font(self) -> bool:
        """Whether its letters were typed for a TCVN3 or VNI font, so that readers see other ones."""
        return any(looks_like_legacy_font(line) for line in plain_text(self.html).splitlines())


@dataclass
class _Left:
    """What has been left out so far."""

    images: int = 0
    struck: int = 0
    hidden: int = 0
    comments: int = 0
    anchors: int = 0  # of comments, in the text
    embeds: int = 0


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
    rules, left = read_rules(text), _Left(comments=_count_remarks(text))
    text = STRUCK_XML.sub(r"<\1del>", text)
    marked = escape_signs(WORD_MARK.sub("", text), FIRST_TAGS | DROPPED_WITH_CONTENT)
    if not re.search(r"<[a-zA-Z/!]", marked):
        parts = [html.escape(part, quote=False).strip() for part in re.split(r"\n[ \t\r]*\n", text)]
        marked = "".join("<p>{}</p>".format(re.sub(r"\r?\n", "<br>", part)) for part in parts)
    tree = Tree()
    tree.feed(nh3.clean(marked, tags=FIRST_TAGS, clean_content_tags=DROPPED_WITH_CONTENT, url_schemes=SCHEMES,
                        link_rel=None, attributes=FIRST_ATTRIBUTES))  # fmt: skip
    tree.close()
    if rules:
        apply_rules(tree.root, rules)
    blocks = _blocks(_rename(tree.root.children, left))
    written = "\n".join(filter(None, (_write(block) for block in blocks)))
    final = nh3.clean(
        written, tags=FINAL_TAGS, url_schemes=SCHEMES, link_rel=None,
        attributes={**ATTRIBUTES, "a": LINK_ATTRIBUTES},
    )  # fmt: skip
    comments = max(left.comments, left.anchors)
    return Cleaned(final.strip(), left.images, left.struck, left.hidden, comments, left.embeds)


def _count_remarks(text: str) -> int:
    """Return how many comments in the margin LibreOffice has written as remarks of the markup."""
    count, at = 0, text.find("<body")
    if 'content="LibreOffice' not in text:
        return 0
    while at >= 0 and (begin := text.find("<!--", at)) >= 0 and (end := text.find("-->", begin)) >= 0:
        count += not REMARK.match(text, begin + 4, end)
        at = end
    return count


def plain_text(text: str) -> str:
    """Return what a reader sees of clean HTML, as lines of text."""
    text = re.sub(r"</(?:p|h[2-4]|li|caption|td|th|tr|blockquote|figcaption)>|<br>", "\n", text)
    lines = html.unescape(re.sub(r"<[^>]*>", "", text)).splitlines()
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def _rename(children: list[Node | str], left: _Left, *, keeps_lines: bool = False) -> list[Node | str]:
    """Every element by its one name, wrappers gone, Word's hints at lists kept as the tag "word-item"."""
    out: list[Node | str] = []
    after_struck = False
    for child in children:
        if isinstance(child, str):
            after_struck = after_struck and not child.strip()
            lines = child.split("\n") if keeps_lines else [child]
            out.extend([one for line in lines for one in (Node("br"), line)][1:])
            continue
        style = child.style
        is_struck = "line-through" in style or STRUCK_CLASS.search(child.attributes.get("class", ""))
        if child.tag in STRUCK or is_struck:
            left.struck += bool(child.text.strip()) and not after_struck
            after_struck = True
            if child.tag in {"td", "th"}:  # the figures beside it stay in their columns
                out.append(Node(child.tag, child.attributes))
            continue
        after_struck = False
        if "mso-list:ignore" in style or _leave_out(child, style, left):
            continue
        is_pre = child.tag == "pre" or (child.tag in {"div", "p"} and bool(KEEPS_LINES.search(style)))
        is_word_item = child.tag == "p" and is_item(child)
        inner = _rename(child.children, left, keeps_lines=is_pre or keeps_lines)
        out.extend([read_item(child, inner)] if is_word_item else _rename_one(child, style, inner, left))
    return out


def _leave_out(node: Node, style: str, left: _Left) -> bool:
    """Whether a part is hidden, or belongs to a comment in the margin; count it then."""
    if HIDDEN.search(style) or "hidden" in node.attributes or (node.tag == "span" and NO_SIZE.search(style)):
        left.hidden += bool(node.text.strip())
        return True
    classes, href = node.attributes.get("class", ""), node.attributes.get("href", "")
    if "mso-element:comment-list" in style:
        left.comments += max(1, len(find(node, lambda one: one.style.rstrip(";").endswith("mso-element:comment"))))
        return True
    if re.match(r"#(?:_msocom_|cmnt)\d", href):
        left.anchors += 1
        return True
    if "msocomanchor" in classes or "msocomoff" in classes or "MsoCommentReference" in classes:
        left.anchors += len(find(node, lambda one: one.attributes.get("href", "").startswith("#_msocom")))
        return True
    if node.tag in {"div", "p"} and find(node, lambda one: one.attributes.get("href", "").startswith("#cmnt_ref")):
        return node.tag == "div" or not find(node, lambda one: one.tag == "div")  # the words of a Google comment
    left.comments += "MsoCommentText" in classes
    return "MsoCommentText" in classes or "MsoCommentSubject" in classes


def _rename_one(node: Node, style: str, inner: list[Node | str], left: _Left) -> list[Node | str]:
    """Return what an element becomes: itself by its one name, or what is in it."""
    tag, classes = RENAMED.get(node.tag, node.tag), node.attributes.get("class", "")
    if (tag == "strong" and NOT_BOLD.search(style)) or (tag == "em" and NOT_ITALIC.search(style)):
        tag = "span"  # Google Docs wraps everything it copies in a <b> that is not bold
    if node.tag == "span":
        inner = _emphasise(style, classes, inner)
    if tag == "figure" and (place := _read_place(node)):
        return [Node("figure", place)]
    if (instead := _replace(node, inner, left)) is not None:
        return instead
    if tag in UNWRAPPED or tag == "figure" or "ListContainerWrapper" in classes:
        return inner
    if tag in {"ul", "ol"} and (items := [one for one in inner if isinstance(one, Node) and one.tag == "online-item"]):
        return [_read_online(node, one, style) for one in items]
    if tag in {"h2", "h3", "h4"} and (mark := next(iter(marks_of(node)), "")) and not is_bullet(mark):
        inner = [f"{mark} ", *inner]
    if tag == "p" and "MsoTitle" in classes:
        tag = "h2"
    elif tag == "p" and "MsoSubtitle" in classes:
        tag = "h3"
    if tag == "ol":
        return [Node("ol", _read_list(node, style), inner)]
    return [Node(tag, {name: value for name, value in node.attributes.items() if name in KEPT_ATTRIBUTES}, inner)]


def _replace(node: Node, inner: list[Node | str], left: _Left) -> list[Node | str] | None:
    """Return what stands for an element that is none of an article; None where there is nothing of the kind."""
    tag, classes = node.tag, node.attributes.get("class", "")
    if "sdfootnotesym" in classes or "sdendnotesym" in classes:
        return [Node("sup", {}, inner), " "]  # LibreOffice sets the mark before a footnote's words without a blank
    if tag == "img":
        said = node.attributes.get("alt", "").strip()
        if EMOJI.fullmatch(said):  # drawn by the other page
            return [said]
        left.images += not _counts_visits(node)
    if tag in EMBEDDED:
        return _read_embedded(node, left)
    if tag == "q":
        return ["“", *inner, "”"]
    if tag == "li" and "data-aria-level" in node.attributes:
        return [Node("online-item", node.attributes, inner)]
    return None


def _read_place(node: Node) -> dict[str, str]:
    """Return the attributes of a place for a photo, a file or a video; none for any other figure."""
    if "data-photo" in node.attributes:
        return {"data-photo": re.sub("[^0-9]", "", node.attributes["data-photo"])[:18]}
    if number := whole_number(node.attributes.get("data-file", ""), least=1, most=10**18):
        return {"data-file": str(number)}
    video = videos.read_key(node.attributes.get("data-video", ""))
    title = BLANKS.sub(" ", node.attributes.get("title", "")).strip()[:LONGEST_VIDEO_TITLE].strip()
    return {"data-video": video.key, **({"title": title} if title else {})} if video else {}


def _counts_visits(node: Node) -> bool:
    """Whether a picture or frame is a point or nothing, which nobody sees."""
    return any(re.fullmatch(r"[01](?:px)?", node.attributes.get(name, "")) for name in ("width", "height"))


def _read_embedded(node: Node, left: _Left) -> list[Node | str]:
    """Return the place of a video whose player the page has framed; count any other frame."""
    if video := videos.read_link(node.attributes.get("src", "")):
        title = node.attributes.get("title", "")
        return [Node("figure", _read_place(Node("figure", {"data-video": video.key, "title": title})))]
    left.embeds += not _counts_visits(node)
    return []


def _read_online(node: Node, item: Node, style: str) -> Node:
    """Return an item of Word in a browser, where each stands in a list of its own and tells its level."""
    said = _read_list(node, style)
    kind, place = said.get("type", ""), said.get("start", item.attributes.get("data-aria-posinset", ""))
    number = whole_number(place, least=1, most=9999) or 1
    level = whole_number(item.attributes["data-aria-level"], least=1, most=9) or 1
    return word_item(_holder(item.children), str(level), "online", {kind: number} if node.tag == "ol" else {})


def _read_list(node: Node, style: str) -> dict[str, str]:
    """Return where a numbered list begins and how it counts, where it is not 1, 2, 3."""
    item = next((one for one in node.children if isinstance(one, Node) and one.tag == "li"), None)
    said = f"{style};{item.style if item else ''}"
    named = next((sign for word, sign in LIST_TYPES.items() if f"list-style-type:{word}" in said), "")
    kind = named or node.attributes.get("type", "")
    start = whole_number(node.attributes.get("start", ""), least=2, most=9999)
    return {**({"start": str(start)} if start else {}), **({"type": kind} if kind in {*"aAiI"} else {})}


def _emphasise(style: str, classes: str, inner: list[Node | str]) -> list[Node | str]:
    if re.search(r"(?:^|;)font-weight:(?:bold|[6-9]00)", style):
        inner = [Node("strong", {}, inner)]
    if "font-style:italic" in style:
        inner = [Node("em", {}, inner)]
    is_raised = any(isinstance(one, Node) and one.tag == "sup" for one in inner)
    noted = re.search("(?:Foot|End)noteReference", classes) and not is_raised
    if "vertical-align:super" in style or noted:
        inner = [Node("sup", {}, inner)]
    elif "vertical-align:sub" in style:
        inner = [Node("sub", {}, inner)]
    return inner


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
                out.extend(_blocks(_spread(child, child.children), parent))
            else:
                loose.append(child)
            continue
        flush()
        if child.tag in TEXT_BLOCKS:
            out.extend(
                _blocks(child.children, parent) if _holds_blocks(child) else _paragraphs(child.tag, child.children)
            )
        elif child.tag == "word-item":
            held = _holds_blocks(child)
            join_item(out, child, _blocks(child.children) if held else _paragraphs("p", child.children))
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


def _spread(around: Node, children: list[Node | str]) -> list[Node | str]:
    """Return what stands in emphasis or a link with each line of it in one of its own: it may not go round blocks."""
    out: list[Node | str] = []
    for child in children:
        if isinstance(child, str) or (child.tag in INLINE and not _holds_blocks(child)):
            is_words = not _is_blank([child]) or isinstance(child, Node)
            out.append(Node(around.tag, around.attributes, [child]) if is_words else child)
        elif child.tag == "figure":
            out.append(child)
        else:
            out.append(Node(child.tag, child.attributes, _spread(around, child.children)))
    return out


def _holds_blocks(node: Node) -> bool:
    return any(isinstance(child, Node) and (child.tag not in INLINE or _holds_blocks(child)) for child in node.children)


def _paragraphs(tag: str, children: list[Node | str]) -> list[Node]:
    """One paragraph, or several where two line breaks in a row stood for an empty line; none when nothing is in it."""
    parts: list[list[Node | str]] = [[]]
    breaks = 0
    for child in children:
        if isinstance(child, Node) and _is_blank([child]) and find(child, lambda one: one.tag == "br"):
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


def _list(node: Node) -> list[Node]:
    """Return the list; several where an item says a number that is not the next one."""
    lists = [Node(node.tag, dict(node.attributes))]
    for child in node.children:
        items = lists[-1].children
        if isinstance(child, str):
            if child.strip():
                items.append(Node("li", {}, [child]))
        elif child.tag in {"ul", "ol"} and items and isinstance(items[-1], Node):
            items[-1].children.extend(_list(child))  # LibreOffice and old Word nest lists beside the item
        elif content := _holder(child.children if child.tag == "li" else [child]):
            number = whole_number(child.attributes.get("value", ""), least=1, most=9999) if node.tag == "ol" else None
            if number and number != int(lists[-1].attributes.get("start", "1")) + len(items):
                kept = {name: value for name, value in node.attributes.items() if name != "start"}
                lists.append(Node("ol", kept | ({"start": str(number)} if number > 1 else {})))
            lists[-1].children.append(Node("li", {}, content))
    return [one for one in lists if one.children]


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

    foot: list[Node | str] = []

    def rows(children: list[Node | str], into: list[Node | str]) -> None:
        spanned: list[tuple[Node, int]] = []  # cells that reach down, and the rows that they still do
        for child in children:
            if not isinstance(child, Node):
                loose.append(child)
            elif child.tag == "caption" and not captions and not find(child, lambda one: one.tag in NO_CAPTION):
                captions.append(child)
            elif child.tag == "tr":
                spanned = _add_row(child, into, spanned)
            elif child.tag not in {"thead", "tbody", "tfoot"}:
                loose.append(child)
            else:
                rows(child.children, {"thead": head, "tfoot": foot}.get(child.tag, into))

    rows(node.children, body)
    body += foot
    parts: list[Node | str] = [Node(tag, {}, part) for tag, part in (("thead", head), ("tbody", body)) if part]
    if not parts:
        return _blocks([*captions, *loose])
    said = BLANKS.sub(" ", "".join(map(_words, captions))).strip()
    return [*_blocks(loose), Node("table", {}, [*([Node("caption", {}, [said])] if said else []), *parts])]


def _add_row(row: Node, into: list[Node | str], spanned: list[tuple[Node, int]]) -> list[tuple[Node, int]]:
    """Add a row unless nothing is in it and none reaches through it; return the cells that reach below it."""
    cells = [
        Node(cell.tag, _spans(cell), _holder(cell.children))
        for cell in row.children if isinstance(cell, Node) and cell.tag in {"td", "th"}
    ]  # fmt: skip
    if not cells:  # a row of cells that all began above it is no row
        for cell, _rows in spanned:
            cell.attributes["rowspan"] = str(int(cell.attributes["rowspan"]) - 1)
            if cell.attributes["rowspan"] == "1":
                del cell.attributes["rowspan"]
        return [(cell, rows - 1) for cell, rows in spanned if rows > 1]
    reaching = [(cell, int(cell.attributes["rowspan"]) - 1) for cell in cells if "rowspan" in cell.attributes]
    if spanned or reaching or any(cell.text.strip() or find(cell, lambda one: one.tag == "figure") for cell in cells):
        into.append(Node("tr", {}, list(cells)))
    return [*((cell, rows - 1) for cell, rows in spanned if rows > 1), *reaching]


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
    kept = sorted((name, value) for name, value in node.attributes.items() if name not in {"word", "gap"})
    attributes = "".join(f' {name}="{html.escape(value)}"' for name, value in kept)
    return f"<{node.tag}{attributes}>{inner}</{node.tag}>"


def _inline(child: Node | str, around: frozenset[str] = frozenset()) -> str:
    """Return a piece of a line; emphasis within the same emphasis says nothing."""
    if isinstance(child, str):
        return html.escape(BLANKS.sub(" ", child), quote=False)
    if child.tag == "br":
        return "<br>"
    if child.tag not in INLINE:
        return _write(child)
    inner = "".join(_inline(one, around | {child.tag}) for one in child.children)
    if not inner.strip() or child.tag in around:
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
    inner, joined = re.sub(r" {2,}", " ", inner), 1
    while joined:  # what joins may hold pieces that join then
        inner, joined = re.subn(r"</(strong|em|sub|sup)>( ?)<\1>", r"\2", inner)
    inner = re.sub(r" +(?=<(?:ul|ol|table|blockquote|figure|p|h[2-4])[ >])", "", re.sub(" *<br> *", "<br>", inner))
    return re.sub(r" {2,}", " ", inner).strip()
