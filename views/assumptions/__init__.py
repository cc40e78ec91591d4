"""Assumptions and rules: every number with its source and what it moves, and which rules held on a day."""
