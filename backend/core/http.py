"""HTTP manners: who is asking, weak ETags and If-Match, and writes that can be repeated."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

ActorKind = Literal["patient", "related-person", "practitioner", "system", "anonymous"]


@dataclass(frozen=True)
class Actor:
    """Who is asking. `id` is the public id of the patient, related person or practitioner."""

    kind: ActorKind
    id: UUID | None = None
    account_id: int | None = None
    patient_id: int | None = None
    related_person_id: int | None = None
    practitioner_id: int | None = None


SYSTEM = Actor("system")
ANONYMOUS = Actor("anonymous")
