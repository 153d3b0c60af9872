"""Lists of Word: paragraphs that name their list, their level and the mark before them, made into real lists."""

from __future__ import annotations

import re
from itertools import pairwise

from news.services.nodes import BLANKS, Node, find
from portal.lib.numbers import whole_number
from portal.lib.vietnamese import fold

_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_COUNTED = re.compile(r"\(?(?:[\divxIVX]+\.)*(?:(\d+)[.):/\]-]*|([a-zđA-ZĐ]|[ivxlcIVXLC]+)[.):/\]-]+)")


def is_item(paragraph: Node) -> bool:
    """Whether a paragraph is one of a list; where a mail took Word's hints away, its first words may still show it."""
    if "mso-list:l" in paragraph.style or marks_of(paragraph):
        return True
    if "MsoListParagraph" not in paragraph.attributes.get("class", ""):
        return False
    first = next((one for one in paragraph.children if not isinstance(one, str) or one.strip()), None)
    if not isinstance(first, Node) or first.tag != "span":
        return False
    mark = BLANKS.sub(" ", first.text)
    if mark.endswith(" ") and (len(mark.strip()) == 1 or _COUNTED.fullmatch(mark.strip())):
        first.attributes["style"] = f"{first.style};mso-list:ignore"
        return True
    return False


def marks_of(node: Node) -> list[str]:
    """Return the texts of the marks that Word has put before the words of a paragraph."""
    found = find(node, lambda one: "mso-list:ignore" in one.style)
    return [text for one in found if (text := BLANKS.sub(" ", one.text).strip())]


def is_bullet(mark: str) -> bool:
    """Whether a mark says nothing: a sign, or the one letter that a font of signs draws as one."""
    return len(mark) == 1 or not any(sign.isalnum() for sign in mark)


def read_item(paragraph: Node, inner: list[Node | str]) -> Node:
    """Return a list paragraph as the element "word-item"; one that words number ("Điều 1.") stays a paragraph."""
    level, name = re.search(r"level(\d)", paragraph.style), re.search(r"mso-list:(l\d+)", paragraph.style)
    mark = next(iter(marks_of(paragraph)), "")
    counted = _COUNTED.fullmatch(mark)
    if not counted and not is_bullet(mark):
        return Node("p", {}, [f"{mark} ", *inner])
    values = _read_mark(counted[1] or counted[2]) if counted else {}
    return word_item(inner, level[1] if level else "1", name[1] if name else "l", values,
                     was_struck=bool(paragraph.text.replace(mark, "").strip()))  # fmt: skip


def word_item(
    inner: list[Node | str], level: str, name: str, values: dict[str, int], *, was_struck: bool = False
) -> Node:
    """Return the element "word-item": `values` are the numbers its mark may mean, by the kind of list."""
    attributes = {"level": level, "list": name, "struck": "1" if was_struck else ""}
    return Node("word-item", attributes | {f"as-{kind}": str(value) for kind, value in values.items()}, inner)


def join_item(out: list[Node], item: Node, paragraphs: list[Node]) -> None:
    """Put an item into the list before it where it goes on there, or begin one; deeper levels nest."""
    values = {name[3:]: int(value) for name, value in item.attributes.items() if name.startswith("as-")}
    holder: list[Node] = out
    for _depth in range(1, int(item.attributes["level"])):
        last = _last_list(holder)
        if last is None or not isinstance(last.children[-1], Node):
            break
        holder = last.children[-1].children  # type: ignore[assignment]  # its lists are nodes
    last = _last_list(holder)
    name = item.attributes["list"] if holder is out else "l"
    going_on = last is not None and last.attributes["word"] == name and _goes_on(last, values)
    if not paragraphs:
        if going_on and last is not None and item.attributes["struck"]:
            last.attributes["gap"] = str(int(last.attributes.get("gap", "0")) + 1)
        return
    content: list[Node | str] = list(paragraphs)
    one = Node("li", {}, paragraphs[0].children if len(paragraphs) == 1 else content)
    if going_on and last is not None:
        last.children.append(one)
        return
    kind = next(iter(values), "")
    start = {"start": str(values[kind])} if values and 1 < values[kind] <= 9999 else {}
    holder.append(Node("ol" if values else "ul", {"word": name, **start, **({"type": kind} if kind else {})}, [one]))


def _last_list(holder: list[Node]) -> Node | None:
    last = holder[-1] if holder else None
    return last if isinstance(last, Node) and "word" in last.attributes and last.children else None


def _goes_on(last: Node, values: dict[str, int]) -> bool:
    """Whether the next number of the list is the one of this mark; a bullet goes on after bullets."""
    if not values or last.tag == "ul":
        return not values and last.tag == "ul"
    begun = int(last.attributes.get("start", "1")) + int(last.attributes.get("gap", "0"))
    return values.get(last.attributes.get("type", "")) == begun + len(last.children)


def _read_mark(mark: str) -> dict[str, int]:
    """Return the numbers that a mark may mean, by the kind of list, the likelier first: "v" is a letter and a five."""
    small, upper = fold(mark), mark != mark.lower()
    if mark.isdigit():
        return {"": whole_number(mark, least=1, most=9999) or 1}
    letter = {"A" if upper else "a": ord(small) - ord("a") + 1} if len(small) == 1 else {}
    roman = {"I" if upper else "i": _read_roman(small)} if set(small) <= set(_ROMAN) else {}
    return roman | letter if small == "i" else letter | roman


def _read_roman(small: str) -> int:
    values = [_ROMAN.get(letter, 0) for letter in small]
    return sum(-value if value < after else value for value, after in pairwise([*values, 0]))
