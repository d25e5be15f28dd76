"""Checks of what was received, and clarifications."""
