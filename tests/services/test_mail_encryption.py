"""An encrypted connection is worth something only when it is the right server's."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.mailing.sending import SmtpPost
from config import Mailing


def context_of_nobody_known(folder: Path) -> ssl.SSLContext:
    """A server's side of TLS with a certificate that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(
        issuer_name=name, subject_name=name, public_key=key.public_key(), serial_number=1,
        not_valid_before=now - timedelta(days=1), not_valid_after=now + timedelta(days=1),
    ).sign(key, hashes.SHA256())  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "server.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Controller]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(Sink(), hostname="127.0.0.1", port=port, tls_context=context_of_nobody_known(tmp_path))
    controller.start()
    yield controller
    controller.stop()


def a_mail() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "office@example.org", "ana@example.org", "Hello"
    message.set_content("Hello")
    return message


def test_a_server_whose_certificate_nobody_knows_gets_no_mail(server):
    post = SmtpPost(Mailing(host="localhost", port=server.port, starttls=True))

    with pytest.raises(ssl.SSLCertVerificationError):
        post.send(a_mail())


def test_the_same_server_gets_mail_where_no_encryption_is_asked_for(server):
    SmtpPost(Mailing(host="127.0.0.1", port=server.port)).send(a_mail())
