"""Text and names: what is compared, sought and sorted."""

import re
import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lib.sameness import compare_births
from portal.lib.vietnamese import (
    alphabet_key,
    fold,
    initials,
    looks_like_legacy_font,
    name_key,
    normalize,
    proper_name,
    search_document,
    search_syllables,
    search_terms,
    slugify,
    sort_key,
    syllable_pairs,
)
from portal.vocabulary import LevelWord

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")  # ngang huyền hỏi ngã sắc nặng
VOWELS = "aăâeêioôơuưy"


def nfc(text):
    return unicodedata.normalize("NFC", text)


def nfd(text):
    return unicodedata.normalize("NFD", text)


syllables = st.builds(
    lambda head, vowel, tone, tail: nfc(head + vowel + tone + tail),
    st.text("bcdđghklmnpqrstvx", max_size=2),
    st.sampled_from(VOWELS),
    st.sampled_from(TONES),
    st.text("chimnoptuy", max_size=2),
)
names = st.lists(syllables, min_size=1, max_size=5).map(" ".join)


class TestNormalize:
    @pytest.mark.parametrize(
        ("typed", "tidy"),
        [
            ("  Trương  Khánh Hạnh ", "Trương Khánh Hạnh"),
            ("Ngô\xa0Thu\xa0Nhung", "Ngô Thu Nhung"),
            ("a\u2003b\u202fc\u3000d", "a b c d"),
            ("một\ndòng\tthôi\r\n", "một dòng thôi"),
            ("\ufeffHọ\u200b tên\u200d", "Họ tên"),
            ("so\xadft \u2060a\u202ab\u2066c", "soft abc"),
            ("\x00a\x07b\x1bc\x7fd\x9fe", "abcde"),
            ("a\ud800b", "ab"),
            ("a\ufe0fb\u034fc", "abc"),
            (nfd("Hải Phòng"), "Hải Phòng"),
            ("e\u200b\u0301", "é"),  # what is invisible does not keep a mark from its letter
            ("a\x1cb\x85c\u2028d", "a b c d"),
            ("", ""),
            (" \u200b ", ""),
        ],
    )
    def test_tidies(self, typed, tidy):
        assert normalize(typed) == tidy

    @given(st.text())
    def test_twice_is_once_and_forms_do_not_matter(self, text):
        once = normalize(text)
        assert normalize(once) == once
        assert normalize(nfd(text)) == normalize(nfc(text))
        assert unicodedata.is_normalized("NFC", once)
        assert not any(unicodedata.category(character) == "Cc" for character in once)
        assert "  " not in once
        assert once == once.strip()


class TestFold:
    def test_every_vietnamese_letter_in_every_tone_and_case(self):
        for letter in LETTERS:
            for tone in TONES if letter in VOWELS else ("",):
                for form in (nfc, nfd):
                    for text in (form(letter + tone), form((letter + tone).upper())):
                        assert fold(text) == {"đ": "d"}.get(letter, nfd(letter)[0]), text

    @pytest.mark.parametrize(
        ("text", "folded"),
        [
            ("ĐƯỜNG Học Bổng", "duong hoc bong"),
            ("Đồ Sơn, 21/07!", "do son, 21/07!"),
            ("Ðặng Ɖức ðường ɖ", "dang duc duong d"),  # eth and the African d, as old converters write đ
            (string.ascii_uppercase, string.ascii_lowercase),
            ("  hai  chỗ ", "  hai  chỗ ".replace("ỗ", "o")),
            ("한글", "한글"),
            ("Hoà Hòa Thuỷ Thủy", "hoa hoa thuy thuy"),
        ],
    )
    def test_examples(self, text, folded):
        assert fold(text) == folded

    @given(st.text())
    def test_twice_is_once_and_forms_do_not_matter(self, text):
        once = fold(text)
        assert fold(once) == once
        assert fold(nfd(text)) == fold(nfc(text)) == once
        assert not set(once) & set(string.ascii_uppercase + "Đđ")
        assert not re.search("[\u0300-\u036f]", nfd(once))

    @given(names)
    def test_names_become_plain_letters(self, name):
        assert re.fullmatch("[a-z ]+", fold(name.upper()))


