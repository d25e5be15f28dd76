"""Erasing a person, and what the record keeps."""
