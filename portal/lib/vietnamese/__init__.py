"""Vietnamese, exactly: text compared and sought; names, numbers, money, dates and telephones read and written."""

from portal.lib.vietnamese.amounts import AMOUNT_LIMIT, AmountError, parse_amount
from portal.lib.vietnamese.dates import (
    TIME_ZONE,
    Birth,
    DateError,
    date_line,
    document_date,
    parse_birth,
    parse_date,
    short_date,
    weekday_name,
)
from portal.lib.vietnamese.names import alphabet_key, initials, name_key, proper_name, sort_key
from portal.lib.vietnamese.numbers import (
    Approximation,
    approximate,
    approximate_money,
    format_int,
    format_money,
    money_in_words,
    number_in_words,
    share_word,
)
from portal.lib.vietnamese.phones import PhoneError, format_phone, parse_phone
from portal.lib.vietnamese.sentences import SENTENCES
from portal.lib.vietnamese.text import (
    FOLD_SQL,
    ReadingError,
    fold,
    looks_like_legacy_font,
    normalize,
    search_document,
    search_query,
    slugify,
    syllable_pairs,
)

__all__ = [
    "AMOUNT_LIMIT",
    "FOLD_SQL",
    "SENTENCES",
    "TIME_ZONE",
    "AmountError",
    "Approximation",
    "Birth",
    "DateError",
    "PhoneError",
    "ReadingError",
    "alphabet_key",
    "approximate",
    "approximate_money",
    "date_line",
    "document_date",
    "fold",
    "format_int",
    "format_money",
    "format_phone",
    "initials",
    "looks_like_legacy_font",
    "money_in_words",
    "name_key",
    "normalize",
    "number_in_words",
    "parse_amount",
    "parse_birth",
    "parse_date",
    "parse_phone",
    "proper_name",
    "search_document",
    "search_query",
    "share_word",
    "short_date",
    "slugify",
    "sort_key",
    "syllable_pairs",
    "weekday_name",
]
