"""Tests of the pretend devices, as a package so that its parts can import each other."""
