"""Puts several packs together without ever choosing between two that disagree, and says what is missing to go live."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from backend.pathways.pack import Pack, PackLimit

# Who lives with COPD, or has oxygen at home: without these nobody can say what a value means (care rules, section 3).
OXYGEN_FACTS = ("spo2-target", "usual-spo2")
OXYGEN_LITRES = "oxygen-litres"
ON_OXYGEN = "on-home-oxygen"


@dataclass(frozen=True, slots=True)
class PackLimits:
    """Limits by code on which all packs agree, and by code those on which they do not.

    "The stricter of two" would mean a different person, so a code in conflict has no pack limit at all until
    a clinician sets this person's own.
    """

    limits: Mapping[str, PackLimit] = field(default_factory=dict)
    conflicts: Mapping[str, tuple[PackLimit, ...]] = field(default_factory=dict)


# A rule and the name of one of its parameters.
ParameterName = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PackParameters:
    """What the packs set for each rule, and what they set differently: (rule, name) -> (value, pack) each."""

    rules: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    conflicts: Mapping[ParameterName, tuple[tuple[str, str], ...]] = field(default_factory=dict)


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


def combine_parameters(
    packs: Sequence[Pack], chosen: Mapping[ParameterName, str] | None = None
) -> PackParameters:
    """What the rules of these packs run with; a clinician's choice wins over every pack.

    A rule that no pack names is absent. A parameter in conflict is left out, so that the rule's own default stands
    until a clinician has chosen; the person cannot go live before.
    """
    chosen = chosen or {}
    said: dict[ParameterName, list[tuple[str, str]]] = {}
    rules: dict[str, dict[str, str]] = {}
    for pack in packs:
        for rule, parameters in pack.rules.items():
            rules.setdefault(rule, {})
            for name, value in parameters.items():
                said.setdefault((rule, name), []).append((value, pack.title))
    conflicts: dict[ParameterName, tuple[tuple[str, str], ...]] = {}
    for (rule, name), values in said.items():
        if (rule, name) in chosen:
            continue
        if len({value for value, _ in values}) == 1:
            rules[rule][name] = values[0][0]
        else:
            conflicts[rule, name] = tuple(values)
    for (rule, name), value in chosen.items():
        if rule in rules:
            rules[rule][name] = value
    return PackParameters(rules, conflicts)


def activation_problems(
    packs: Sequence[Pack],
    age: int | None,
    personal: frozenset[str],
    facts: frozenset[str],
    chosen: Mapping[ParameterName, str] | None = None,
) -> list[str]:
    """Why these pathways cannot go live together yet, a sentence each; empty when they can.

    `personal` are codes with a clinician's own limit, `facts` the names of facts that are known (such as
    "usual-spo2", and "on-home-oxygen" for who has oxygen at home); a personal limit for oxygen is the fact
    "spo2-target". `chosen` is what a clinician chose where packs set a rule differently.
    """
    known = facts | ({"spo2-target"} if "spo2" in personal else frozenset())
    problems = [
        f"{pack.title} needs {_fact(fact)} before it can go live"
        for pack in packs
        for fact in pack.facts_needed
        if fact not in known
    ]
    problems += _oxygen_problems(packs, known)
    for code, limits in combine(packs, age).conflicts.items():
        if code not in personal:
            ranges = " and ".join(
                f"{limit.low or ''} to {limit.high or ''} ({limit.source})" for limit in limits
            )
            problems.append(f"the pathways disagree on {code}: {ranges}; a clinician has to choose")
    for (rule, name), values in combine_parameters(packs, chosen).conflicts.items():
        said = " and ".join(f"{value} ({title})" for value, title in values)
        problems.append(
            f"the pathways disagree on {_words(name)} of {_words(rule)}: {said}; a clinician has to choose"
        )
    return problems


def _oxygen_problems(packs: Sequence[Pack], known: frozenset[str]) -> list[str]:
    """Home oxygen asks for the same facts on every pathway, and for how many litres were prescribed."""
    if ON_OXYGEN not in known:
        return []
    asked = {fact for pack in packs for fact in pack.facts_needed}
    problems = [
        f"home oxygen needs {_fact(fact)} before anything can go live"
        for fact in (*OXYGEN_FACTS, OXYGEN_LITRES)
        if fact not in known and fact not in asked
    ]
    return problems if packs else []


def _fact(name: str) -> str:
    return name.replace("-", " ")


def _words(name: str) -> str:
    return name.replace("_", " ")
