"""Tests of the plan: sections and signatures, goals, things to do, reminders."""
