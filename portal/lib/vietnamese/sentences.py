"""What is wrong with a date, a birth, an amount or a phone: one sentence each, the same in a form and in a workbook."""

from datetime import date

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _


def _date_example(text: Promise) -> str:
    """Put this year into an example: one of years ago reads like a rule of its own."""
    return str(text).replace("{year}", str(date.today().year))


_dated = lazy(_date_example, str)

SENTENCES: dict[str, str | Promise] = {
    "missing_amount": _("The amount is missing. Write it in đồng."),
    "amount_not_a_number": _("“%(value)s” is not an amount. Write figures only, for example 500.000."),
    "amount_ambiguous": _("“%(value)s” can be read as different amounts. Write all figures, for example 1.500.000."),
    "amount_not_whole": _("“%(value)s” is not an amount in whole đồng. Write all figures, for example 1.500.000."),
    "amount_not_positive": _("“%(value)s” is not an amount above 0. Correct it or remove the row."),
    "amount_too_large": _("“%(value)s” is too large for an amount. Correct it."),
    "not_a_date": _dated(_("“%(value)s” is not a date. Write day/month/year, for example 15/03/{year}.")),
    "date_without_year": _dated(_("“%(value)s” lacks the year. Write day/month/year, for example 15/03/{year}.")),
    "date_order": _("“%(value)s”: in this column day and month seem swapped. Write the day as it was."),
    "no_such_date": _dated(_("“%(value)s” is no day from 1900 to 2099. Correct it, for example 15/03/{year}.")),
    "birth_not_a_date": _("“%(value)s” is not a date or year of birth. Write day/month/year or the year."),
    "birth_impossible": _("“%(value)s” cannot be a date of birth. Correct it."),
    "birth_after_gift": _("“%(value)s” as a date of birth is after the day of giving. Correct one of them."),
    "name_unreadable": _("“%(value)s” is not a person's name. Write letters only, family name first."),
    "name_two_people": _("“%(value)s” names several people. Write one row for each person."),
    "name_brackets": _("“%(value)s”: the name holds brackets. Write the name alone and the rest in the note."),
    "name_title": _("“%(value)s”: a form of address stands before the name. Write the name alone."),
    "name_letters": _("“%(value)s” holds letters or signs of no Vietnamese name. Type the name again."),
    "name_mojibake": _("“%(value)s”: the letters of the name are broken. Type the name again."),
    "legacy_font": _("“%(value)s” is typed in an old font (TCVN3 or VNI). Type it again in Unicode."),
    "not_a_phone": _("“%(value)s” is not a telephone number of Viet Nam. Correct it or leave it empty."),
}
