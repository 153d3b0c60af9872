"""Lists put together at random from everything officers do, and read back to the đồng."""

import io
import json
import random
import unicodedata
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from tests.intakes.cases import KINDS, read
from tests.intakes.test_reading_headings import BIRTHS, CIRCUMSTANCES, CLASSES, GENDERS, GIVEN, SCHOOLS
from tests.intakes.test_reading_headings import KINDS as KIND_HEADINGS
from tests.intakes.test_reading_headings import NAMES as NAME_HEADINGS

FAMILIES = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Tống",
    "Trương",
    "Đỗ",
    "Tô",
    "Đoàn",
    "Mai",
    "Lương",
    "Công",
    "Chu",
    "Hồ",
]
MIDDLES = ["Văn", "Thị", "Hồng", "Bảo", "Khánh", "Xuân", "Đình", "Minh"]
GIVENS = [
    "An",
    "Thưởng",
    "Cường",
    "Nam",
    "Trường",
    "Hội",
    "Toàn",
    "Xã",
    "Lớp",
    "Khen",
    "Ngọc",
    "Tổ",
    "Khôi",
    "Bình",
    "Ánh",
]
COMMUNES = [
    "Xã An Hưng",
    "Phường Cát Bi",
    "Thị trấn An Lão",
    "xã Bắc Sơn",
    "HỘI KHUYẾN HỌC XÃ TÂN DÂN",
    "Xã Hồng Phong",
]
SCHOOLS_MET = ["TH Kim Đồng", "THCS Trần Phú", "THPT Thái Phiên", "Trường TH An Lão", "TTGDTX Hải An", "MN Hoa Sen"]
CIRCUMSTANCES_MET = {
    "Hộ nghèo": "poor",
    "Hộ cận nghèo": "near_poor",
    "Mồ côi": "orphan",
    "Khuyết tật": "disability",
    "Hoàn cảnh khó khăn": "hardship",
    "Thành tích học tập": "merit",
}


