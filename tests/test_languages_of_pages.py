"""Every page in both languages: what the portal says is in the screen's language, what people wrote is marked."""

from __future__ import annotations

import re
from pathlib import Path

import lxml.html
import polib
import pytest
from django.conf import settings
from django.db.models import Model
from django.test import Client

from members.models import Member
from news.models import Category
from portal.models import UnitVersion, User
from scholarships.models import Batch, Donation, Fund, Programme, Recipient
from tests import test_access
from tests.conftest import unwatched_templates
from tests.test_access import PUBLIC, ROWS, url_of

NAMED: dict[type[Model], tuple[str, ...]] = {
    UnitVersion: ("name",),
    User: ("full_name",),
    Donation: ("donor_name",),
    Fund: ("name",),
    Programme: ("name",),
    Batch: ("title",),
    Recipient: ("full_name", "school"),
    Member: ("full_name",),
    Category: ("name",),
}
ROOT = Path(__file__).resolve().parent.parent
world = test_access.world  # the fixture: one of everything that a page can show
SPOKEN = ("aria-label", "title", "alt", "placeholder")
VIETNAMESE = re.compile(r"[ăâêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵđ]", re.IGNORECASE)
#: Words that an English screen keeps: the currency, and the name of the other language.
KEPT = re.compile(r"đồng|Tiếng Việt|1,5 triệu|12/QĐ-HKH ngày")
#: A half-year in Vietnamese where the portal itself names it, not within what people wrote.
HALF_YEAR = re.compile(r"^(6 tháng (đầu|cuối) năm|6T (đầu|cuối)) \d{4}$|\b6T (đầu|cuối)")

#: Markup shown as text: a mark of language within a title, an entity escaped twice.
RAW = re.compile(r"</?[a-z]+[ >]|&[a-z]+;|&#\d+;")


def said(page: str):
    """What a page says, each text with the language it is marked in: text nodes and spoken attributes."""
    for element in lxml.html.document_fromstring(page).iter():
        if not isinstance(element.tag, str) or element.tag in {"script", "style", "textarea"}:
            continue
        marked = next((one.get("lang") for one in (element, *element.iterancestors()) if one.get("lang")), "")
        where = f"{element.tag}.{element.get('class') or ''}"
        for text in (element.text, *(child.tail for child in element)):
            if text and text.strip():
                yield " ".join(text.split()), marked, where
        for name in SPOKEN:
            if element.get(name):
                yield " ".join(element.get(name).split()), marked, f"{where}@{name}"


def can_be_marked(where: str) -> bool:
    """A title, a choice or a spoken attribute has one language for all its words."""
    return "@" not in where and not where.startswith(("title.", "option."))


def pages(world, client_of, language):
    """Each page of the matrix as somebody who may open it sees it."""
    clients: dict[str, Client] = {}
    for name, (roles, _at, post, _status, address) in ROWS.items():
        who = "" if roles is PUBLIC else min(roles)
        if post:
            continue
        if who not in clients:
            clients[who] = client_of(User.objects.get(username=who) if who else None)
            clients[who].cookies[settings.LANGUAGE_COOKIE_NAME] = language
        with unwatched_templates():
            answer = clients[who].get(url_of(name, address, world))
        if answer.headers.get("Content-Type", "").startswith("text/html") and answer.status_code == 200:
            yield name, answer.content.decode()


@pytest.mark.django_db
def test_a_vietnamese_page_says_nothing_in_english(world, client_of):
    catalogue = polib.pofile(str(ROOT / "locale/vi/LC_MESSAGES/django.po"))
    english = {entry.msgid for entry in catalogue if entry.msgstr != entry.msgid and re.search("[a-z]{3}", entry.msgid)}
    wrong = [
        f"{name}: {where}: {text}"
        for name, page in pages(world, client_of, "vi")
        for text, _marked, where in said(page)
        if text in english and not where.startswith("code.")  # names of columns in files
    ]
    assert wrong == [], "\n".join(wrong)


def names_in_the_world():
    """Proper names need no mark (WCAG 3.1.2): of units, people, funds, programmes, schools and the association."""
    found = {"Hội Khuyến học thành phố Hải Phòng", "Cổng tin tức Thành phố Hải Phòng", "Hệ thống"}
    for model, fields in NAMED.items():
        for field in fields:
            found |= {str(value) for value in model.objects.values_list(field, flat=True) if value}
    return sorted(found, key=len, reverse=True)


@pytest.mark.django_db
def test_an_english_page_marks_what_is_vietnamese(world, client_of):
    names = re.compile("|".join(re.escape(name) for name in names_in_the_world()), re.IGNORECASE)
    wrong = [
        f"{name}: {where}: {text}"
        for name, page in pages(world, client_of, "en")
        for text, marked, where in said(page)
        if HALF_YEAR.search(text)
        or RAW.search(text)
        or (marked != "vi" and can_be_marked(where) and VIETNAMESE.search(KEPT.sub("", names.sub("", text))))
    ]
    assert wrong == [], "\n".join(wrong)
