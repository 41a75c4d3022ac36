"""What an edit becomes and waits for, and how several pathways' words stand in one plan: the pure parts, in tables."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.pathways.pack import Light, Pack, PlanSection, bare_pack
from backend.plans.agreement import Relation, Role, becomes, signs_by_writing, state
from backend.plans.sections import CLINICAL, body_of, templates


@pytest.mark.parametrize(
    ("clinical", "by", "signed", "what"),
    [
        (False, "self", False, "edit"), (False, "carer", True, "edit"), (False, "team", True, "edit"),
        (True, "self", False, "edit"), (True, "carer", False, "edit"), (True, "team", False, "edit"),
        (True, "self", True, "proposal"), (True, "carer", True, "proposal"), (True, "team", True, "edit"),
    ],
)  # fmt: skip
def test_only_over_a_clinicians_signature_words_of_others_are_proposed(
    clinical: bool, by: Relation, signed: bool, what: str
) -> None:
    assert becomes(clinical=clinical, by=by, clinician_signed=signed) == what


@pytest.mark.parametrize(
    ("clinical", "by", "may_sign", "role"),
    [
        (False, "self", False, None), (True, "self", False, "person"), (True, "carer", False, None),
        (True, "team", False, None), (True, "team", True, "clinician"), (False, "team", True, None),
    ],
)  # fmt: skip
def test_writing_is_signing_for_the_person_and_for_who_may_sign(
    clinical: bool, by: Relation, may_sign: bool, role: Role | None
) -> None:
    assert signs_by_writing(clinical=clinical, by=by, may_sign=may_sign) == role


@pytest.mark.parametrize(
    ("clinical", "signed", "waits"),
    [
        (False, (), "own"), (True, (), "waiting-for-clinician"), (True, ("person",), "waiting-for-clinician"),
        (True, ("clinician",), "waiting-for-you"), (True, ("person", "clinician"), "agreed"),
    ],
)  # fmt: skip
def test_a_section_says_whose_signature_it_waits_for(
    clinical: bool, signed: tuple[Role, ...], waits: str
) -> None:
    assert state(clinical=clinical, signed=signed) == waits


def _pack(pathway: str, signs: str, *parts: PlanSection) -> Pack:
    light = Light((signs, "You feel worse."), ("Rest.", f"Do for {pathway}."), "Call the team.")
    return replace(bare_pack(pathway, "1", pathway.upper()), advice={"amber": light}, plan=parts)


def test_several_pathways_make_one_amber_part_and_keep_parts_of_their_own_apart() -> None:
    same = PlanSection("signs", "My signs", "What I notice.")
    matters = PlanSection("matters", "What matters to me", "What I want to go on doing.")
    found = templates([_pack("a", "Swollen ankles.", same, matters), _pack("b", "A cough.", same)])
    assert found["amber"].body == {
        "signs": ["Swollen ankles.", "You feel worse.", "A cough."],
        "do": ["Rest.", "Do for a.", "Do for b."], "call": "Call the team.",
    }  # fmt: skip
    assert found["red"].body == {"signs": [], "do": [], "call": ""}
    assert {"a-signs", "b-signs"} <= set(found)
    assert (found["matters"].prompt, found["matters"].body) == ("What I want to go on doing.", {"text": ""})
    assert "a-matters" not in found


def test_a_plan_of_nobodys_pathway_still_has_every_section() -> None:
    assert set(templates([])) >= CLINICAL


@given(
    st.sampled_from(["text", "advice", "medicines", "contacts"]),
    st.dictionaries(
        st.sampled_from(["text", "signs", "do", "call", "medicines", "contacts", "other"]),
        st.just("x"),
        max_size=4,
    ),
)
def test_a_body_holds_all_of_its_own_parts_and_names_every_other(kind: str, said: dict[str, str]) -> None:
    body, errors = body_of(kind, "matters", said)
    assert set(body) | set(errors) >= set(said)
    assert not set(body) & set(errors)
