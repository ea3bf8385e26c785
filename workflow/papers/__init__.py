"""The papers: one folder each, and in it one folder for each figure."""

ORDER = ("luther2019", "hanin2018", "marion2025")
