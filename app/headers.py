"""What every answer carries: a request id, and headers that keep browsers and proxies from doing harm."""

from __future__ import annotations

from flask import Flask, Response, g

from app.chance import Secret, new_id

POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"


def register_headers(app: Flask) -> None:
    https = app.extensions["settings"].https

    def name_request() -> None:
        g.request_id = new_id(Secret())

    def add(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", POLICY)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers["X-Request-Id"] = g.get("request_id", "")
        if g.get("sign_in") is not None:
            headers["Cache-Control"] = "no-store"
        if https:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        return response

    app.before_request(name_request)
    app.after_request(add)
