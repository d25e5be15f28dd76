"""An application that goes off line and comes back: a form in one file, a text, and what was typed."""
