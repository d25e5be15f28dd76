"""Copies of uploaded files without the properties inside them, for readers who may not learn who applies."""
