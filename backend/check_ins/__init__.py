"""Questionnaires as data, their answers, and what an answer sets off."""