class TestSlugify:
    @pytest.mark.parametrize(
        ("text", "slug"),
        [
            ("Đường đến trường", "duong-den-truong"),
            ("  6 tháng đầu năm 2023: “gần 15.000” lượt!  ", "6-thang-dau-nam-2023-gan-15-000-luot"),
            ("!!!", ""),
            ("", ""),
            ("a_b", "a-b"),
        ],
    )
    def test_examples(self, text, slug):
        assert slugify(text) == slug

    @pytest.mark.parametrize(
        ("limit", "slug"),
        [(13, "mot-hai-ba"), (14, "mot-hai-ba-bon"), (10, "mot-hai-ba"), (9, "mot-hai"), (3, "mot"), (2, "mo")],
    )
    def test_is_cut_after_a_whole_word(self, limit, slug):
        assert slugify("một hai ba bốn", max_length=limit) == slug

    def test_is_80_long_at_most(self):
        assert slugify("a" * 80) == "a" * 80
        assert slugify("a" * 81) == "a" * 80

    @given(st.text(), st.integers(1, 30))
    def test_fits_an_address(self, text, limit):
        slug = slugify(text, max_length=limit)
        assert len(slug) <= limit
        assert slug == "" or re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", slug)


class TestSearch:
    def test_pairs_are_neighbouring_syllables(self):
        assert syllable_pairs(nfd("Học BỔNG, Lê Chân")) == ["hoc_bong", "bong_le", "le_chan"]
        assert syllable_pairs("học") == []
        assert syllable_pairs("") == []

    def test_document_holds_syllables_then_pairs_and_no_pair_across_texts(self):
        assert search_document("Học bổng", "Đồ Sơn 2023") == "hoc bong hoczbong do son 2023 dozson sonz2023"
        assert search_document() == ""

    @pytest.mark.parametrize(
        ("text", "words", "neighbours"),
        [
            ("học bổng", "hoc & bong", "hoczbong"),
            ("HOC BONG le", "hoc & bong & le", "hoczbong & bongzle"),
            ("học", "hoc:*", ""),
            ("a a a", "a:*", ""),
            ("1.100 hội viên", "1100 & hoi & vien", "1100zhoi & hoizvien"),
            ("'học' & | !bổng:* <-> \\ (", "hoc & bong", "hoczbong"),
            ("!!!", "", ""),
            ("", "", ""),
            ("Москва", "", ""),
        ],
    )
    def test_query(self, text, words, neighbours):
        assert search_terms(text)[:2] == (words, neighbours)

    def test_query_asks_for_at_most_sixteen_syllables(self):
        terms = search_terms(" ".join(f"t{number}" for number in range(18)))
        assert (terms.words.count("&"), len(terms.pairs)) == (15, 16)

    def test_a_syllable_has_at_most_forty_letters(self):
        assert search_terms("x" * 41).words == "x" * 40 + ":*"
        assert search_document("x" * 40) == "x" * 40

    @pytest.mark.parametrize("text", ["1.100", "1100", "1.100 hội viên", "(1.100)"])
    def test_a_number_is_the_same_with_its_thousands_marked_or_not(self, text):
        assert "1100" in search_document(text).split()

    @pytest.mark.parametrize("text", ["1.10", "01.2023", "1.100.5", "21.07.2023"])
    def test_and_no_other_dots_are_taken_for_thousands(self, text):
        assert "1100" not in search_document(text).split()
        assert search_document(text).split()[0] in {"1", "01", "21"}

    @pytest.mark.parametrize(
        ("short", "whole"),
        [
            ("Q. Lê Chân", "quận Lê Chân"), ("q.lê chân", "quận Lê Chân"), ("P. An Biên", "phường An Biên"),
            ("TP Hải Phòng", "thành phố Hải Phòng"), ("TP. Hải Phòng", "Thành phố Hải Phòng"),
            ("H. Thủy Nguyên", "huyện Thuỷ Nguyên"), ("TT. An Dương", "thị trấn An Dương"),
            ("HKH", "Hội Khuyến học"), ("12/KH-HKH", "12/KH Hội Khuyến học"), ("UBND TP", "Ủy ban nhân dân thành phố"),
            ("Sở GD&ĐT", "Sở Giáo dục và Đào tạo"), ("1,100 em", "1.100 em"),
        ],
    )  # fmt: skip
    def test_an_abbreviation_is_what_it_stands_for(self, short, whole):
        assert search_syllables(short) == search_syllables(whole)
        assert search_terms(nfd(short)) == search_terms(whole)

    @pytest.mark.parametrize(
        ("text", "syllables"),
        [
            ("12/TT-BGDĐT", "12 tt bgddt"), ("em T.H.P. học lớp 5", "em t h p hoc lop 5"), ("8h30", "8h30"),
            ("Nguyễn Thị P.", "nguyen thi p"), ("vitamin x", "vitamin x"), ("TPP", "tpp"),
        ],
    )  # fmt: skip
    def test_and_letters_that_stand_for_nothing_stay(self, text, syllables):
        assert " ".join(search_syllables(text)) == syllables

    def test_units_are_found_by_the_abbreviations_that_lists_use(self):
        for level in LevelWord:
            for short in level.short:
                assert search_syllables(f"{short}. Lê Chân") == search_syllables(f"{level.value} Lê Chân"), short

    def test_a_document_has_at_most_20000_syllables(self):
        words = search_document("a " * 20_001).split()
        assert words.count("a") == 20_000
        assert words.count("aza") == 19_999

    @given(st.text())
    def test_user_text_never_breaks_the_query(self, text):
        terms = search_terms(text)
        assert re.fullmatch(r"|[a-z0-9]{1,40}:\*|[a-z0-9]+( & [a-z0-9]+){0,15}", terms.words)
        assert re.fullmatch(r"|[a-z0-9]+( & [a-z0-9]+){0,15}", terms.neighbours)

    @given(names, names)
    def test_a_document_is_found_by_its_own_words(self, title, text):
        words = set(search_document(title, text).split())
        terms = search_terms(title)
        if terms.words.endswith(":*"):
            assert any(word.startswith(terms.words[:-2]) for word in words)
        else:
            assert set(terms.words.split(" & ")) <= words
            assert set(terms.pairs) <= words


