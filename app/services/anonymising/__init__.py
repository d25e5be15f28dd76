"""Copies without names for evaluators of anonymous calls."""
