"""The search page: accents or not, only what may be found, and nothing typed breaks it."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from portal.lib.vietnamese import search_document, search_terms
from portal.models import SearchEntry, search
from portal.services.search import keep_search_entry
from portal.views.search import KIND_LABELS

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("news", "scholarships", "reports")


@pytest.fixture
def entries(db, site_profile):
    now = timezone.now()

    def keep(
        ref: str, title: str, text: str = "", kind: str = "article", begins: int = -1, ends: int | None = None
    ) -> None:
        until = None if ends is None else now + dt.timedelta(days=ends)
        keep_search_entry(
            kind=kind, ref=ref, title=title, text=text, link=f"/{ref}/", visible_from=now + dt.timedelta(days=begins),
            visible_until=until,
        )  # fmt: skip

    keep("a", "Trao học bổng tại Đồ Sơn", "Hội trao học bổng cho các em.")
    keep("b", "Hội nghị", "Bàn về học bổng <b>năm nay</b>")
    keep("c", "Học bổng Hoa phượng đỏ", kind="programme")
    keep("d", "Học bổng sắp đăng", begins=1)
    keep("e", "Học bổng hết hạn", begins=-3, ends=-1)
    keep("f", "Học sinh và bổng lộc")


def found(client, query: str, **more) -> list[str]:
    response = client.get("/tim-kiem/", {"q": query, **more})
    assert response.status_code == 200
    return [result.entry.ref for result in response.context.get("results", [])]


@pytest.mark.parametrize(
    "query", ["hoc bong", "HỌC BỔNG", "học bổng", "  học   bổng ", unicodedata.normalize("NFD", "học bổng")]
)
def test_every_way_of_writing_finds_the_same(client, entries, query):
    assert set(found(client, query)[:3]) == {"a", "b", "c"}
    assert found(client, query)[3:] == ["f"]  # the syllables stand apart: last
    assert set(found(client, "do son")) == set(found(client, "Đồ Sơn")) == {"a"}


def test_a_title_stands_above_a_text_and_kinds_can_be_chosen(client, entries):
    assert found(client, "học bổng") == ["c", "a", "b", "f"]
    assert found(client, "học bổng", kind="programme") == ["c"]
    assert found(client, "học bổng", kind="khong-co") == []
    said = client.get("/tim-kiem/", {"q": "học bổng", "kind": "khong-co"}).content.decode()
    assert "Không có loại kết quả này, nên không hiện gì." in said


def test_words_are_marked_as_they_are_written_and_markup_is_text(client, entries):
    text = client.get("/tim-kiem/", {"q": "hoc bong"}).content.decode()
    assert "<mark>học</mark> <mark>bổng</mark>" in text
    assert "&lt;b&gt;năm nay&lt;/b&gt;" in text


def marked(client, query: str, title: str, text: str) -> list[str]:
    """Return the words that are marked in the title and in the piece of text below it."""
    keep_search_entry(
        kind="article", ref="m", title=title, text=text, link="/m/", visible_from=timezone.now() - dt.timedelta(hours=1)
    )
    (result,) = client.get("/tim-kiem/", {"q": query}).context["results"]
    return re.findall("<mark>(.*?)</mark>", f"{result.title} {result.snippet}")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("Lê Chân", ["Lê", "Chân"]),  # not "lễ" and "chăn", where what was typed is there
        ("le chan", ["lễ", "chăn", "Lê", "Chân"]),
        ("Lẹ Chấn", ["lễ", "chăn", "Lê", "Chân"]),  # found without its accents: then they are no measure
        ("Q. Lê Chân", ["quận", "Lê", "Chân"]),
        ("1100", ["1.100"]), ("1.100 em", ["1.100", "em"]), ("6 tháng", ["06", "tháng"]),
        ("hòa bình", ["hoà", "bình"]), ("HOÀ BÌNH", ["hoà", "bình"]), ("khuy", ["khuyến"]), ("hkh", ["hội", "khuyến", "học"]),
    ],
)  # fmt: skip
def test_p07_what_is_marked_is_what_was_asked_for(client, db, site_profile, query, words):
    text = "Tại quận Lê Chân, 1.100 em dự hội khuyến học, hoà bình; 06 tháng."
    assert marked(client, query, "Ấm áp lễ trao chăn", text) == words


def test_p07_the_piece_of_text_is_where_the_words_stand_together(client, db, site_profile):
    text = f"Học rồi bổng. {'Lời khác. ' * 60}Trao học bổng cho các em. {'Lời khác. ' * 60}"
    assert marked(client, "học bổng", "Tin", text) == ["học", "bổng"]


@pytest.mark.parametrize(
    "query",
    [
        "Q. Lê Chân",
        "q lê chân",
        "quận Lê Chân",
        "khuyến học q.Lê Chân",
        "HKH quận Lê Chân",
        "TP Hải Phòng",
        "12/KH-HKH",
    ],
)
def test_f09_abbreviations_find_what_is_written_out_and_the_other_way(client, db, site_profile, query):
    long = "Hội Khuyến học quận Lê Chân, thành phố Hải Phòng, có Kế hoạch 12/KH-HKH"
    short = "HKH Q. Lê Chân, TP. Hải Phòng, có Kế hoạch 12/KH-HKH; khuyến học Q. Lê Chân"
    for ref, text in (("long", f"{long}; khuyến học quận Lê Chân"), ("short", short)):
        keep_search_entry(kind="article", ref=ref, title="Tin", text=text, link="/", visible_from=timezone.now())
    assert sorted(found(client, query)) == ["long", "short"]
    assert sorted(found(client, f'"{query}"')) == ["long", "short"]


def test_f09_an_abbreviation_is_suggested_for_too(client, entries):
    keep_search_entry(
        kind="article", ref="q", title="Quận Lê Chân trao quà", text="", link="/", visible_from=timezone.now()
    )
    for typed in ("q. lê c", "q.lê chân", "quan le ch"):
        assert client.get("/tim-kiem/goi-y/", {"q": typed}).json()["titles"] == ["Quận Lê Chân trao quà"], typed


@pytest.mark.parametrize("query", ["", "a", "%", "'", "\\", "<script>", "!!!", "x" * 500, "a'b:*&|!()", "đ"])
def test_nothing_typed_breaks_it(client, entries, query):
    assert client.get("/tim-kiem/", {"q": query}).status_code == 200
    assert "<script>" not in client.get("/tim-kiem/", {"q": query}).content.decode().replace("<script src", "")


@pytest.mark.parametrize("page", ["0", "-1", "99999", "abc", "9" * 5000])
def test_no_page_number_breaks_it(client, entries, page):
    assert client.get("/tim-kiem/", {"q": "học bổng", "page": page}).status_code == 200


def test_many_results_are_paged_in_constant_queries(client, entries, django_assert_max_num_queries):
    for number in range(45):
        keep_search_entry(
            kind="article", ref=f"n{number}", title=f"Học bổng {number}", text="", link="/", visible_from=timezone.now()
        )
    with django_assert_max_num_queries(4):
        first = found(client, "học bổng")
    assert len(first) == 20
    assert len(found(client, "học bổng", page=3)) == SearchEntry.objects.visible().count() - 40
    assert client.get("/tim-kiem/", {"q": "học bổng"}).context["total"] is None  # nobody counts what nobody reads
    assert client.get("/tim-kiem/", {"q": "học bổng", "page": 3}).context["total"] == 49


def test_the_search_uses_its_index(db):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = SearchEntry.objects.matching("học bổng").explain()
    assert "search_entry_words" in plan


@pytest.mark.parametrize("recent", [search._RECENT, 60])
def test_show4_common_seldom_and_missing_words_are_found_as_by_reading_every_entry(db, monkeypatch, recent):
    monkeypatch.setattr(search, "_RECENT", recent)  # of so few entries as well, the newest are asked first
    now = timezone.now()
    every = {"học": 1, "bổng": 2, "trao": 7, "quà": 31, "tết": 167, "trường": 3, "xa": 700}
    rows = []
    for number in range(500):
        said = [word for word, step in every.items() if number % step == 0 and (word != "xa" or number)]
        title = " ".join(said[-2:]) if number % 5 == 0 else "Tin"
        words = " ".join(said if number % 4 else reversed(said))  # the same syllables, other pairs
        rows.append(
            SearchEntry(
                kind="article", ref=f"n{number}", title=title, text=words, link="/", title_pairs=search_document(title),
                pairs=search_document(title, words), visible_from=now - dt.timedelta(hours=number + 1),
            )
        )  # fmt: skip
    SearchEntry.objects.bulk_create(rows)
    entries = list(SearchEntry.objects.order_by("-visible_from", "-id"))

    def read(text: str, count: int) -> list[int]:
        terms = search_terms(text)
        asked = terms.neighbours or terms.words.removesuffix(":*")

        def holds(one: SearchEntry, query: str, column: str = "pairs") -> bool:
            return set(query.split(" & ")) <= set(getattr(one, column).split())

        titled = [one for one in entries if holds(one, asked, "title_pairs")]
        whole = [one for one in entries if holds(one, asked) and one not in titled]
        loose = [one for one in entries if holds(one, terms.words) and one not in titled and one not in whole][:150]
        loose.sort(
            key=lambda one: (-sum(holds(one, pair) for pair in terms.pairs), not holds(one, terms.words, "title_pairs"))
        )
        return [one.pk for one in [*titled, *whole, *(loose if terms.neighbours else [])]][:count]

    for text in ("hoc", "bong", "tet", "qua", "khong", "hoc bong", "trao hoc", "qua tet", "bong trao qua", "hoc xa"):
        for count in (6, 21, 101):
            assert SearchEntry.objects.visible().best(text, count) == read(text, count), (text, count)


@pytest.fixture
def seed(db, site_profile):
    """The seed's review, the story of a district, and others."""
    now = timezone.now()
    texts = {
        "seed": (
            "Đẩy mạnh công tác khuyến học, khuyến tài",
            "Hội nghị sơ kết công tác khuyến học 6 tháng đầu năm 2023. Kết nạp 1.100 hội viên mới. Phương Mai. Thông báo",
        ),
        "lechan": ("Khuyến học quận Lê Chân trao quà", "Quận trao học bổng cho 25 em, tổng 62,5 triệu đồng."),
        "other": ("Lê Văn Chân kể chuyện học", "Người thầy giữ quỹ."),
        "old": ("Tổng kết năm 2019", "Kết nạp 100 hội viên."),
    }
    for place, (ref, (title, text)) in enumerate(texts.items()):
        keep_search_entry(
            kind="article", ref=ref, title=title, text=text, link=f"/{ref}/", visible_from=now - dt.timedelta(days=place + 1),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("khuyến học Lê Chân", "lechan"), ("sơ kết 2023", "seed"), ("hội nghị 2023", "seed"),
        ("Lê Chân học bổng", "lechan"), ("1100", "seed"), ("1.100", "seed"), ("Phương Mai", "seed"),
        ("Thông báo", "seed"), ("quỹ chuyện", "other"),
    ],
)  # fmt: skip
def test_f09_words_that_stand_apart_are_found(client, seed, query, first):
    assert found(client, query)[0] == first
    assert "old" not in found(client, query)


