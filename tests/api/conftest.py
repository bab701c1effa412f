import socket
import threading
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.auth.tokens import Authenticator
from tests.api.auth.identity_provider import ED, ES, RS, Clock, Provider, accepting


@pytest.fixture(scope="session")
def served() -> Iterator[Provider]:
    bound = socket.create_server(("127.0.0.1", 0))
    provider = Provider(f"http://127.0.0.1:{bound.getsockname()[1]}/jwks")

    async def answer(request: Request) -> Response:
        return await provider.answer(request)

    app = Starlette(routes=[Route("/{path:path}", answer)])
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", ws="none", loop="asyncio"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    yield provider
    server.should_exit = True
    thread.join()


@pytest.fixture
def provider(served: Provider) -> Provider:
    vars(served).update(vars(Provider(served.url)))
    served.publish(RS, ES, ED)
    return served


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(verify=False, trust_env=False) as client:
        yield client


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def authenticator(
    provider: Provider, http: httpx.AsyncClient, clock: Clock
) -> AsyncIterator[Authenticator]:
    result = Authenticator(accepting(jwks_url=provider.url), http, clock=clock)
    yield result
    await result.close()
