"""Two phones without a network for 14 days, and the carer comes back first: nothing is lost or overwritten unseen."""

from __future__ import annotations

import pytest

from tests.flows.conftest import System
from tests.journeys.conftest import NewPhone
from tests.journeys.fourteen_days import merge

pytestmark = pytest.mark.xdist_group("journeys")


@pytest.mark.hazard("H90")
def test_what_two_people_wrote_in_14_days_offline_is_all_there_when_the_carer_comes_back_first(
    phone: NewPhone, system: System
) -> None:
    merge(phone, system, ("carer", "person"))