@pytest.mark.parametrize(
    "query", ["21/7/2023", "21/07/2023", "ngày 21 tháng 07", "tháng 7", "quyết định 5", "05/QĐ-HKH"]
)
def test_f09_a_day_is_found_however_it_is_written(client, db, site_profile, query):
    plain = "Sáng 21/7/2023, ngày 21 tháng 7; Quyết định 5/QĐ-HKH."
    padded = "Sáng 21/07/2023, ngày 21 tháng 07; Quyết định 05/QĐ-HKH."
    for ref, text in (("plain", plain), ("padded", padded)):
        keep_search_entry(kind="article", ref=ref, title="Tin", text=text, link="/", visible_from=timezone.now())
    assert sorted(found(client, query)) == ["padded", "plain"]


def test_f09_more_pairs_stand_above_fewer_then_the_title_then_the_newer(client, seed):
    now = timezone.now()
    for ref, title, days in (
        ("none", "Học ở trường, bổng lộc ở đời, Lê xa Chân", 0),
        ("pair", "Học bổng của Lê và Chân", 9),
    ):
        keep_search_entry(
            kind="article", ref=ref, title=title, text="", link="/", visible_from=now - dt.timedelta(days=days)
        )
    assert found(client, "học bổng Lê Chân") == ["lechan", "pair", "none"]
    assert found(client, '"học bổng Lê"') == []


