"""Whether the invented people are 25 different ones, invented, and look like the people Alongside is for."""

from datetime import date

from backend.canary.people import CANARIES
from backend.demo import team
from backend.demo.kit import devices, spare_monitor, spare_pendant
from backend.demo.people import BOTH, COPD, HTN, PEOPLE, check_digit, nhs_number


def _is_valid(number: str) -> bool:
    """Modulus 11, written out a second time so that the two can disagree."""
    total = sum(int(digit) * weight for digit, weight in zip(number, range(10, 1, -1), strict=False))
    remainder = 11 - total % 11
    return len(number) == 10 and remainder != 10 and int(number[9]) == (0 if remainder == 11 else remainder)


def test_the_check_digit_is_the_one_of_the_nhs_data_dictionary() -> None:
    # 943 476 5919 is the example number of NHS documentation; 987 654 321 has remainder 10 and no digit.
    assert check_digit("943476591") == 9
    assert _is_valid("9434765919")
    assert not _is_valid("9434765918")


def test_there_are_25_people_and_no_two_are_the_same() -> None:
    assert len(PEOPLE) == 25
    assert [person.number for person in PEOPLE] == list(range(1, 26))
    assert len({person.display_name for person in PEOPLE}) == 25
    assert len({person.family for person in PEOPLE}) == 25
    assert len({person.phone for person in PEOPLE}) == 25
    assert len({person.nhs_number for person in PEOPLE} | {one.nhs_number for one in CANARIES}) == 29


def test_every_nhs_number_is_valid_and_in_the_range_kept_for_tests() -> None:
    for number in [
        *(one.nhs_number for one in PEOPLE),
        *(one.nhs_number for one in CANARIES),
        nhs_number(5000),
    ]:
        assert number.startswith("999")
        assert _is_valid(number)


def test_the_people_are_between_52_and_93_on_every_pathway_and_in_every_state() -> None:
    today = date(2026, 11, 22)
    ages = {
        today.year - p.born.year - ((today.month, today.day) < (p.born.month, p.born.day)) for p in PEOPLE
    }
    assert min(ages) >= 52
    assert max(ages) <= 93
    assert {person.pathways for person in PEOPLE} == {HTN, COPD, BOTH}
    states = [person.status for person in PEOPLE]
    assert (states.count("live"), states.count("paused"), states.count("awaiting-kit")) == (23, 1, 1)


def test_phone_numbers_are_of_the_ranges_kept_for_drama() -> None:
    mobiles = [person.phone for person in PEOPLE] + [carer.phone for carer in team.CARERS]
    assert all(number.startswith("07700 900") for number in mobiles)
    assert all(number.startswith("01632 960") for _, _, number in team.PRACTICES)


def test_whoever_may_be_harmed_by_oxygen_has_a_target_and_known_litres() -> None:
    for person in PEOPLE:
        if person.home_oxygen_litres is not None:
            assert person.target == (88, 92), person.number


def test_a_device_id_names_a_kind_and_a_number_and_fits_the_wire_contract() -> None:
    ids = [device.device_id for device in devices()]
    assert len(ids) == len(set(ids))
    for device in devices():
        assert device.device_id.isascii()
        assert 8 <= len(device.device_id) <= 64
        assert device.person.given.lower() not in device.device_id
        assert device.person.family.lower() not in device.device_id


def test_no_stub_plays_the_spare_devices() -> None:
    assert not spare_monitor().played
    assert not spare_pendant().played
    assert spare_monitor().person is spare_pendant().person
