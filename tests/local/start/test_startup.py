"""Until everything runs, the start server answers requests for pages and data with the progress."""

from pathlib import Path
from types import TracebackType
from typing import Self

import click
import httpx
import pytest

from local import __main__ as local
from local.settings import Place
from local.start.server import serving
from local.start.startup import Startup
from testing.processes import free_port
from testing.waits import PATIENCE

BROWSER = {"accept": "text/html,*/*;q=0.8"}


def test_pages_and_data_show_the_progress_until_everything_runs(tmp_path: Path) -> None:
    here, startup = Place(port=free_port(), start_port=free_port()), Startup()
    url = f"http://127.0.0.1:{here.start_port}"
    with (
        serving(here, startup, portal=tmp_path / "missing"),
        httpx.Client(base_url=url, trust_env=False, timeout=30 * PATIENCE) as http,
    ):
        startup.report("Making the demo's data: 20 days ago.", 0.5)
        for path in ("/", "/portal/", "/portal/payments"):
            page = http.get(path, headers=BROWSER)
            assert (page.status_code, page.headers["retry-after"]) == (503, "1")
            assert "Making the demo&#39;s data: 20 days ago.</p>" in page.text
            assert 'value="0.5"' in page.text
            assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
        for path in ("/token?role=operator", "/merchants"):
            refused = http.get(path)
            assert refused.status_code == 503
            assert refused.json() == {
                "error": {"message": startup.text},
                "progress": {"text": startup.text, "share": 0.5},
            }
        assert http.get("/static/startup.js").status_code == 200
        assert http.get("/", headers={"host": "hostile.example"}).status_code == 400
        startup.is_over = True
        assert "Everything is running" in http.get("/", headers=BROWSER).text


class Dead:
    """Processes that never answer."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def start(self, *_: object) -> None:
        pass

    def wait_for(self, url: str) -> None:
        raise click.ClickException(url)


@pytest.mark.parametrize(
    ("key", "text"), [("", "The local Stripe is starting."), ("sk_test_real", "The API is starting.")]
)
def test_the_progress_names_the_process_that_starts(
    monkeypatch: pytest.MonkeyPatch, key: str, text: str
) -> None:
    monkeypatch.setenv("CONNECTQL_STRIPE_API_KEY", key)
    monkeypatch.setattr(local, "Processes", Dead)
    startup = Startup()
    assert startup.text == "ConnectQL is starting."
    with pytest.raises(click.ClickException):
        local.serve(Place(), startup)
    assert startup.text == text
