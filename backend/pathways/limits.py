"""Puts several packs together without ever choosing between two that disagree, and says what is missing to go live."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from backend.pathways.pack import Pack, PackLimit

# Who lives with COPD, or has oxygen at home: without these nobody can say what a value means (care rules, section 3).
SPO2_TARGET = "spo2-target"
OXYGEN_FACTS = (SPO2_TARGET, "usual-spo2")
OXYGEN_LITRES = "oxygen-litres"
ON_OXYGEN = "on-home-oxygen"
# A pack that asks for it watches alarms, which go somewhere only by a route that was proved (care rules, section 1).
TELECARE_ROUTE = "telecare-route"
_SAID = {
    SPO2_TARGET: "spo2 target with a low and a high end",
    "lives-alone": "to know whether the person lives alone",
    "least-restrictive-reason": "a written reason why a door or location sensor is the least restrictive way",
    TELECARE_ROUTE: "a pendant or other kit that calls for help, with its 24-hour telecare route named and proved",
}
# Scale 2 stands only where a target was prescribed (RCP NEWS2 2017): the one without the other is a slip.
ON_SCALE_2 = "on-scale-2"


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
    known = facts | ({SPO2_TARGET} if "spo2" in personal else frozenset())
    problems = [
        f"{title} needs {fact_words(fact)} before {what} can go live"
        for fact, title, what in _needed(packs, known)
        if fact not in known
    ]
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


def facts_needed(packs: Sequence[Pack], facts: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """What these packs need to know of a person whose known facts these are: fact -> the titles that need it."""
    found: dict[str, tuple[str, ...]] = {}
    for fact, title, _ in _needed(packs, facts):
        found[fact] = (*found.get(fact, ()), title)
    return found


def _needed(packs: Sequence[Pack], known: frozenset[str]) -> list[tuple[str, str, str]]:
    """Each fact with what needs it, and what cannot go live without it.

    Home oxygen asks for the same facts on every pathway, and for how many litres were prescribed; scale 2 of NEWS2
    asks for the target.
    """
    needed = [(fact, pack.title, "it") for pack in packs for fact in pack.facts_needed]
    if packs and ON_OXYGEN in known:
        asked = {fact for fact, _, _ in needed}
        oxygen = (fact for fact in (*OXYGEN_FACTS, OXYGEN_LITRES) if fact not in asked)
        needed += [(fact, "home oxygen", "anything") for fact in oxygen]
    if packs and ON_SCALE_2 in known and not any(fact == SPO2_TARGET for fact, _, _ in needed):
        needed.append((SPO2_TARGET, "NEWS2 scale 2", "anything"))
    return needed


def fact_words(name: str) -> str:
    """A fact as a sentence names it after "needs"."""
    return _SAID.get(name, name.replace("-", " "))


def _words(name: str) -> str:
    return name.replace("_", " ")
