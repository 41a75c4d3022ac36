"""Pathways as data: one YAML file each, checked against the schema of pack.py and by its own examples."""
