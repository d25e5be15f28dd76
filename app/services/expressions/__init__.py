"""Expressions of interest and replies to them."""
