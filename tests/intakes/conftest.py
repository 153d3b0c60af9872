"""What uploads are sent to: programmes and a fund, as in the tests of lists."""

from __future__ import annotations

from tests.scholarships.conftest import fund_lc, programmes

__all__ = ["fund_lc", "programmes"]