def test_p07_where_accents_are_typed_the_title_that_has_them_stands_first(client, db, site_profile):
    now = timezone.now()
    for days, title in enumerate(("Chợ Đỏ", "Chở đò", "Chờ đợi")):
        keep_search_entry(
            kind="article", ref=title, title=title, text="", link="/", visible_from=now - dt.timedelta(days=days)
        )
    assert found(client, "chở đò") == ["Chở đò", "Chợ Đỏ"]
    assert found(client, "cho do") == ["Chợ Đỏ", "Chở đò"]


def test_p07_a_year_and_a_kind_narrow_the_answer(client, entries):
    year = timezone.localdate().year
    assert set(found(client, "học bổng", year=year)) == {"a", "b", "c", "f"}
    assert found(client, "học bổng", year=year - 1) == []
    assert set(found(client, "học bổng", year="x' OR 1=1")) == {"a", "b", "c", "f"}


@pytest.fixture
def placed(db, site_profile, tree):
    """Stories of two sections and two units, and one that is out later."""
    now = timezone.now()
    for ref, section, code, days in (
        ("city", "Thông báo", "HP", 1), ("lc", "Thông báo", "LC", 2), ("lc2", "Tin hội", "LC", 3), ("soon", "Sắp có", "NQ", -1),
    ):  # fmt: skip
        keep_search_entry(
            kind="article", ref=ref, title="Trao học bổng", text="", link=f"/{ref}/", section=section,
            unit=tree[code], visible_from=now - dt.timedelta(days=days),
        )  # fmt: skip


