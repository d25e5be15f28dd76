"""Reviews of an evaluation, and the evaluation made anew."""
