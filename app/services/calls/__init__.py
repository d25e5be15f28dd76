"""Calls: their versions, times, questions, and what is said about them."""
