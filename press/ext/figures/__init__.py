"""Figures: how they get into pages, and those that a reader can try."""
