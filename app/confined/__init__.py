"""A child process that may compute and nothing else: it renders documents and judges uploads.

`frames` is what parent and child say to each other, `parent` starts and replaces the
child, `child` takes its rights away.
"""
