"""Programmes of the city, a fund of the district, and a list in it."""

from __future__ import annotations

import pytest

from tests import factories
from tests.scholarships.lists import make_batch


@pytest.fixture
def programmes(tree):
    return factories.make_programmes(tree["HP"])


@pytest.fixture
def fund_lc(tree):
    return factories.make_fund(tree["LC"], opening=100_000_000)


@pytest.fixture
def draft(tree, officer_lc, programmes, fund_lc, site_profile):
    """A draft of LC for 2023-H1 with three scholarships of 500.000 đồng."""
    return make_batch(tree["LC"], officer_lc, rows=3, programme=programmes["scholarship"])
