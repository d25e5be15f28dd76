"""Applications: written together, sent, frozen."""
