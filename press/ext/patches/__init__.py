"""Patches of other people's code, each with its upstream issue and why it stays."""
