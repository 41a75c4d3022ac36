"""The words a pathway pack may use; a pack with any other is refused before anyone is on it."""

# The measurable codes by name; a test holds this list to backend.observations.codes, which stands above us.
CODES = frozenset({
    "systolic", "diastolic", "mean-arterial-pressure", "pulse", "spo2", "temperature", "respiratory-rate", "weight",
    "glucose", "peak-flow", "oxygen-use", "ketones", "steps", "acvpu", "fall", "pendant", "bed-occupancy",
    "chair-occupancy", "door", "property-exit", "movement", "medication-dispenser", "irregular-pulse",
    "concern", "unwell", "standing-systolic", "phq9-total", "phq9-item9", "gad7-total", "phq2-total", "who5-index",
    "mrc-dyspnoea", "check-in-level", "carer-check-in-level", "mood-check-in-level",
})  # fmt: skip
# What is measured as one thing, as the screens name it.
KINDS = frozenset({"blood-pressure", "spo2", "pulse", "weight", "temperature", "glucose", "peak-flow"})
# The code by which a kind is known to be taken, where it is not the kind itself.
MEASURED_BY = {"blood-pressure": "systolic"}
KIT = frozenset({
    "blood-pressure-monitor", "pulse-oximeter", "scale", "thermometer", "glucose-meter", "peak-flow-meter", "pendant",
    "telecare-unit", "fall-detector", "smoke-detector", "co-detector", "motion-sensor", "door-sensor", "bed-sensor",
    "medication-dispenser", "hub", "phone",
})  # fmt: skip
# Facts asked at enrolment, by the names of the rules' Facts; a personal limit for oxygen is the fact "spo2-target".
FACTS = frozenset({
    "spo2-target", "home-oxygen", "lives-alone", "spo2-scale2", "usual-spo2", "oxygen-litres", "immunosuppressed",
    "insulin", "sulfonylurea", "sglt2-inhibitor", "type1", "anticoagulant", "blood-pressure-treated",
    "usual-systolic-low", "usual-systolic-high", "atrial-fibrillation", "heart-failure", "dry-weight",
    "personal-best-peak-flow", "end-of-life", "least-restrictive-reason", "telecare-route",
})  # fmt: skip
ESCALATES_TO = ("assigned", "team", "on-call", "duty-manager", "alarm-centre")
MISSED_DOES = ("nudge", "nudge-and-contact", "task", "same-day-call")
LEVELS = ("info", "routine", "soon", "urgent", "emergency")
LIGHTS = ("green", "amber", "red")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Questionnaires we hold (backend/check_ins/questionnaires; "daily-signs" is the older name of two of them), and those
# one answer of which may need a human at once (care rules: PHQ-9 item 9).
CHECK_INS = frozenset({
    "daily-signs", "phq9", "phq2", "gad7", "who5", "mrc-dyspnoea", "copd", "heart-failure", "hypertension", "diabetes",
    "frailty", "after-discharge", "carer-strain", "loneliness",
})  # fmt: skip
NEEDS_A_ROSTER = frozenset({"phq9"})
