"""The pool of experts: who is in it, what they did, how they were trained."""
