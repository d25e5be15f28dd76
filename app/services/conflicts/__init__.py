"""Conflicts of interest: declared, found, decided."""
