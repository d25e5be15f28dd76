"""Binds a printed application and the files that came with it into one PDF; the work is done in a confined child.

`binder` is the parent's side, `child` runs confined, `pages` does the binding.
"""
