"""Sums of money as people write them."""

from __future__ import annotations

from typing import Any

from django import forms

from members.forms.fields import sentence
from portal.lib.vietnamese import AmountError, format_int, parse_amount


class AmountField(forms.CharField):
    """Whole đồng, typed as 1500000, 1.500.000 or "1,5 triệu"; what can be read in two ways is asked about."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")

    def prepare_value(self, value: Any) -> Any:
        """Show 1500000 as 1.500.000."""
        return format_int(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        """Return đồng, None for an empty field that may be empty."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_amount(text)
        except AmountError as error:
            raise sentence(f"amount_{error.code}" if error.code != "empty" else "missing_amount", text)
