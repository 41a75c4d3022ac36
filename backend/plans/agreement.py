"""What an edit of a section becomes and what the section then waits for: pure, so that every case stands in a table."""

from collections.abc import Collection
from typing import Literal

Relation = Literal["self", "carer", "team"]
Role = Literal["person", "clinician"]
State = Literal["agreed", "waiting-for-you", "waiting-for-clinician", "own"]
BOTH: frozenset[Role] = frozenset({"person", "clinician"})


def becomes(*, clinical: bool, by: Relation, clinician_signed: bool) -> Literal["edit", "proposal"]:
    """Whether words are written at once or wait for a clinician.

    Once a clinician has put a name under any version of a clinical section, the person and carers propose and a
    clinician decides. Until then it is a draft that they write together.
    """
    return "proposal" if clinical and by != "team" and clinician_signed else "edit"


def signs_by_writing(*, clinical: bool, by: Relation, may_sign: bool) -> Role | None:
    """Whose signature goes under words with the writing of them: the person's own, or a clinician's who may sign."""
    if not clinical or by == "carer":
        return None
    if by == "self":
        return "person"
    return "clinician" if may_sign else None


def state(*, clinical: bool, signed: Collection[Role]) -> State:
    """What the newest words wait for. A clinician is asked first: nobody is asked to agree to what may still change."""
    if not clinical:
        return "own"
    if "clinician" not in signed:
        return "waiting-for-clinician"
    return "agreed" if "person" in signed else "waiting-for-you"
