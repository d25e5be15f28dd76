"""The file store answers alike on a folder and on an S3 service."""

import hashlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from app.store import DamagedError, Store, Stored, TooLargeError


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["folder", "s3"])
def store(request, tmp_path, monkeypatch) -> Store:
    if request.param == "folder":
        return Store.from_url(str(tmp_path / "files"))
    endpoint = request.getfixturevalue("s3_endpoint")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    bucket = "escp-" + hashlib.sha256(str(tmp_path).encode()).hexdigest()[:12]
    boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").create_bucket(Bucket=bucket)
    return Store.from_url(f"s3://{bucket}/files?endpoint={endpoint}")


def test_a_file_is_named_by_its_digest_and_comes_back_whole(store):
    data = b"letter of intent" * 100_000

    stored = store.put(data)

    assert stored == Stored(hashlib.sha256(data).hexdigest(), len(data))
    assert store.get(stored.sha256) == data
    assert b"".join(store.stream(stored.sha256)) == data
    assert store.size(stored.sha256) == len(data)


def test_the_same_bytes_twice_are_one_file(store):
    first = store.put(b"twice")
    second = store.put([b"twi", b"ce"])

    assert second == first
    assert list(store.all()) == [first.sha256]


def test_a_stream_over_the_limit_is_refused_and_leaves_nothing(store):
    with pytest.raises(TooLargeError):
        store.put([b"x" * 600, b"x" * 600], limit=1000)

    assert list(store.all()) == []


def test_exactly_the_limit_is_accepted(store):
    assert store.put([b"x" * 500, b"x" * 500], limit=1000).size == 1000


def test_a_file_nobody_stored_is_not_found(store):
    absent = hashlib.sha256(b"absent").hexdigest()

    assert not store.exists(absent)
    with pytest.raises(FileNotFoundError):
        store.get(absent)
    with pytest.raises(FileNotFoundError):
        store.stream(absent)


def test_all_lists_every_file_in_order(store):
    kept = sorted(store.put(text.encode()).sha256 for text in ("a", "b", "c"))

    assert list(store.all()) == kept


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "AB" * 32, "ab" * 31])
def test_only_digests_are_names(store, name):
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        store.get(name)


def test_changed_bytes_are_noticed(tmp_path):
    store = Store.from_url(str(tmp_path))
    stored = store.put(b"original")
    path = tmp_path / stored.sha256[:2] / stored.sha256
    path.chmod(0o600)
    path.write_bytes(b"Original")

    with pytest.raises(DamagedError):
        store.get(stored.sha256)


def test_two_threads_may_store_the_same_file_at_once(tmp_path):
    store = Store.from_url(str(tmp_path))
    results: list[Stored] = []
    threads = [threading.Thread(target=lambda: results.append(store.put(b"y" * 3_000_000))) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(results) == 4
    assert {result.sha256 for result in results} == set(store.all())


def test_nothing_partial_is_left_in_the_folder(tmp_path):
    store = Store.from_url(tmp_path.as_uri())
    with pytest.raises(TooLargeError):
        store.put([b"x" * 10], limit=5)
    store.put(b"kept")

    files = [path for path in Path(tmp_path).rglob("*") if path.is_file()]

    assert [path.name for path in files] == [hashlib.sha256(b"kept").hexdigest()]


@pytest.mark.parametrize("url", ["ftp://host/folder", "s3://", "s3://bucket?acl=public"])
def test_an_unknown_place_is_refused(url):
    with pytest.raises(ValueError, match=r"folder|s3://"):
        Store.from_url(url)


def test_an_unreachable_service_is_an_error_and_not_an_empty_store(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        store = Store.from_url(f"s3://bucket?endpoint=http://127.0.0.1:{reserved.getsockname()[1]}")

        with pytest.raises(Exception, match=r"(?i)error") as raised:
            store.exists("ab" * 32)

    assert not isinstance(raised.value, FileNotFoundError)
