"""The crash proof in small: the same code as `make torture`, few injections, one seed."""

from pathlib import Path

import pytest

from connect import faultpoints
from tests.processes import simulator
from torture import creation
from torture.deployment import deployed


@pytest.mark.timeout(240)
def test_a_tormented_creation_ends_in_one_account_for_each_merchant(
    database_url: str, tmp_path: Path
) -> None:
    replicas = 2 if database_url.startswith("postgres") else 1
    with (
        simulator(tmp_path / "simulator.db", REVIEW_SECONDS="3600") as stripe,
        deployed(
            database_url, stripe, tmp_path, replicas=replicas, separate_worker=replicas > 1
        ) as deployment,
    ):
        assert creation.at_once(deployment, "at-once", 20)[1] == 1
        found = creation.torment(deployment, injections=12, kills=5, seed=7)
    assert found.problems == []
    assert found.injections.total() == 12
    assert found.accounts == len(found.asked) + 1


def test_only_a_known_point_can_be_armed() -> None:
    with pytest.raises(ValueError, match=r"^there is no fault point 'nowhere'; known are create\.arrived, "):
        faultpoints.arm("nowhere")
    faultpoints.reach("create.arrived")  # not armed: nothing happens
