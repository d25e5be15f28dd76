"""What stands in the way of a copy without properties, by its code."""


class Obstacle(Exception):  # noqa: N818 - it is an answer, not an error of ours
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
