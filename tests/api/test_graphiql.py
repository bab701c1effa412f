"""GraphiQL is off in production by default.

Its addresses begin with the path of the public address, and only local browsers get a token.
"""

import httpx
import pytest

from api.app import create_app
from api.configuration import settings as settings_module
from api.graphiql.page import STATIC
from testing.service import Service

PRODUCTION = {
    "CONNECTQL_PUBLIC_URL": "https://connect.example",
    "CONNECTQL_RETURN_ORIGINS": "https://app.example",
    "CONNECTQL_STRIPE_API_KEY": "sk_live_" + "k" * 24,
    "CONNECTQL_WEBHOOK_SECRETS": "whsec_" + "s" * 32,
    "CONNECTQL_AUTH_ISSUER": "https://id.example",
    "CONNECTQL_AUTH_AUDIENCE": "connectql",
    "CONNECTQL_JWKS_URL": "https://id.example/jwks",
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_production_serves_graphiql_only_when_configured(database_url: str) -> None:
    browser = {"Accept": "text/html"}
    asset = "/static/graphiql/" + next(file.name for file in sorted(STATIC.iterdir()) if file.is_file())
    statuses = {}
    for graphiql in ("off", "on"):
        variables = {**PRODUCTION, "CONNECTQL_DATABASE_URL": database_url, "CONNECTQL_GRAPHIQL": graphiql}
        app = create_app(settings_module.read(variables))
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="https://connect.example") as http,
        ):
            answers = [await http.get(path, headers=browser) for path in ("/graphql", "/", asset)]
            statuses[graphiql] = [answer.status_code for answer in answers]
            assert "eyJ" not in answers[0].text, "production issues no token"
            assert (await http.get("/readyz")).status_code == 200
            assert (await http.get("/static/../app.py")).status_code == 404
            assert (await http.get("/static/%2e%2e/app.py")).status_code == 404
    assert statuses == {"off": [401, 404, 404], "on": [200, 307, 200]}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_graphiql_has_the_path_of_the_public_address(database_url: str) -> None:
    changed = {"CONNECTQL_DATABASE_URL": database_url, "CONNECTQL_GRAPHIQL": "on"}
    app = create_app(
        settings_module.read(
            {**PRODUCTION, **changed, "CONNECTQL_PUBLIC_URL": "https://connect.example/payments"}
        )
    )
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="https://connect.example") as http,
    ):
        page = await http.get("/graphql", headers={"Accept": "text/html"})
        assert page.text.count('="/payments/static/graphiql/') == 10
        assert '"endpoint": "/payments/graphql"' in page.text
        assert (await http.get("/")).headers["location"] == "/payments/graphql"


@pytest.mark.one_database
async def test_only_a_local_browser_gets_the_operators_token(service: Service) -> None:
    """If the name of another site resolves to this machine, the Host header has that name."""
    port = service.settings.port
    for host, has_token in [
        (f"localhost:{port}", True),
        (f"127.0.0.1:{port}", True),
        (f"[::1]:{port}", True),
        (f"evil.example:{port}", False),
        ("localhost.evil.example", False),
        ("[localhost", False),
    ]:
        page = await service.http.get("/graphql", headers={"Accept": "text/html", "Host": host})
        assert page.status_code == 200
        assert ("Bearer ey" in page.text) is has_token, host
        assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';")
        assert page.headers["Cache-Control"] == "no-store"