class TestNames:
    def test_key_joins_spellings_and_keeps_accents(self):
        assert name_key(f" NGUYỄN\xa0 {nfd('Thị')}  an") == "nguyễn thị an"
        assert name_key("Hà") != name_key("Hạ")
        assert name_key("Ðỗ ðạt Ɖ ɖ") == "đỗ đạt đ đ"

    @given(names)
    def test_key_is_blind_for_case_form_and_space(self, name):
        key = name_key(name)
        assert name_key(nfd(name.upper()).replace(" ", "\xa0 ")) == key == name_key(key)

    @pytest.mark.parametrize(
        ("typed", "proper"),
        [
            ("NGUYỄN THỊ ÁNH", "Nguyễn Thị Ánh"),
            ("nguyễn văn đức", "Nguyễn Văn Đức"),
            ("ÐỖ AN", "Đỗ An"),
            ("Nguyễn văn An", "Nguyễn văn An"),
            ("  Trần  McDonald ", "Trần McDonald"),
            ("H'HEN NIÊ", "H'Hen Niê"),
            ("N.T.A", "N.T.A"),
            ("", ""),
        ],
    )
    def test_proper_name(self, typed, proper):
        assert proper_name(typed) == proper

    @pytest.mark.parametrize(
        ("name", "letters"),
        [
            ("Nguyễn Thị An", "N.T.A"),
            (nfd("đỗ  ánh"), "Đ.Á"),
            ("An", "A"),
            ("Lê (Bình) 2 H'Hen", "L.B.H"),
            ("", ""),
            ("12", ""),
        ],
    )
    def test_initials(self, name, letters):
        assert initials(name) == letters


def reference_alphabet(text):
    """Sort order by another road: a tuple for each syllable, positions in the alphabet, then the tone."""
    alphabet = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
    key = []
    for syllable in text.lower().split():
        tones = [TONES.index(mark) for mark in nfd(syllable) if mark in TONES[1:]]
        bare = nfc("".join(mark for mark in nfd(syllable) if mark not in TONES[1:]))
        key.append(([alphabet.index(letter) for letter in bare], tones))
    return key


def reference_sort(name):
    words = name.split()
    return (
        reference_alphabet(words[-1]),
        reference_alphabet(" ".join(words[1:-1])),
        reference_alphabet(words[0]) if len(words) > 1 else [],
    )


