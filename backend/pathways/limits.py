"""Puts the default limits of several packs together without ever choosing between two that disagree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from backend.pathways.pack import Pack, PackLimit


@dataclass(frozen=True, slots=True)
class PackLimits:
    """Limits by code on which all packs agree, and by code those on which they do not.

    "The stricter of two" would mean a different person, so a code in conflict has no pack limit at all until
    a clinician sets this person's own.
    """

    limits: Mapping[str, PackLimit] = field(default_factory=dict)
    conflicts: Mapping[str, tuple[PackLimit, ...]] = field(default_factory=dict)


def combine(packs: Sequence[Pack], age: int | None) -> PackLimits:
    """The limits of these packs for a person of this age (whole years; None is not known)."""
    by_code: dict[str, list[PackLimit]] = {}
    for pack in packs:
        for limit in pack.limits:
            if limit.is_for(age):
                by_code.setdefault(limit.code, []).append(limit)
    agreed: dict[str, PackLimit] = {}
    conflicts: dict[str, tuple[PackLimit, ...]] = {}
    for code, found in by_code.items():
        if len({(limit.low, limit.high) for limit in found}) == 1:
            agreed[code] = found[0]
        else:
            conflicts[code] = tuple(found)
    return PackLimits(agreed, conflicts)


def activation_problems(
    packs: Sequence[Pack], age: int | None, personal: frozenset[str], facts: frozenset[str]
) -> list[str]:
    """Why these pathways cannot go live together yet, a sentence each; empty when they can.

    `personal` are codes with a clinician's own limit, `facts` the names of facts that are known
    (such as "usual-spo2"); a personal limit for oxygen is the fact "spo2-target".
    """
    known = facts | ({"spo2-target"} if "spo2" in personal else frozenset())
    problems = [
        f"{pack.title} needs {fact.replace('-', ' ')} before it can go live"
        for pack in packs
        for fact in pack.facts_needed
        if fact not in known
    ]
    for code, limits in combine(packs, age).conflicts.items():
        if code not in personal:
            ranges = " and ".join(
                f"{limit.low or ''} to {limit.high or ''} ({limit.source})" for limit in limits
            )
            problems.append(f"the pathways disagree on {code}: {ranges}; a clinician has to choose")
    return problems
