"""Numbers and money: in digits, in words, rounded for a narrative, and read from what people write."""

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.lib.vietnamese import (
    AMOUNT_LIMIT,
    AmountError,
    approximate,
    approximate_money,
    format_int,
    format_money,
    money_in_words,
    number_in_words,
    parse_amount,
    share_word,
)

EDGES = sorted(
    {0, 1, 4, 5, 10, 11, 14, 15, 20, 21, 24, 25, 99, 100, 101, 104, 105, 110, 111, 115, 121, 124, 125, 999}
    | {10**power + offset for power in range(3, 15) for offset in (-1, 0, 1, 4, 5, 10, 15, 21, 100, 105)}
    | {1_005, 2_005_000, 10_426_900_000, 1_000_500, 1_005_000, 1_000_000_005, 5_000_000_500, 10**15 - 1}
)


def test_digits_are_grouped():
    assert format_int(0) == "0"
    assert format_int(999) == "999"
    assert format_int(1000) == "1.000"
    assert format_int(-1200) == "-1.200"
    assert format_money(10_426_900_000) == "10.426.900.000 đồng"


DIGITS = {
    "một": 1,
    "mốt": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "tư": 4,
    "năm": 5,
    "lăm": 5,
    "sáu": 6,
    "bảy": 7,
    "tám": 8,
    "chín": 9,
}


def read_words(text, zero="linh"):
    """Read a number's words by another road: words are values that multiply or add; every place is checked."""
    if text == "không":
        return 0
    total = billions = group = 0
    digit = None
    for word in text.split():
        if word in DIGITS:
            digit = DIGITS[word]
        elif word == "không":
            digit = 0
        elif word == "trăm":
            group, digit = digit * 100, None
        elif word == "mươi":
            assert digit > 1
            group, digit = group + digit * 10, None
        elif word == "mười":
            group += 10
        elif word == zero:
            assert digit is None
        else:
            total += (group + (digit or 0)) * {"nghìn": 10**3, "triệu": 10**6, "tỷ": 1}[word]
            group, digit = 0, None
            if word == "tỷ":
                billions, total = total, 0
    return billions * 10**9 + total + group + (digit or 0)


