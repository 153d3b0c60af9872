"""What the style sheet of a pasted document says of its parts, where that is more than their looks."""

from __future__ import annotations

import re

from news.services.nodes import Node

_TELLING = {
    "text-decoration", "text-decoration-line", "display", "visibility", "mso-hide", "font-weight", "font-style",
    "vertical-align", "mso-list", "opacity",
}  # fmt: skip
_SELECTOR = re.compile(r"([a-z][a-z0-9]*)?\.([\w-]+)", re.IGNORECASE)

Rules = dict[tuple[str, str], dict[str, str]]  # by element ("" is any) and class


def read_rules(text: str) -> Rules:
    """Return what rules of one class say; those for print or small screens, and of parts within others, are left."""
    rules: Rules = {}
    for sheet in _sheets(text):
        depth, selectors = 0, ""
        for piece in re.split("([{}])", sheet):
            if piece == "{":
                depth += 1
            elif piece == "}":
                depth = max(0, depth - 1)
            elif depth == 0:
                selectors = piece
            elif depth == 1 and "." in selectors and (told := _read(piece)):
                for one in selectors.split(","):
                    if found := _SELECTOR.fullmatch(one.strip()):
                        rules.setdefault(((found[1] or "").lower(), found[2]), {}).update(told)
    return rules


def apply_rules(node: Node, rules: Rules) -> None:
    """Write what the rules say of each element into its own style, which says the last word."""
    for child in node.children:
        if not isinstance(child, Node):
            continue
        told: dict[str, str] = {}
        for name in child.attributes.get("class", "").split():
            told |= rules.get(("", name), {}) | rules.get((child.tag, name), {})
        own = child.attributes.get("style", "")
        if told := {name: value for name, value in told.items() if name not in _read(own)}:
            child.attributes["style"] = "".join(f"{name}:{value};" for name, value in told.items()) + own
        apply_rules(child, rules)


def _read(declarations: str) -> dict[str, str]:
    pairs = (one.partition(":")[::2] for one in declarations.split(";"))
    return {name.strip().lower(): value.strip() for name, value in pairs if name.strip().lower() in _TELLING}


def _sheets(text: str) -> list[str]:
    """Return the sheets of styles, their remarks taken out."""
    sheets, small, at = [], text.lower(), 0
    while (begin := small.find("<style", at)) >= 0 and (end := small.find("</style", begin)) >= 0:
        first, *rest = text[text.find(">", begin) + 1 : end].replace("<!--", " ").replace("-->", " ").split("/*")
        sheets.append(first + " ".join(one.partition("*/")[2] for one in rest))
        at = end
    return sheets
