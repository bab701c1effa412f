"""Manifests that are added at the same time are checked one after the other."""

import asyncio

import pytest

from connect.platform.records import manifests
from connect.platform.records.manifests import ManifestRefused
from models import OperationManifest


@pytest.mark.usefixtures("database")
async def test_an_id_belongs_to_one_operation_and_a_version_has_one_manifest() -> None:
    clients = [f"client-{number}" for number in range(8)]
    added = [manifests.add(client, "1", {"id": f"{{ {client} }}"}) for client in clients]
    results = await asyncio.gather(*added, return_exceptions=True)
    assert results.count(True) == 1
    (published,) = await OperationManifest.all()
    winner = clients[results.index(True)]
    assert published.client == winner
    refused = [str(one) for one in results if isinstance(one, ManifestRefused)]
    assert refused == [f"The id 'id' belongs to a different operation in the manifest of {winner} 1."] * 7

    again = await asyncio.gather(*(manifests.add("web", "2", {"web": "{ a }"}) for _ in range(8)))
    assert sorted(again) == [False] * 7 + [True]

    ended = [manifests.retire("web", "2", even_if_used=False) for _ in range(4)]
    answers = await asyncio.gather(*ended, return_exceptions=True)
    assert sorted(map(str, answers)) == ["None", *["web 2 has no manifest."] * 3]
