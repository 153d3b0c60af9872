"""Dates, births and telephones: read from what people write, shown as documents and pages want them."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intakes.reading.rows.cells import read_birth
from portal.lib.vietnamese import (
    Birth,
    DateError,
    PhoneError,
    birth_problem,
    date_line,
    document_date,
    format_phone,
    parse_birth,
    parse_date,
    parse_phone,
    short_date,
    weekday_name,
)

UTC = ZoneInfo("UTC")


class TestParseDate:
    @pytest.mark.parametrize(
        ("value", "date"),
        [
            (dt.date(2023, 4, 11), dt.date(2023, 4, 11)),
            (dt.datetime.fromisoformat("2023-04-11T23:59"), dt.date(2023, 4, 11)),
            (dt.datetime(2023, 4, 11, 17, 0, tzinfo=UTC), dt.date(2023, 4, 12)),  # midnight in Viet Nam
            (dt.datetime(2023, 4, 11, 16, 59, tzinfo=UTC), dt.date(2023, 4, 11)),
            (45027, dt.date(2023, 4, 11)),
            (45027.0, dt.date(2023, 4, 11)),
            (45027.99, dt.date(2023, 4, 11)),
            ("45027", dt.date(2023, 4, 11)),
            (20_000, dt.date(1954, 10, 3)),
            ("20000", dt.date(1954, 10, 3)),
            (73_050, dt.date(2099, 12, 31)),
            ("11/04/2023", dt.date(2023, 4, 11)),
            (" 5-5-2013 ", dt.date(2013, 5, 5)),
            ("05.05.2013", dt.date(2013, 5, 5)),
            ("05/ 05 /2013", dt.date(2013, 5, 5)),
            ("5 5 2013", dt.date(2013, 5, 5)),
            ("5,5,2013", dt.date(2013, 5, 5)),
            ("5\\5\\2013", dt.date(2013, 5, 5)),
            ("2013-05-06", dt.date(2013, 5, 6)),
            ("2013/5/6", dt.date(2013, 5, 6)),
            ("2013.05.06", dt.date(2013, 5, 6)),
            ("2013-05-06 00:00:00", dt.date(2013, 5, 6)),
            ("2013-05-06T07:30", dt.date(2013, 5, 6)),
            ("06/05/2013 07:30:15.250", dt.date(2013, 5, 6)),
            ("5/5/13", dt.date(2013, 5, 5)),
            ("5/5/00", dt.date(2000, 5, 5)),
            ("5/5/40", dt.date(2040, 5, 5)),
            ("5/5/41", dt.date(1941, 5, 5)),
            ("5/5/99", dt.date(1999, 5, 5)),
            ("29/02/2024", dt.date(2024, 2, 29)),
            ("ngày 11 tháng 04 năm 2023", dt.date(2023, 4, 11)),
            ("Ngày 11 tháng 4, năm 2023", dt.date(2023, 4, 11)),
            ("11 tháng 4 năm 2023", dt.date(2023, 4, 11)),
            ("Ngày 11/04/2023", dt.date(2023, 4, 11)),
            ("01/01/1900", dt.date(1900, 1, 1)),
            ("31/12/2099", dt.date(2099, 12, 31)),
            ("２６–１１–２０２６", dt.date(2026, 11, 26)),
            ("26.11.2026", dt.date(2026, 11, 26)),
            ("26-11-26", dt.date(2026, 11, 26)),
        ],
    )
    def test_reads(self, value, date):
        read = parse_date(value)
        assert read == date
        assert type(read) is dt.date

    @pytest.mark.parametrize(
        ("code", "values"),
        [
            ("empty", [None, "", " ", "\xa0\u200b"]),
            (
                "not_a_date",
                [
                    0, 1, 2013, 19_999, 80_001, -45027, 0.0, float("nan"), True, "0", "2013", "19999", "80001", "450270",
                    dt.time(0, 0), [], "abc", "5A2", "11/04", "11//04/2023", "11/04/202", "11/04/20233", "11042023",
                    "111/04/2023", "tháng 4 năm 2023", "11/04/2023 abc", "2013-05-06-07", "ngày 11",
                ],
            ),
            (
                "no_such_date",
                [
                    "31/02/2023", "29/02/2023", "00/05/2013", "05/00/2013", "05/13/2013", "32/01/2013", "2013-13-01",
                    "ngày 31 tháng 4 năm 2023", "01/01/0000", "01/01/0202", "31/12/1899", "01/01/2100", "31/12/9999", "0001-01-01",
                    dt.date(1899, 12, 31), dt.date(2100, 1, 1), dt.datetime.fromisoformat("1899-12-31"), 80_000,
                ],
            ),
        ],
    )  # fmt: skip
    def test_refuses(self, code, values):
        for value in values:
            with pytest.raises(DateError) as refused:
                parse_date(value)
            assert refused.value.code == code, value

    def test_the_refusal_holds_what_stood_there(self):
        for value in (" 31/02/2023", "x", 19_999, "19999"):
            with pytest.raises(DateError) as refused:
                parse_date(value)
            assert refused.value.value == value

    @given(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)))
    def test_reads_what_is_shown(self, date):
        assert parse_date(short_date(date)) == date
        assert parse_date(document_date(date)) == date
        assert parse_date(date.isoformat()) == date

    @given(st.text() | st.text("0123456789/-. ", max_size=12) | st.integers() | st.floats())
    def test_anything_is_read_or_refused(self, value):
        for parse in (parse_date, parse_birth):
            try:
                year = parse(value).year
            except DateError:
                continue
            assert 1900 <= year <= 2099


class TestParseBirth:
    @pytest.mark.parametrize(
        ("value", "birth", "text"),
        [
            (2011, Birth(2011), "2011"),
            (2011.0, Birth(2011), "2011"),
            ("2011", Birth(2011), "2011"),
            (" năm 2011", Birth(2011), "2011"),
            (1900, Birth(1900), "1900"),
            (2099, Birth(2099), "2099"),
            ("03/2011", Birth(2011, 3), "03/2011"),
            ("3-2011", Birth(2011, 3), "03/2011"),
            ("12.2011", Birth(2011, 12), "12/2011"),
            ("tháng 3 năm 2011", Birth(2011, 3), "03/2011"),
            ("15/03/2011", Birth(2011, 3, 15), "15/03/2011"),
            ("5/3/11", Birth(2011, 3, 5), "05/03/2011"),
            (dt.datetime.fromisoformat("2011-03-05"), Birth(2011, 3, 5), "05/03/2011"),
            (40607, Birth(2011, 3, 5), "05/03/2011"),
            (40607.0, Birth(2011, 3, 5), "05/03/2011"),
            (40607.5, Birth(2011, 3, 5), "05/03/2011"),
        ],
    )
    def test_reads(self, value, birth, text):
        assert parse_birth(value) == birth
        assert parse_birth(value).text == text

    def test_only_a_whole_date_is_a_date(self):
        assert Birth(2011, 3, 5).date == dt.date(2011, 3, 5)
        assert Birth(2011, 3).date is None
        assert Birth(2011).date is None
        with pytest.raises(AttributeError):
            Birth(2011).year = 2012  # type: ignore[misc]  # frozen: that is the test

    @pytest.mark.parametrize(
        ("code", "values"),
        [
            ("empty", [None, ""]),
            ("not_a_date", [True, False, 0, 11, 999, 10_000, 2011.5, "64", "3/11", "abc", "19999", dt.time(0, 0)]),
            ("no_such_date", ["13/2011", "00/2011", 1899, 2101, 1000, 9999, "1850", "03/1850", "31/02/2011"]),
        ],
    )
    def test_refuses(self, code, values):
        for value in values:
            with pytest.raises(DateError) as refused:
                parse_birth(value)
            assert refused.value.code == code, value

    @given(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)), st.sampled_from([1, 2, 3]))
    def test_reads_what_is_shown(self, date, parts):
        birth = Birth(*(date.year, date.month, date.day)[:parts])
        assert parse_birth(birth.text) == birth


class TestShown:
    def test_weekdays(self):
        monday = dt.date(2023, 7, 17)
        names = [weekday_name(monday + dt.timedelta(days=day)) for day in range(7)]
        assert names == ["Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"]

    def test_date_line(self):
        assert date_line(dt.datetime.fromisoformat("2023-07-21T13:25")) == "Thứ Sáu, 21/07/2023 13:25"
        assert date_line(dt.datetime(2023, 7, 21, 6, 25, tzinfo=UTC)) == "Thứ Sáu, 21/07/2023 13:25"
        assert date_line(dt.datetime(2023, 7, 22, 17, 5, tzinfo=UTC)) == "Chủ Nhật, 23/07/2023 00:05"

    @pytest.mark.parametrize(
        ("date", "text"),
        [
            (dt.date(2026, 6, 5), "ngày 05 tháng 6 năm 2026"),
            (dt.date(2026, 2, 2), "ngày 02 tháng 02 năm 2026"),
            (dt.date(2026, 1, 10), "ngày 10 tháng 01 năm 2026"),
            (dt.date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
            (dt.date(2026, 12, 31), "ngày 31 tháng 12 năm 2026"),
        ],
    )
    def test_document_date(self, date, text):
        assert document_date(date) == text

    def test_short_date(self):
        assert short_date(dt.date(2026, 6, 5)) == "05/06/2026"
        assert short_date(dt.date(2026, 12, 31)) == "31/12/2026"


class TestPhone:
    @pytest.mark.parametrize(
        ("value", "phone"),
        [
            ("0939658700", "+84939658700"),
            ("0939 658 700", "+84939658700"),
            ("0939.658.700", "+84939658700"),
            ("0939-658-700", "+84939658700"),
            ("\xa00939\u200b658700", "+84939658700"),
            (939658700, "+84939658700"),
            (939658700.0, "+84939658700"),
            ("939658700", "+84939658700"),
            ("+84939658700", "+84939658700"),
            ("+84 (0)939 658 700", "+84939658700"),
            ("84939658700", "+84939658700"),
            ("0084 939658700", "+84939658700"),
            ("0841234567", "+84841234567"),
            ("841234567", "+84841234567"),
            ("0312345678", "+84312345678"),
            ("0512345678", "+84512345678"),
            ("0712345678", "+84712345678"),
            ("(0225) 3.842.615", "+842253842615"),
            (2253842615, "+842253842615"),
            ("842253842615", "+842253842615"),
            ("024 3825 1234", "+842438251234"),
            ("0225384261", "+84225384261"),
            ("01629658700", "+84329658700"),
            (1629658700, "+84329658700"),
            ("+841699658700", "+84399658700"),
        ],
    )
    def test_reads(self, value, phone):
        assert parse_phone(value) == phone

    def test_numbers_of_before_2018(self):
        moved = {
            "0120": "70", "0121": "79", "0122": "77", "0126": "76", "0128": "78", "0123": "83", "0124": "84",
            "0125": "85", "0127": "81", "0129": "82", "0162": "32", "0163": "33", "0164": "34", "0165": "35",
            "0166": "36", "0167": "37", "0168": "38", "0169": "39", "0186": "56", "0188": "58", "0199": "59",
        }  # fmt: skip
        for old, new in moved.items():
            assert parse_phone(f"{old}1234567") == f"+84{new}1234567"

    @pytest.mark.parametrize(
        ("code", "values"),
        [
            ("empty", [None, "", " \xa0"]),
            (
                "not_a_phone",
                [
                    True, False, 0, 123, "123", "abc", "093965870", "09396587000", "0439658700", "0139658700",
                    "0639658700", "01619658700", "0109658700", "022538426", "022538426150", "+85939658700", "+8493965870",
                    "0939658700/0986830589", "0939658700 x", 1.5, float("nan"), [], "٠٩٣٩٦٥٨٧٠٠", "0162965870",
                ],
            ),
        ],
    )  # fmt: skip
    def test_refuses(self, code, values):
        for value in values:
            with pytest.raises(PhoneError) as refused:
                parse_phone(value)
            assert refused.value.code == code, value
            assert refused.value.value is value

    @pytest.mark.parametrize(
        ("phone", "shown"),
        [
            ("+84939658700", "0939 658 700"),
            ("+842253842615", "0225 384 2615"),
            ("+842438251234", "024 3825 1234"),
            ("+842838251234", "028 3825 1234"),
            ("+84225384261", "0225 384 261"),
            ("+4915112345678", "+4915112345678"),
            ("", ""),
        ],
    )
    def test_shown(self, phone, shown):
        assert format_phone(phone) == shown

    @given(st.from_regex(r"0[35789][0-9]{8}|02[0-9]{8,9}", fullmatch=True))
    def test_reads_what_is_shown(self, national):
        phone = parse_phone(national)
        assert phone == f"+84{national[1:]}"
        assert parse_phone(phone) == parse_phone(format_phone(phone)) == phone


@pytest.mark.parametrize("birth", [Birth(1899), Birth(2026, 11, 27), Birth(2026, 12), Birth(2027)])
def test_nobody_is_born_then(birth):
    today = dt.date(2026, 11, 26)
    assert birth_problem(birth, today)
    if birth.date:
        assert read_birth(birth.date, today=today).problem == "birth_impossible"
    assert read_birth(birth.text, today=today).problem == "birth_impossible"


@pytest.mark.parametrize("birth", [Birth(1900), Birth(2026), Birth(2026, 11), Birth(2026, 11, 26)])
def test_somebody_may_be_born_then(birth):
    today = dt.date(2026, 11, 26)
    assert not birth_problem(birth, today)
    assert read_birth(birth.text, today=today).value == birth
