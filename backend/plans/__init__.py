"""The care plan: sections with their own versions and two signatures, goals, medicines, and what is to be done when."""
