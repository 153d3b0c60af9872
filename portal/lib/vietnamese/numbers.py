"""Numbers and money for readers: grouped digits, words, and the rounded figures of a narrative."""

import re
from dataclasses import dataclass

from portal.lib.vietnamese.text import fold

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_WORDS_LIMIT = 10**15


def format_int(n: int) -> str:
    """Return "10.426.900.000"."""
    return f"{n:,}".replace(",", ".")


def format_money(n: int) -> str:
    """Return whole đồng as "10.426.900.000 đồng"."""
    return f"{format_int(n)} đồng"


def _hundreds_in_words(n: int, zero: str, inner: bool) -> str:
    """Return 1..999 in words; `inner` figures have others before them, so that their empty places are read too."""
    hundred, rest = divmod(n, 100)
    ten, one = divmod(rest, 10)
    words = [_DIGITS[hundred], "trăm"] if hundred or inner else []
    if ten > 1:
        words += [_DIGITS[ten], "mươi"]
    elif ten == 1:
        words += ["mười"]
    elif one and words:
        words += [zero]
    if one == 1 and ten > 1:
        words += ["mốt"]
    elif one == 4 and ten > 1:
        words += ["tư"]
    elif one == 5 and ten > 0:
        words += ["lăm"]
    elif one:
        words += [_DIGITS[one]]
    return " ".join(words)


def _below_a_billion_in_words(n: int, zero: str, inner: bool) -> str:
    words = []
    for scale, name in ((10**6, "triệu"), (10**3, "nghìn"), (1, "")):
        group = n // scale % 1000
        if group:
            words.append(f"{_hundreds_in_words(group, zero, inner)} {name}".strip())
            inner = True
    return " ".join(words)


def number_in_words(n: int, zero: str = "linh") -> str:
    """Return 0 .. 10^15-1 in words, ValueError outside; `zero` is how empty tens are read, "linh" or "lẻ"."""
    if not 0 <= n < _WORDS_LIMIT:
        raise ValueError(f"only 0 to 10^15-1 can be put in words, not {n}")
    billions, rest = divmod(n, 10**9)
    words = []
    if billions:
        words.append(f"{_below_a_billion_in_words(billions, zero, inner=False)} tỷ")
    if rest:
        words.append(_below_a_billion_in_words(rest, zero, inner=bool(billions)))
    return " ".join(words) or _DIGITS[0]


def money_in_words(n: int, zero: str = "linh") -> str:
    """Return whole đồng as documents spell it: "Hai triệu năm trăm nghìn đồng". ValueError outside 0 .. 10^15-1."""
    words = number_in_words(n, zero)
    return f"{words[0].upper()}{words[1:]} đồng"


_FIGURES = {fold(word): digit for digit, word in enumerate(_DIGITS)}
_FIGURES |= {"mot": 1, "tu": 4, "lam": 5, "nham": 5, "muoi": 10, "le": 0, "linh": 0, "bon": 4, "bay": 7}
_SCALES = {"nghin": 10**3, "ngan": 10**3, "trieu": 10**6, "ty": 10**9, "ti": 10**9}


def parse_money_words(text: str) -> int | None:
    """Return whole đồng written in words, "Một triệu năm trăm nghìn đồng chẵn"; None for what cannot be read so."""
    words = re.findall("[a-z]+|[0-9]+", fold(text).replace("viet nam", " "))
    while words and words[-1] in ("dong", "chan", "vnd"):
        words.pop()
    total = group = figure = 0
    below = 10**12
    for word in words:
        if word in _SCALES:
            scale = _SCALES[word]
            if scale >= below or not group + figure:
                return None
            total, below = total + (group + figure) * scale, scale
            group = figure = 0
        elif word == "tram":
            group, figure = group + figure * 100, 0
        elif word == "muoi":
            group, figure = group + (figure or 1) * 10, 0
        elif word in ("chuc", "ruoi") or word not in _FIGURES:
            return None
        else:
            figure = _FIGURES[word]
    total += group + figure
    return total or None


@dataclass(frozen=True)
class Approximation:
    """What a narrative says instead of the exact figure, and it is true: less than `said` if "gần", more if "hơn"."""

    text: str  # "gần 15.000"
    word: str  # "", "gần" or "hơn"
    said: int  # 15000
    exact: bool


def _figure(n: int, digits: int) -> tuple[str, int]:
    """Return the word and the round figure for `n` with so many significant digits, or with as many more as it takes.

    Three always suffice: the next figure is then at most 1% above.
    """
    step = 10 ** (len(str(n)) - digits)
    low = n // step * step
    high = low + step
    if n == low:
        return "", low
    if 100 * (high - n) <= high:
        return "gần", high
    if 100 * (n - low) <= 5 * low:
        return "hơn", low
    return _figure(n, digits + 1)


def _approximation(n: int, *, of_money: bool) -> Approximation:
    if n < 0:
        raise ValueError(f"only counts and sums from 0 are told in a narrative, not {n}")
    word, said = _figure(n, 2) if n >= 1000 else ("", n)
    figure = _short_money(said) if of_money else format_int(said)
    return Approximation(text=f"{word} {figure}".strip(), word=word, said=said, exact=said == n)


def approximate(n: int) -> Approximation:
    """Round a count as a narrative does: 873, 1.100, gần 15.000 (14936). ValueError below 0.

    Below 1.000 exact; else two significant digits: equal, or at most 1% below ("gần"), or at most 5% above ("hơn"), in
    this order; else the same with three digits.
    """
    return _approximation(n, of_money=False)


def approximate_money(n: int) -> Approximation:
    """Round whole đồng as `approximate` does: "hơn 10 tỷ đồng" (10426900000), "gần 1,3 triệu đồng"."""
    return _approximation(n, of_money=True)


def _short_money(n: int) -> str:
    """Return whole đồng in the largest unit that fits, nothing lost: "10,5 tỷ đồng", "500 nghìn đồng", "1.250 đồng"."""
    for unit, name in ((10**9, "tỷ"), (10**6, "triệu"), (10**3, "nghìn")):
        whole, rest = divmod(n, unit)
        if whole and not (rest and unit == 10**3):
            decimals = f"{unit + rest}"[1:].rstrip("0")
            return f"{format_int(whole)}{',' if decimals else ''}{decimals} {name} đồng"
    return format_money(n)


def share_word(part: int, whole: int) -> str:
    """Return a share in words: tất cả (all), đa số (more than half), một số (some), không có (none).

    ValueError unless 0 <= part <= whole.
    """
    if not 0 <= part <= whole:
        raise ValueError(f"{part} is no part of {whole}")
    if part == 0:
        return "không có"
    if part == whole:
        return "tất cả"
    return "đa số" if 2 * part > whole else "một số"
