"""The search page's query over 100,000 articles: the 95th percentile of each of several queries, in milliseconds.

The association's own words are the commonest, others get rarer as in any language: "học bổng" stands in every sixth
text.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from itertools import accumulate

import throwaway
from django.db import connection

from portal.lib.vietnamese import search_document
from portal.models import SearchEntry

BAR = 30  # ms
LONGEST = 3  # seconds for one query: a slow one is asked less often
QUERIES = (
    "học bổng", "hoc bong", "học sinh nghèo vượt khó", "quỹ khuyến học Lê Chân", "khuyến tài",
    "thầy giáo Nguyễn Văn An", "dòng họ", "trường trung học cơ sở", "học", "khuyến", "không có gì như thế", "robot",
    "khuyến học Lê Chân", "sơ kết 2023", "Lê Chân học bổng", "học trường", "thành phố học tập", "1100",
)  # fmt: skip
WORDS = (
    "học bổng", "khuyến học", "khuyến tài", "học sinh", "sinh viên", "giáo viên", "nhà trường", "gia đình", "dòng họ",
    "cộng đồng", "xã hội", "học tập", "thành phố", "Hải Phòng", "Lê Chân", "Ngô Quyền", "vượt khó", "hoàn cảnh",
    "khó khăn", "hộ nghèo", "trao tặng", "phát động", "phong trào", "năm học", "khai giảng", "tổng kết", "hội nghị",
    "lãnh đạo", "chủ tịch", "ban chấp hành", "chi hội", "hội viên", "đóng góp", "ủng hộ", "nhà hảo tâm",
    "doanh nghiệp", "xe đạp", "sách vở", "trung học cơ sở", "tiểu học", "mầm non", "đại học", "tốt nghiệp", "kết quả",
    "thành tích", "giỏi", "xuất sắc", "khen thưởng", "biểu dương", "truyền thống", "hiếu học", "nghèo", "và", "của",
    "cho", "với", "trong", "các", "những", "được", "đã", "tại", "quận", "phường", "xã", "năm", "ngày", "trường",
)  # fmt: skip
ONSETS = (
    "b",
    "c",
    "ch",
    "d",
    "đ",
    "g",
    "gi",
    "h",
    "kh",
    "l",
    "m",
    "n",
    "ng",
    "nh",
    "ph",
    "qu",
    "r",
    "s",
    "t",
    "th",
    "tr",
    "v",
    "x",
)
RIMES = (
    "a",
    "an",
    "anh",
    "ao",
    "âm",
    "ân",
    "e",
    "em",
    "i",
    "in",
    "ình",
    "o",
    "on",
    "ong",
    "ông",
    "ơi",
    "u",
    "ung",
    "ương",
    "y",
)
SYLLABLES = [onset + rime for onset in ONSETS for rime in RIMES]
RARE = ("robot", "thầy giáo Nguyễn Văn An", "thư viện lưu động", "quỹ khuyến học Lê Chân", "học sinh nghèo vượt khó")
SECTIONS = ("Mục 1", "Ít tin")  # of a ninth of the entries, and of 250
FILL = """
INSERT INTO portal_searchentry (kind, ref, title, text, title_pairs, pairs, section, link, visible_from)
SELECT 'article', 'bench:' || n, t.title, x.body, t.pairs, t.pairs || ' ' || x.pairs,
  CASE WHEN n %% 400 = 0 THEN 'Ít tin' ELSE 'Mục ' || n %% 9 END, '/tin-tuc/' || n, now() - n * interval '1 hour'
FROM generate_series(1, %s) n JOIN bench_title t ON t.no = n %% 997 JOIN bench_text x ON x.no = n %% 1009
"""


def vocabulary(pick: random.Random) -> tuple[list[str], list[float]]:
    """Return words with the weights at which they occur."""
    others = {f"{pick.choice(SYLLABLES)} {pick.choice(SYLLABLES)}": None for _ in range(3000)}
    words = [*WORDS, *others]
    return words, list(accumulate(1 / (place + 100) for place in range(len(words))))


def phrase(pick: random.Random, words: int, rare: float, known: tuple[list[str], list[float]]) -> str:
    """Return so many words, with something rare among them at this chance."""
    chosen = pick.choices(known[0], cum_weights=known[1], k=words)
    if pick.random() < rare:
        chosen[words // 2] = pick.choice(RARE)
    return " ".join(chosen).capitalize()


def fill(count: int) -> None:
    """Add the entries: each title meets each text once at most."""
    pick = random.Random(1)  # noqa: S311 - made-up rows, the same each run
    known = vocabulary(pick)
    titles = [phrase(pick, 7, 0.01, known) for _ in range(997)]
    texts = [phrase(pick, 60, 0.02, known) for _ in range(1009)]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE bench_title (no int, title text, pairs text)")
        cursor.execute("CREATE TEMP TABLE bench_text (no int, body text, pairs text)")
        for table, rows in (("bench_title", titles), ("bench_text", texts)):
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                for number, text in enumerate(rows):
                    copy.write_row((number, text, search_document(text)))
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE indexname LIKE 'search_entry_%words'")
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute(FILL, [count])
        cursor.execute("SET maintenance_work_mem = '256MB'")
        for _name, definition in indexes:
            cursor.execute(definition)
        cursor.execute("VACUUM ANALYZE portal_searchentry")


def milliseconds(query: str, repeat: int, section: str = "") -> tuple[float, int]:
    """Return the 95th percentile, and how many entries the first page has (of one section, if named)."""
    found = 0

    def ask() -> None:
        nonlocal found
        visible = SearchEntry.objects.visible()
        found = len((visible.filter(section=section) if section else visible).best(query, 21))

    first = throwaway.seconds_in_database(ask)
    if first > LONGEST:
        return 1000 * first, found
    times, end = [], time.monotonic() + LONGEST
    while len(times) < 2 or (len(times) < repeat and time.monotonic() < end):
        times.append(1000 * throwaway.seconds_in_database(ask))
    return statistics.quantiles(times, n=20, method="inclusive")[-1], found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=30)
    chosen = parser.parse_args()
    with throwaway.own_database():
        print(f"{chosen.rows:,} entries made in {throwaway.seconds(lambda: fill(chosen.rows)):.0f} s")
        if "search_entry_words" not in SearchEntry.objects.matching("robot").explain():
            print("MISSED the query does not use its index: every entry is read, seconds a query")
            return
        for query in QUERIES:
            p95, found = milliseconds(query, chosen.repeat)
            matches = SearchEntry.objects.visible().matching(query).count()
            throwaway.judge(f"“{query}”, {matches:,} found, {found} shown, p95 in ms", p95, BAR, at_most=True)
        for section in SECTIONS:
            for query in QUERIES[::3]:
                p95, found = milliseconds(query, chosen.repeat, section)
                throwaway.judge(f"“{query}” in one section, {found} shown, p95 in ms", p95, BAR, at_most=True)
        p95 = 1000 * max(
            throwaway.seconds_in_database(lambda: SearchEntry.objects.with_choices().first())
            for _time in range(chosen.repeat)
        )
        throwaway.judge("what an answer may be narrowed to, the slowest in ms", p95, BAR, at_most=True)


if __name__ == "__main__":
    main()
