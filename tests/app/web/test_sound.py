"""What the server refuses, and how: clear words, never a traceback, nothing from elsewhere."""

import socket
import time

import pytest

BIG = b'{"verb": "solve", "case": "' + b"a" * 300_000 + b'"}'


def error(reply):
    told = reply.json()
    assert set(told) == {"schema", "verb", "error"}
    assert set(told["error"]) == {"kind", "message", "faults"}
    assert "Traceback" not in reply.text
    return told["error"]["message"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:80", ""])
def test_another_name_is_refused(served, host):
    reply = served.client.get("/api/case", headers={"host": host})
    assert reply.status_code in (400, 421)


def test_own_names_are_taken(served):
    for name in ("127.0.0.1", "localhost"):
        assert served.client.get("/api/cases", headers={"host": f"{name}:{served.port}"}).status_code == 200


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1:{port}", "http://127.0.0.1:1", "file://"]
)
def test_page_from_elsewhere_is_refused(served, origin):
    headers = {"origin": origin.format(port=served.port)}
    reply = served.client.post("/api/runs", json={"verb": "solve"}, headers=headers)
    assert reply.status_code == 403
    assert "elsewhere" in error(reply)


def test_slow_sender_hears_why_it_is_refused(served):
    """The body comes after its head, as it can from a busy machine: the answer waits for it, or a reset would swallow it."""
    head = f"POST /api/runs HTTP/1.1\r\nhost: 127.0.0.1:{served.port}\r\norigin: null\r\ncontent-length: 2\r\n\r\n"
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as raw:
        raw.sendall(head.encode())
        for piece in (b"{", b"}"):
            time.sleep(0.2)
            raw.sendall(piece)
        assert raw.recv(100).startswith(b"HTTP/1.1 403")


def test_own_origin_is_taken(served):
    headers = {"origin": served.address, "sec-fetch-site": "same-origin"}
    assert served.client.post("/api/runs", json={"verb": "solve"}, headers=headers).status_code == 202


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_embedding_elsewhere_is_refused_but_a_link_to_the_page_is_not(served, site):
    for path in ("/api/case", "/static/world.json"):
        assert served.client.get(path, headers={"sec-fetch-site": site}).status_code == 403
    assert served.client.get("/", headers={"sec-fetch-site": site}).status_code in (200, 503)


@pytest.mark.parametrize("path", ["/", "/api/case", "/api/nothing", "/static/world.json", "/api/runs/1"])
def test_every_reply_has_a_strict_policy(served, path):
    headers = served.client.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["form-action"] == policy["base-uri"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == headers["cross-origin-opener-policy"] == "same-origin"
    assert "server" not in headers


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/api/runs", "/static/../app.py", "/static/%2e%2e/shapes.py", "/static/..%2f..%2fcli.py", "/static//etc/passwd"])  # fmt: skip
def test_nothing_else_is_served(served, path):
    reply = served.client.get(path)
    assert reply.status_code in (404, 405)
    error(reply)


def test_long_bodies_are_refused(served):
    assert error(served.client.post("/api/runs", content=BIG)).startswith("more than 256,000 bytes")
    # The same without saying how long it is.
    pieces = (BIG[i : i + 1000] for i in range(0, len(BIG), 1000))
    assert served.client.post("/api/runs", content=pieces).status_code == 413


def test_length_that_is_no_number_is_refused(served):
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as raw:
        raw.sendall(f"POST /api/runs HTTP/1.1\r\nhost: 127.0.0.1:{served.port}\r\ncontent-length: -5\r\n\r\n".encode())
        assert raw.recv(100).startswith(b"HTTP/1.1 4")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "Field required"),
        (b"not json", "JSON"),
        (b"[" * 100_000, ""),
        (b"[]", ""),
        (b'{"verb": "sell"}', "verb"),
        (b'{"verb": "solve", "arguments": {"out": "x"}}', "arguments.out"),
        (b'{"verb": "solve", "arguments": {"with": "closure:a"}}', "arguments.with"),
        (b'{"verb": "solve", "arguments": {"year": 1e999}}', "year"),
        (b'{"verb": "solve", "arguments": {"good": "\\ud800"}}', "good"),
        (b'{"verb": "solve", "case": "../harker"}', "case"),
        (b'{"verb": "share", "arguments": {"good": "gas"}}', "of"),
        (b'{"verb": "stress", "arguments": {"good": "gas", "for": "BRA", "k": 99}}', "k"),
    ],
)
def test_question_of_the_wrong_shape_is_told(served, body, words):
    reply = served.client.post("/api/runs", content=body, headers={"content-type": "application/json"})
    assert reply.status_code in (400, 422)
    assert words in error(reply)


def test_unknown_case_is_told(served):
    for reply in (served.start("solve", case="nowhere"), served.client.get("/api/case", params={"case": "nowhere"})):
        assert reply.status_code == 404
        assert "does not have this case" in error(reply)


def test_only_this_machine_is_listened_to(served):
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.2", served.port), timeout=5)
