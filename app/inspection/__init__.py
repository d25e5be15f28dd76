"""Uploads are judged before they are kept: kind, structure and size, in a confined child that may be taken over."""
