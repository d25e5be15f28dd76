"""What a judge finds against a file, by the code of its reason."""


class Finding(Exception):  # noqa: N818 - it is an answer, not an error of ours
    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
