"""TLS to the upstream: by the system's roots, for the name that was written, and never otherwise."""

import ssl
import subprocess

import pytest

from support import bodies
from support.house import EASY
from support.replies import Reply, everything_else
from support.upstream import Gate, Script, Upstream


@pytest.fixture
def certificate(tmp_path):
    """certificate(name) -> path of a PEM file with a key and a certificate for that name, signed by itself."""

    def make(name):
        pem = tmp_path / f"{name}.pem"
        key = tmp_path / f"{name}.key"
        command = [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
        ]
        command += [
            "-subj",
            f"/CN={name}",
            "-addext",
            f"subjectAltName=DNS:{name}",
            "-keyout",
            str(key),
            "-out",
            str(pem),
        ]
        subprocess.run(command, check=True, capture_output=True, env={"PATH": "/usr/bin:/bin"})
        pem.write_text(pem.read_text() + key.read_text())
        return pem

    return make


def tls_house(house, pem, script, **environment):
    """A house whose small tier stands on an upstream that speaks TLS with that certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    secure = Upstream("secure", script, everything_else, tls=context)
    h = house(change=lambda tables: tables["upstream"][0].update(base_url=secure.url), **environment)
    return h, secure


def ask(house, stream=False):
    body = bodies.wire(bodies.body("anthropic", house.models["own"], EASY, stream=stream))
    return house.basin.request("POST", "/v1/messages", body, [*bodies.headers("anthropic"), ("x-basin-tier", "small")])


def test_a_known_root_opens_and_connections_are_used_again(house, certificate):
    pem = certificate("localhost")
    h, secure = tls_house(house, pem, Script(default=Reply("Quietly said.")), SSL_CERT_FILE=str(pem))
    for stream in (False, True, True):
        response = ask(h, stream)
        assert response.status == 200, response.body
        assert response.body == secure.asks[-1].answer
    assert secure.asks[0].model == h.models["small"]
    secure.close()


@pytest.mark.parametrize("name", ["localhost", "elsewhere.example"], ids=["unknown_root", "wrong_name"])
def test_an_untrusted_server_hears_nothing(house, certificate, name):
    pem = certificate(name)
    trusted = {} if name == "localhost" else {"SSL_CERT_FILE": str(pem)}
    h, secure = tls_house(house, pem, Script(default=Reply()), **trusted)
    response = ask(h)
    assert response.status == 502, response.body
    assert "certificate" in response.json["error"]["message"].lower(), response.body
    assert secure.requests == []
    secure.close()


def test_events_are_not_held_back_by_tls(house, certificate):
    gate = Gate()
    pem = certificate("localhost")
    h, secure = tls_house(house, pem, Script(Reply("a b c", pause={1: gate})), SSL_CERT_FILE=str(pem))
    with h.basin.client() as client:
        body = bodies.wire(bodies.body("anthropic", h.models["own"], EASY, stream=True))
        client.start("POST", "/v1/messages", body, [*bodies.headers("anthropic"), ("x-basin-tier", "small")])
        response = client.head()
        pieces = client.body_pieces(response)
        first = next(pieces)
        gate.open()
        assert first + b"".join(pieces) == secure.asks[0].answer
    secure.close()
