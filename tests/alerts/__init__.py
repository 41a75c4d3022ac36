"""Tests of the rules, the episodes, the alarms and the desk."""
