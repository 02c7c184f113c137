"""What all tests share: a warehouse built once from the committed snapshot, and a reader of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from streamlit import config as streamlit_config

from etl.refresh import rebuild
from etl.settings import ROOT, Settings
from etl.warehouse.read import Reader, open_reader

# A busy machine is no defect: how long one example takes is measured in bench/, never asserted here.
hypothesis_settings.register_profile("atlas", deadline=None)
hypothesis_settings.load_profile("atlas")

# A page that raises must fail its test with a traceback; what a visitor sees instead has a test of its own.
streamlit_config.set_option("client.showErrorDetails", "full")

SNAPSHOT = ROOT / "data" / "snapshot"


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of a warehouse that was built from the snapshot; tests read it and leave it as it is."""
    if not (SNAPSHOT / "datapackage.json").is_file():
        pytest.skip("data/snapshot has no files yet")
    settings = Settings(data_dir=Path(tmp_path_factory.mktemp("warehouse")))
    rebuild(settings, "snapshot")
    return settings


@pytest.fixture(scope="session")
def reader(warehouse: Settings) -> Reader:
    return open_reader(warehouse)
