"""A whole call with made-up people and a made-up clock, through the same services as the pages."""
