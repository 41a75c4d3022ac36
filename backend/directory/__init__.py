"""Organisations and services that people are referred to and registered with."""