def test_p07_a_section_and_a_unit_narrow_the_answer_in_a_plain_form(
    client, placed, tree, django_assert_max_num_queries
):
    assert found(client, "hoc bong", section="Thông báo") == ["city", "lc"]
    assert found(client, "hoc bong", unit="LC") == ["lc", "lc2"]
    assert found(client, "hoc bong", unit="lc", section="Thông báo", kind="article") == ["lc"]
    with django_assert_max_num_queries(5):
        page = client.get(
            "/tim-kiem/", {"q": "hoc bong", "unit": "LC", "kind": "article", "year": "2020"}
        ).content.decode()
    assert '<option lang="vi" value="LC" selected>' in page
    assert '<option lang="vi">Tin hội</option>' in page
    assert "Sắp có" not in page  # nothing is found in it yet
    assert 'value="NQ"' not in page
    assert '<input type="hidden" name="kind" value="article">' in page  # another word keeps what was chosen
    assert "<option selected>2020</option>" in page
    assert '<details class="search-narrow" open>' in page
    plain = client.get("/tim-kiem/", {"q": "hoc bong"}).content.decode()
    assert '<details class="search-narrow">' in plain  # on a phone the answer comes first
    for wrong in ({"section": "Không có"}, {"unit": "NQ"}, {"unit": "'; --"}, {"section": "x" * 5000}):
        assert found(client, "hoc bong", **wrong) == []
        assert "nên không hiện gì" in client.get("/tim-kiem/", {"q": "hoc bong"} | wrong).content.decode()


def test_p07_the_filters_are_read_from_their_indexes(placed):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    for index, narrowed in (("in_section", {"section": "Tin hội"}), ("of_unit", {"unit": 2})):
        newest = SearchEntry.objects.filter(**narrowed).order_by("-visible_from", "-id")[:20]
        assert f"search_entry_newest_{index}" in newest.explain()


def test_p07_titles_are_suggested_while_typing(client, entries):
    titles = client.get("/tim-kiem/goi-y/", {"q": "hoc bo"}).json()["titles"]
    assert client.get("/tim-kiem/goi-y/", {"q": "đồ sơn"}).json() == {"titles": ["Trao học bổng tại Đồ Sơn"]}
    assert "Học bổng sắp đăng" not in titles
    for nothing in ("", "b", "hoc bx"):
        assert client.get("/tim-kiem/goi-y/", {"q": nothing}).json() == {"titles": []}, nothing


def test_words_that_stand_together_are_suggested_first(client, entries):
    """Of what is typed the last word may be half: titles that hold it so come before those that hold it scattered."""
    now = timezone.now()
    for number in range(8):
        keep_search_entry(
            kind="article", ref=f"x{number}", title=f"Cán bộ học tập số {number}", text="", link=f"/x{number}/",
            visible_from=now - dt.timedelta(hours=1), visible_until=None,
        )  # fmt: skip
    titles = client.get("/tim-kiem/goi-y/", {"q": "hoc bo"}).json()["titles"]
    assert "ọc bổng" in titles[0]
    assert any("học tập" in title for title in titles)


def test_every_kind_that_is_offered_is_kept_by_somebody():
    """No chip of the search page leads to what nobody ever puts there."""
    written = "".join(path.read_text("utf-8") for app in APPS for path in (ROOT / app / "services").glob("*.py"))
    assert {kind for kind in KIND_LABELS if f'kind="{kind}"' not in written} == set()
