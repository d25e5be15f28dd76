"""Files: uploaded, looked at, shown page by page, swept away."""