class TestWords:
    @pytest.mark.parametrize(
        ("number", "words"),
        [
            (0, "không"),
            (1, "một"),
            (4, "bốn"),
            (10, "mười"),
            (11, "mười một"),
            (14, "mười bốn"),
            (15, "mười lăm"),
            (20, "hai mươi"),
            (21, "hai mươi mốt"),
            (24, "hai mươi tư"),
            (25, "hai mươi lăm"),
            (100, "một trăm"),
            (101, "một trăm linh một"),
            (104, "một trăm linh bốn"),
            (105, "một trăm linh năm"),
            (110, "một trăm mười"),
            (111, "một trăm mười một"),
            (1_005, "một nghìn không trăm linh năm"),
            (1_010, "một nghìn không trăm mười"),
            (123_456, "một trăm hai mươi ba nghìn bốn trăm năm mươi sáu"),
            (1_000_500, "một triệu năm trăm"),
            (1_005_000, "một triệu không trăm linh năm nghìn"),
            (2_005_000, "hai triệu không trăm linh năm nghìn"),
            (10**9, "một tỷ"),
            (10**9 + 5, "một tỷ không trăm linh năm"),
            (10_426_900_000, "mười tỷ bốn trăm hai mươi sáu triệu chín trăm nghìn"),
            (10**12, "một nghìn tỷ"),
            (1_005 * 10**9, "một nghìn không trăm linh năm tỷ"),
            (10**12 + 10**6, "một nghìn tỷ không trăm linh một triệu"),
        ],
    )
    def test_examples(self, number, words):
        assert number_in_words(number) == words

    def test_zero_may_be_le(self):
        assert number_in_words(1_005_105, zero="lẻ") == "một triệu không trăm lẻ năm nghìn một trăm lẻ năm"
        assert money_in_words(105, zero="lẻ") == "Một trăm lẻ năm đồng"

    def test_money(self):
        assert money_in_words(2_500_000) == "Hai triệu năm trăm nghìn đồng"
        assert money_in_words(0) == "Không đồng"
        assert money_in_words(10_426_900_000).startswith("Mười tỷ")

    @pytest.mark.parametrize("number", EDGES)
    def test_edges_read_back(self, number):
        assert read_words(number_in_words(number)) == number

    @given(st.integers(0, 10**15 - 1) | st.integers(0, 10**15 - 1).map(lambda n: n // 10**6 * 10**6 + n % 10))
    def test_read_back(self, number):
        assert read_words(number_in_words(number)) == number
        assert read_words(number_in_words(number, zero="lẻ"), zero="lẻ") == number

    @pytest.mark.parametrize("number", [-1, 10**15, 10**15 + 1])
    def test_outside_is_refused(self, number):
        with pytest.raises(ValueError, match="10\\^15"):
            number_in_words(number)
        with pytest.raises(ValueError, match="10\\^15"):
            money_in_words(number)


class TestApproximate:
    @pytest.mark.parametrize(
        ("count", "text"),
        [
            (0, "0"),
            (873, "873"),
            (999, "999"),
            (1_000, "1.000"),
            (1_001, "hơn 1.000"),
            (1_050, "hơn 1.000"),
            (1_051, "gần 1.060"),
            (1_060, "1.060"),
            (1_088, "gần 1.090"),
            (1_089, "gần 1.100"),
            (1_099, "gần 1.100"),
            (1_100, "1.100"),
            (1_155, "hơn 1.100"),
            (1_156, "gần 1.160"),
            (14_700, "hơn 14.000"),
            (14_701, "gần 14.800"),
            (14_849, "gần 14.900"),
            (14_850, "gần 15.000"),
            (14_936, "gần 15.000"),
            (15_000, "15.000"),
            (98_009, "hơn 98.000"),
            (98_010, "gần 99.000"),
            (99_500, "gần 100.000"),
            (999_999, "gần 1.000.000"),
            (1_040_000, "hơn 1.000.000"),
        ],
    )
    def test_counts(self, count, text):
        assert approximate(count).text == text

    @pytest.mark.parametrize(
        ("amount", "text"),
        [
            (0, "0 đồng"),
            (999, "999 đồng"),
            (1_000, "1 nghìn đồng"),
            (1_200, "1.200 đồng"),
            (12_500, "hơn 12 nghìn đồng"),
            (500_000, "500 nghìn đồng"),
            (999_999, "gần 1 triệu đồng"),
            (1_000_000, "1 triệu đồng"),
            (1_290_000, "gần 1,3 triệu đồng"),
            (856_400_000, "gần 860 triệu đồng"),
            (1_060_000_000, "1,06 tỷ đồng"),
            (10_426_900_000, "hơn 10 tỷ đồng"),
            (10_510_000_000, "gần 10,6 tỷ đồng"),
            (120_000_000_000, "120 tỷ đồng"),
            (1_200_000_000_000, "1.200 tỷ đồng"),
        ],
    )
    def test_money(self, amount, text):
        assert approximate_money(amount).text == text

    def test_tells_how(self):
        near, exact = approximate(14_936), approximate_money(1_100)
        assert (near.word, near.said, near.exact) == ("gần", 15_000, False)
        assert (exact.word, exact.said, exact.exact) == ("", 1_100, True)
        assert approximate_money(10_426_900_000).said == 10**10
        with pytest.raises(AttributeError):
            near.said = 14_000  # type: ignore[misc]  # frozen: that is the test

    @given(st.integers(0, 2000) | st.integers(0, 10**15))
    @example(10**15 - 1)
    @example(1_089)
    def test_is_never_false(self, number):
        told = approximate(number)
        assert told.exact == (told.said == number) == (told.word == "")
        assert told.text == f"{told.word} {format_int(told.said)}".strip()
        assert len(str(told.said).rstrip("0")) <= 3
        if told.word == "gần":
            assert told.said * 99 <= number * 100 < told.said * 100
        elif told.word == "hơn":
            assert told.said * 100 < number * 100 <= told.said * 105
            assert len(str(told.said).rstrip("0")) <= 2
        money = approximate_money(number)
        assert (money.word, money.said, money.exact) == (told.word, told.said, told.exact)
        if 0 < money.said < 10**12:  # "1.000 tỷ" is clear to readers, yet too dear to guess in a form
            assert parse_amount(money.text.removeprefix(f"{money.word} ")) == money.said

    @given(st.integers(0, 10**12), st.integers(0, 10**6))
    def test_more_is_never_told_as_less(self, number, more):
        assert approximate(number).said <= approximate(number + more).said

    def test_negative_is_refused(self):
        for told in (approximate, approximate_money):
            with pytest.raises(ValueError, match="-1"):
                told(-1)


@pytest.mark.parametrize(
    ("part", "whole", "word"),
    [
        (0, 0, "không có"),
        (0, 9, "không có"),
        (1, 9, "một số"),
        (5, 10, "một số"),
        (6, 10, "đa số"),
        (9, 10, "đa số"),
        (9, 9, "tất cả"),
        (1, 1, "tất cả"),
    ],
)
def test_share_word(part, whole, word):
    assert share_word(part, whole) == word


@pytest.mark.parametrize(("part", "whole"), [(-1, 3), (4, 3), (1, 0)])
def test_share_of_nothing_is_refused(part, whole):
    with pytest.raises(ValueError, match="no part"):
        share_word(part, whole)


class TestParseAmount:
    @pytest.mark.parametrize(
        ("value", "amount"),
        [
            (500_000, 500_000),
            (1, 1),
            (1.0, 1),
            (1_200_000.0, 1_200_000),
            (Decimal("500000.00"), 500_000),
            (9_999_999_999_999_999, 9_999_999_999_999_999),
            ("1.200.000 đ", 1_200_000),
            ("1,200,000", 1_200_000),
            ("1 200 000", 1_200_000),
            ("1\xa0200\u202f000", 1_200_000),
            ("1. 200. 000", 1_200_000),
            ("1.500.000đ", 1_500_000),
            ("500.000 đồng", 500_000),
            (unicodedata.normalize("NFD", "500.000 Đồng"), 500_000),
            ("500000 VND", 500_000),
            ("VND 500,000", 500_000),
            ("500.000 VNĐ.", 500_000),
            ("₫500.000", 500_000),
            ("500.000₫", 500_000),
            ("2 triệu đồng chẵn", 2_000_000),
            ("500.000.", 500_000),
            ("+500", 500),
            ("7", 7),
            ("007", 7),
            ("999", 999),
            ("1.500", 1_500),
            ("1,500", 1_500),
            ("1 500", 1_500),
            ("500000,0", 500_000),
            ("1000.00", 1_000),
            ("1.200.000,00", 1_200_000),
            ("1,200,000.00", 1_200_000),
            ("1 200 000,0", 1_200_000),
            ("1.200,00", 1_200),
            ("9.999.999.999.999.999", 9_999_999_999_999_999),
            ("500 nghìn", 500_000),
            ("500 ngàn", 500_000),
            ("500k", 500_000),
            ("500K", 500_000),
            ("500 NGHÌN ĐỒNG", 500_000),
            ("1,5 triệu", 1_500_000),
            ("1.5 triệu", 1_500_000),
            ("1,25 triệu", 1_250_000),
            ("1,2345 triệu", 1_234_500),
            ("0,5 triệu", 500_000),
            ("0,500 triệu", 500_000),
            ("0.001 tr", 1_000),
            ("1,5 trđ", 1_500_000),
            ("1tr", 1_000_000),
            ("1tr2", 1_200_000),
            ("1tr 2", 1_200_000),
            ("1tr200", 1_200_000),
            ("1k5", 1_500),
            ("1 tỷ 5", 1_500_000_000),
            ("1 triệu 200 nghìn", 1_200_000),
            ("1 triệu, 200 nghìn", 1_200_000),
            ("1 triệu 200.000 đồng", 1_200_000),
            ("1 triệu 200000", 1_200_000),
            ("1 triệu 1.000", 1_001_000),
            ("1 tỷ 999.999.999", 1_999_999_999),
            ("2 tỷ", 2_000_000_000),
            ("2 tỉ", 2_000_000_000),
            ("2 tỷ 500 triệu", 2_500_000_000),
            ("2 tỷ 500 triệu 300 nghìn", 2_500_300_000),
            ("10.426,9 triệu", 10_426_900_000),
            ("10 426,9 triệu", 10_426_900_000),
            ("1 500 triệu", 1_500_000_000),
            ("1.500.000 nghìn", 1_500_000_000),
            ("1,2 nghìn tỷ", 1_200_000_000_000),
            ("3 ngàn tỉ", 3_000_000_000_000),
            ("3 nghìn tỉ", 3_000_000_000_000),
            ("3 ngàn tỷ", 3_000_000_000_000),
            ("1 triệu rưỡi", 1_500_000),
            ("1'500'000", 1_500_000),
            ("1’500’000", 1_500_000),
            ("'1500000", 1_500_000),
            ("1.500.000,-", 1_500_000),
            ("1.500.000=", 1_500_000),
            ("1.500.000đ/em", 1_500_000),
            ("1.500.000 đ/suất", 1_500_000),
            ("1.500.000 (Một triệu năm trăm nghìn đồng)", 1_500_000),
        ],
    )
    def test_reads(self, value, amount):
        read = parse_amount(value)
        assert read == amount
        assert type(read) is int

    @pytest.mark.parametrize(
        ("code", "values"),
        [
            ("empty", [None, "", "  ", "\xa0", "\u200b"]),
            (
                "not_a_number",
                [
                    True, False, "abc", "đ", "năm trăm nghìn", "500 abc", "5 triệu abc", "200 nghìn 1 triệu",
                    "1 triệu 2 triệu", "1e6", "1'50", "1''500", "500.000đ/tháng", "500.000-",
                    "1.500.000 (Một triệu đồng)", "1 triệu rưỡi 5", "2 x 500.000", "(500.000)", "٥٠٠", "=A1", "500k500k", "-", ".", "500 kg", "1,5 trieuu",
                    float("nan"), float("inf"), Decimal("NaN"), Decimal("Infinity"), b"500", [500], "x" * 61, "9" * 60 + " x",
                ],
            ),
            (
                "ambiguous",
                [
                    "1.5", "1,5", "1.50", "500.00", "500,0", "999.5", "1500.000", "1000.000", "1.200,000",
                    "1,200.000", "1.200.000,000", "1.2.3", "12.34.567", "1.500.00", "1..5", "1.500 triệu", "1,500 triệu",
                    "999.999 triệu", "1tr50", "1 triệu 99", "1.5tr2", "1,5 triệu 200", "1 triệu 2.000.000", "1 triệu 1000000",
                    "1 2", "1 triệu 1.5", "01.500", "1.500,000.000", "1.5.",
                ],
            ),
            ("not_whole", [0.5, 1.5, Decimal("2.5"), "0.5", "0,5", "0,5 đồng", "1.200.000,5", "1,200,000.50", "1000.5", "0,0001 nghìn", "1,2345678 triệu", "0.500"]),
            ("not_positive", [0, -1, -5.0, 0.0, -0.5, Decimal(0), "0", "0 đồng", "0.00", "0 triệu", "-5", "-500.000 đ", "\u2212500", "- 500", "-1 triệu"]),
            ("too_large", [10**16, 1e16, 10**400, Decimal("1e999999"), "10000000000000000", "10.000.000.000.000.000", "9" * 5000, "9" * 61, "10000000 tỷ"]),
        ],
    )  # fmt: skip
    def test_refuses(self, code, values):
        for value in values:
            with pytest.raises(AmountError) as refused:
                parse_amount(value)
            assert refused.value.code == code, value
            assert refused.value.value is value

    def test_the_limit(self):
        assert AMOUNT_LIMIT == 10**16

    @given(st.integers(1, 10**16 - 1))
    def test_reads_what_is_shown(self, amount):
        assert parse_amount(format_money(amount)) == amount
        assert parse_amount(f"{amount:,}") == amount
        assert parse_amount(f"{amount:,}".replace(",", " ")) == amount
        assert parse_amount(str(amount)) == parse_amount(amount) == amount

    @given(st.text() | st.text("0123456789., ktrđnghìtỷệu-", max_size=14))
    def test_any_text_is_read_or_refused(self, text):
        try:
            amount = parse_amount(text)
        except AmountError:
            return
        assert 0 < amount < AMOUNT_LIMIT