class Maker:
    """Makes one list and remembers what it says."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        pick = self.random.choice
        self.kind_place = pick(["column", "column", "columns", "blocks", "title", "sheets", "ticks"])
        self.date_place = pick(["column", "column", "title"])
        self.communes = self.kind_place != "blocks" and pick([True, False, False])
        self.scale = pick([1, 1, 1, 1000])
        self.split = pick([False, False, True])
        self.numbers = pick(["float", "text"]) if self.scale == 1 else "float"
        self.messy = pick([True, False])
        self.total = pick([True, True, False])
        self.signed = pick([True, False])
        self.titled = self.kind_place == "title" or self.date_place == "title" or pick([True, False])
        self.numbering = pick([True, False])
        self.two_rows = pick([True, False])
        self.year = pick([2022, 2024, 2025])
        self.day = date(self.year, 1, 1) + timedelta(days=self.random.randrange(360))
        self.kinds = list(KINDS) if self.kind_place != "title" else [pick(list(KINDS))]
        self.expected = []
        self.merged = []

    def person(self, kind):
        pick = self.random.choice
        name = f"{pick(FAMILIES)} {pick(MIDDLES)} {pick(GIVENS)}"
        birth = date(
            self.year - self.random.randrange(6, 18), self.random.randrange(1, 13), self.random.randrange(1, 29)
        )
        given = (
            self.day
            if self.date_place == "title"
            else date(self.year, 1, 1) + timedelta(days=self.random.randrange(360))
        )
        amount = pick([200_000, 300_000, 500_000, 1_000_000, 1_200_000])
        circumstance = pick(list(CIRCUMSTANCES_MET))
        self.expected.append((name, KINDS[kind], amount, given, birth.year, CIRCUMSTANCES_MET[circumstance]))
        return {
            "name": name,
            "birth": birth,
            "gender": pick(["Nam", "Nữ"]),
            "class": pick(["5A", "9B2", "12C1"]),
            "school": pick(SCHOOLS_MET),
            "circumstance": circumstance,
            "kind": kind,
            "amount": amount,
            "given": given,
        }

    def columns(self):
        names = ["name", "birth", "gender", "class", "school", "circumstance"]
        if self.kind_place == "column":
            names.append("kind")
        if self.kind_place == "ticks":
            names += [f"tick {kind}" for kind in KINDS]
        names += [f"amount {kind}" for kind in KINDS] if self.kind_place == "columns" else ["amount"]
        if self.date_place == "column":
            names.append("given")
        tail = names[1:6]
        self.random.shuffle(tail)
        return ["number", "name", *tail, *names[6:]]

    def headings(self, columns):
        pick = self.random.choice
        known = {
            "number": ["STT", "TT"],
            "name": NAME_HEADINGS[:20],
            "birth": BIRTHS[:12],
            "gender": GENDERS[:8],
            "class": CLASSES[:6],
            "school": SCHOOLS[:8],
            "circumstance": CIRCUMSTANCES[:10],
            "kind": KIND_HEADINGS[:15],
            "amount": ["Số tiền", "Số tiền (đồng)", "Mức", "Mức tiền", "Trị giá", "Thành tiền", "Kinh phí"],
            "given": GIVEN[:12],
        }
        head = []
        for column in columns:
            text = pick(known[column]) if column in known else column.split(" ", 1)[1]
            if column == "amount" and self.scale > 1:
                text = "Mức (nghìn đồng)"
            if column == "name" and self.split:
                head += pick([["Họ và tên", None], ["Họ và tên đệm", "Tên"], ["Họ đệm", "Tên"]])
            else:
                head.append(text)
        return [
            unicodedata.normalize("NFD", text) if text and self.messy and pick([True, False]) else text for text in head
        ]

    def cells(self, number, person, columns):
        row = []
        for column in columns:
            name, _space, kind = column.partition(" ")
            if name == "number":
                row.append(number)
            elif name == "name":
                row += self.name(person["name"])
            elif name == "tick":
                row.append("x" if person["kind"] == kind else None)
            elif name == "amount":
                row.append(self.amount(person["amount"]) if kind in ("", person["kind"]) else None)
            elif name in ("birth", "given"):
                row.append(self.date(person[name]))
            else:
                row.append(person[name])
        return row

    def name(self, name):
        if self.split:
            return name.rsplit(" ", 1)
        if self.messy:
            return [
                self.random.choice(
                    [name, name.upper(), name.replace(" ", "\xa0"), f"  {name} ", unicodedata.normalize("NFD", name)]
                )
            ]
        return [name]

    def amount(self, amount):
        if self.scale > 1:
            return amount / self.scale
        grouped = f"{amount:,}".replace(",", ".")
        return (
            self.random.choice([amount, grouped, f"{grouped} đ", f"{grouped} đồng"])
            if self.numbers == "text"
            else amount
        )

    def date(self, day):
        return (
            self.random.choice([day, day.strftime("%d/%m/%Y"), f"{day.day}-{day.month}-{day.year}"])
            if self.messy
            else day
        )

    def sums(self, label, people, columns):
        row = []
        for column in columns:
            name, _space, kind = column.partition(" ")
            if name == "amount":
                row.append(sum(person["amount"] for person in people if kind in ("", person["kind"])) / self.scale)
            else:
                row += [None] * (2 if name == "name" and self.split else 1)
        row[self.random.choice([0, 1])] = label
        return row

    def title(self, kind=None):
        kind = kind or (self.kinds[0] if self.kind_place == "title" else None)
        lines = [
            ["HỘI KHUYẾN HỌC THÀNH PHỐ HẢI PHÒNG", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
            ["HỘI KHUYẾN HỌC QUẬN LÊ CHÂN", None, None, "Độc lập - Tự do - Hạnh phúc"],
            [],
        ]
        day = f" NGÀY {self.day:%d/%m/%Y}" if self.date_place == "title" else ""
        lines.append([f"DANH SÁCH HỌC SINH NHẬN {kind.upper() if kind else 'HỌC BỔNG, KHEN THƯỞNG, HỖ TRỢ'}{day}"])
        if self.scale > 1:
            lines.append(["(ĐVT: nghìn đồng)"])
        return [*lines, []]

    def body(self, columns, people):
        rows, start = [], 0
        if self.kind_place == "blocks":
            for letter, kind in zip("ABC", KINDS, strict=True):
                group = [person for person in people if person["kind"] == kind]
                rows.append(self.random.choice([[letter, kind.upper()], [f"{letter}. {kind.upper()}"]]))
                rows += [self.cells(number, person, columns) for number, person in enumerate(group, 1)]
                rows.append(self.sums(f"Cộng {kind.lower()}", group, columns))
            return rows
        if not self.communes:
            rows = [self.cells(number, person, columns) for number, person in enumerate(people, 1)]
            for _ in range(self.random.randrange(3)):
                rows.insert(self.random.randrange(1, len(rows)), [])
            return rows
        size = max(1, len(people) // 3)
        for numeral, commune in zip(("I", "II", "III", "IV"), self.random.sample(COMMUNES, 4), strict=True):
            group = people[start : start + size] if numeral != "IV" else people[start:]
            start += size
            if group:
                rows.append(self.random.choice([[numeral, commune], [f"{numeral}. {commune}"], [None, commune]]))
                rows += [self.cells(number, person, columns) for number, person in enumerate(group, 1)]
                rows.append(self.sums(f"Cộng {commune.lower()}", group, columns))
        return rows

    def sheet(self, kinds, title_kind=None):
        people = [self.person(self.random.choice(kinds)) for _ in range(self.random.randrange(7, 25))]
        if self.kind_place == "blocks":
            people.sort(key=lambda person: list(KINDS).index(person["kind"]))
            self.expected[-len(people) :] = sorted(
                self.expected[-len(people) :], key=lambda row: list(KINDS.values()).index(row[1])
            )
        columns = self.columns()
        rows = self.title(title_kind) if self.titled or title_kind or self.scale > 1 else []
        head = self.headings(columns)
        if self.two_rows and self.kind_place in ("columns", "ticks"):
            first = next(index for index, column in enumerate(columns) if " " in column) + self.split
            top = [
                *head[:first],
                "Số tiền" if self.kind_place == "columns" else "Hình thức",
                None,
                None,
                *head[first + 3 :],
            ]
            rows += [top, [None] * first + head[first : first + 3] + [None] * (len(head) - first - 3)]
        else:
            rows.append(head)
        if self.numbering:
            rows.append([f"({number})" for number in range(1, len(head) + 1)])
        rows += self.body(columns, people)
        if self.total:
            rows.append(
                self.sums(self.random.choice(["Tổng cộng", "TỔNG CỘNG TOÀN QUẬN", "Tổng", "Tổng số"]), people, columns)
            )
        if self.signed:
            rows += [
                [],
                [None] * 5 + ["Hải Phòng, ngày 30 tháng 6 năm 2023"],
                [None, "NGƯỜI LẬP BIỂU", None, None, "CHỦ TỊCH HỘI"],
                [],
                [None, "Nguyễn Văn Bình", None, None, "Lê Thị Hoa"],
            ]
        return rows

    def make(self):
        if self.kind_place == "sheets":
            return {kind: self.sheet([kind]) for kind in KINDS}
        return {"Danh sách": self.sheet(self.kinds)}

    def content(self):
        sheets = self.make()
        content = io.BytesIO()
        workbook = openpyxl.Workbook()
        workbook.remove(workbook.active)
        for name, rows in sheets.items():
            sheet = workbook.create_sheet(name)
            for row in rows:
                sheet.append(row)
        workbook.save(content)
        return content.getvalue()


def what_was_read(reading):
    return [
        (
            row.values["full_name"],
            row.values["kind"],
            row.values["amount"],
            row.values["given_on"],
            row.values["birth"].year,
            row.values["circumstance_code"],
        )
        for row in reading.rows
    ]


@pytest.mark.parametrize("seed", range(120))
def test_mixed(seed):
    maker = Maker(seed)
    reading = read(maker.content())
    assert [ambiguity.message for ambiguity in reading.ambiguities] == []
    assert what_was_read(reading) == maker.expected
    assert not reading.bad_rows
    assert all(total.difference == 0 for total in reading.totals)
    if maker.total:
        assert reading.grand_total.written == sum(row[2] for row in maker.expected)


FILES = Path(__file__).parent.parent / "data" / "files"
OLD = json.loads((FILES / "mixed.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", OLD)
def test_mixed_in_the_old_format(name):
    reading = read((FILES / name).read_bytes())
    wanted = [
        tuple(date.fromisoformat(cell) if place == 3 else cell for place, cell in enumerate(row)) for row in OLD[name]
    ]
    assert [ambiguity.message for ambiguity in reading.ambiguities] == []
    assert what_was_read(reading) == wanted
    assert not reading.bad_rows
