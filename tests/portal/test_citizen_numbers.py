"""Citizen numbers read, masked and compared; sealed texts opened with any key that is still listed."""

import pytest

from portal.lib.citizen_numbers import (
    CitizenNumberError,
    birth_year_in,
    mask_citizen_number,
    parse_citizen_number,
    states_woman,
)
from portal.lib.sealing import keyed_digest, open_kept, seal


@pytest.mark.parametrize("typed", ["031164001234", "0311 6400 1234", "031.164.001234", " 0311-6400-1234\u00a0", "０３１１６４００１２３４"])  # fmt: skip
def test_a_number_in_every_usual_way_of_writing(typed):
    assert parse_citizen_number(typed) == "031164001234"


@pytest.mark.parametrize("typed", ["", "031234567", "31164001234", "0311640012345", "03116400123A", "٠٣١١٦٤٠٠١٢٣٤"])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(CitizenNumberError):
        parse_citizen_number(typed)


@pytest.mark.parametrize(
    ("number", "year", "woman"),
    [("031064001234", 1964, False), ("031164001234", 1964, True), ("030205001234", 2005, False), ("999311000000", 2011, True), ("031400000000", 2100, False)],
)  # fmt: skip
def test_it_states_year_and_sex_and_the_place_says_nothing(number, year, woman):
    assert (birth_year_in(number), states_woman(number)) == (year, woman)


def test_the_mask_shows_four_digits():
    assert mask_citizen_number("031164001234") == "0311 **** ****"


def test_a_new_key_in_front_seals_and_the_old_one_opens_still():
    sealed = seal("031164001234", secret="cũ", purpose="citizen number")
    assert "0311" not in sealed
    assert open_kept(sealed, secrets=["mới", "cũ"], purpose="citizen number") == "031164001234"
    assert open_kept(sealed, secrets=["mới"], purpose="citizen number") == ""
    assert open_kept(sealed, secrets=["cũ"], purpose="another") == ""


def test_equal_numbers_have_equal_digests_by_one_key_alone():
    one, same, other, elsewhere = (
        keyed_digest(text, secret=secret, purpose="x")
        for text, secret in (("1", "a"), ("1", "a"), ("2", "a"), ("1", "b"))
    )
    assert one == same
    assert len({one, other, elsewhere}) == 3