class TestSortKey:
    def test_looks_like(self):
        assert sort_key("Nguyễn Thị Ánh") == "anh.4 thi.5 nguye|n.3"
        assert sort_key("ĐỖ ƯỚC") == "u}o}c.4  d{o|.3"
        assert sort_key("Ăn") == "a{n.0"
        assert sort_key("Trần Thị Vân An") == "an.0 thi.5-va|n.0 tra|n.1"
        assert sort_key("") == ""
        assert sort_key("???") == ""
        assert alphabet_key("O'Brien Lý-Sơn 2") == "o.0-brien.0-ly.4-so}n.0-2.0"
        assert alphabet_key("李") == "~00674e.0"
        assert alphabet_key("naïve") == "naive.0"

    @pytest.mark.parametrize("key", [sort_key, alphabet_key])
    def test_dictionary_order(self, key):
        words = "a à ả ã á ạ an anh ă ằ ăn â ấ b ban bàn bản bãn bán bạn bang c d da đ đa e ê g h i k l m n o ô ơ p q r s t u ư v x y 李"
        assert sorted(set(words.split()), key=key) == words.split()

    def test_people_by_given_name_then_middle_then_family_name(self):
        people = [
            "An",
            "Bùi An",
            "Nguyễn An",
            "Trần Anh An",
            "Lê Thị An",
            "Nguyễn Thị An",
            "Lê Thị Ánh An",
            "Lê Văn An",
            "Đỗ Ân",
            "Lê Bình",
            "Đào Hà",
            "Lê Bích Hà",
            "An Hạ",
        ]
        assert sorted(set(people), key=sort_key) == people

    def test_forms_case_and_spaces_do_not_count(self):
        assert sort_key(f"  {nfd('NGUYỄN')}\xa0Thị  ÁNH ") == sort_key("Nguyễn Thị Ánh")

    @given(names, names)
    def test_orders_as_the_alphabet_does(self, one, other):
        assert (sort_key(one) < sort_key(other)) == (reference_sort(one) < reference_sort(other))
        assert (alphabet_key(one) < alphabet_key(other)) == (reference_alphabet(one) < reference_alphabet(other))

    @given(st.text())
    def test_is_printable_ascii(self, text):
        assert re.fullmatch("[ -~]*", sort_key(text))
        assert re.fullmatch("[ -~]*", alphabet_key(text))


class TestLegacyFont:
    @pytest.mark.parametrize(
        "text",
        [
            "Héi KhuyÕn häc",
            "NguyÔn ThÞ Hång",
            "thµnh phè",
            "Lª V¨n T©m",
            "®éc lËp",
            "§ç An",
            "ViÖt",
            "häc sinh hång hä",  # three words with letters that Vietnamese does not have
            "Nguyeãn Vaên",
            "TRAÀN VAÊN",
            "Haûi Phoøng",
            "Leâ Toân",
            "Buøi Löùu",
        ],
    )
    def test_is_suspected(self, text):
        assert looks_like_legacy_font(text)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "Hội Khuyến học thành phố Hải Phòng",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Hoà, Thuỷ, Khuê, toán, loãng, quà, hoá",
            "Windows® 10, © 2023, 10 µm, 5 m², «học bổng», 1½, a×b, (®)",
            "Noël François Müller",
            "Michaël Nguyễn",
            "Håkon Østby",
            "học sinh lớp 5A2 trường THPTÔng",  # Ô behind a capital
            nfd("Nguyễn Thị Hường, Đặng Quốc Huy"),
            "José Peña, Zürich",
        ],
    )
    def test_is_not_suspected(self, text):
        assert not looks_like_legacy_font(text)

    @given(names)
    def test_vietnamese_is_not_suspected(self, name):
        assert not looks_like_legacy_font(name)
        assert not looks_like_legacy_font(name.upper())
        assert not looks_like_legacy_font(name.title())


class TestNameKey:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Nguyễn Hòa Bình", "Nguyễn Hoà Bình"),
            ("Trần Thị Thúy", "Trần Thị Thuý"),
            ("Vũ Thủy", "Vũ Thuỷ"),
            ("Lê Khỏe", "Lê Khoẻ"),
            ("Hoàng Anh", "Hòang Anh"),
            ("H’Mai Niê", "H'Mai Niê"),
            ("Em Nguyễn Văn An", "Nguyễn Văn An"),
            ("Cháu: Nguyễn Văn An", "nguyễn văn an"),
            ("GS.TS Nguyễn Văn An", "Nguyễn Văn An"),
            ("NGƯT. Bà Lê Thị Hoa", "Lê Thị Hoa"),
        ],
    )
    def test_one_name_in_two_spellings(self, one, other):
        assert name_key(one) == name_key(other)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Trần Thu Hà", "Trần Thu Hạ"),
            ("Lê Hòa", "Lê Hóa"),
            ("Lê Thuý", "Lê Thuỷ"),
            ("Ông An", "An"),
            ("Nguyễn Văn Em", "Nguyễn Văn"),
            ("Emma Trần Lê", "Ma Trần Lê"),
        ],
    )
    def test_two_names(self, one, other):
        assert name_key(one) != name_key(other)


FULL = (2011, 3, 5)


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        (FULL, FULL, "equal"),
        (FULL, (None, None, None), "missing"),
        (FULL, (2011, None, None), "shorter"),
        ((2011, 3, None), FULL, "shorter"),
        (FULL, (2011, 5, 3), "swapped"),
        (FULL, (2012, 3, 5), None),
        (FULL, (2011, 3, 6), None),
        ((2011, 4, None), FULL, None),
    ],
)
def test_births_agree_or_are_those_of_two_people(one, other, how):
    assert compare_births(one, other) == compare_births(other, one) == how
