"""Documents of ours: registered, made from snapshots."""
