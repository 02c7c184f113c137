"""What a host copies: the container file and the proxy's configuration fit the project as it is."""

from __future__ import annotations

import base64
import hashlib
import re
import shlex
from pathlib import Path

import pytest
import streamlit

from etl.settings import ROOT
from tests.test_attacks import CONFIG

STEPS = [
    line.split(maxsplit=1)
    for line in re.sub(r"\\\n\s*", " ", (ROOT / "Containerfile").read_text(encoding="utf-8")).splitlines()
    if line and not line.startswith("#")
]
NGINX = (ROOT / "docs" / "nginx.conf").read_text(encoding="utf-8")


def of(kind: str) -> list[str]:
    return [rest for name, rest in STEPS if name == kind]


def test_the_image_is_pinned_and_names_no_registry() -> None:
    (base,) = of("FROM")
    assert re.fullmatch(r"python:3\.\d+-slim", base)
    (install,) = (run for run in of("RUN") if "pip install" in run)
    assert "-c constraints.txt" in install
    assert "index" not in install


def test_what_is_copied_is_there_and_is_all_that_runs() -> None:
    copied = {source.rstrip("/") for rest in of("COPY") for source in shlex.split(rest)[:-1]}
    assert all((ROOT / source).exists() for source in copied)
    assert copied >= {
        "dashboard.py",
        "pages",
        "charts",
        "measures",
        "etl",
        ".streamlit",
        "data/snapshot",
        "data/reference",
    }
    assert not copied & {".", "data", "tests", ".git"}


def test_it_runs_as_nobody_of_consequence_and_is_watched() -> None:
    kinds = [name for name, _ in STEPS]
    assert kinds.index("USER") < kinds.index("CMD")
    assert of("USER")[0] not in {"root", "0"}
    assert "/_stcore/health" in of("HEALTHCHECK")[0]
    assert of("VOLUME") == ["/data"]
    assert any("TALENTGAP_DATA=/data" in rest for rest in of("ENV"))


def scripts(page: Path) -> set[str]:
    """The hashes of the scripts that stand in a page, as a Content-Security-Policy writes them."""
    found = re.findall(r"<script>(.*?)</script>", page.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return {f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in found}


def test_the_policy_lets_run_the_scripts_that_stand_in_pages_and_no_others() -> None:
    policy = re.search(r'Content-Security-Policy "([^"]+)"', NGINX)
    assert policy
    directives = dict(part.strip().split(" ", 1) for part in policy[1].split(";"))
    ours = scripts(ROOT / "pages" / "parts" / "menu.js.html")
    streamlits = scripts(Path(streamlit.__file__).parent / "static" / "index.html")
    assert set(directives["script-src"].split()) == {"'self'"} | ours | streamlits
    assert directives["default-src"] == "'none'"


@pytest.mark.parametrize(
    "says",
    ["proxy_set_header Upgrade $http_upgrade;", "proxy_set_header Host $http_host;", "proxy_cookie_flags ~ secure"],
)
def test_the_proxy_passes_on_what_the_pages_need(says: str) -> None:
    assert says in NGINX


def test_the_proxy_outlasts_the_ping_and_takes_what_streamlit_takes() -> None:
    timeout = re.search(r"proxy_read_timeout (\d+)s", NGINX)
    upload = re.search(r"client_max_body_size (\d+)m", NGINX)
    assert timeout
    assert upload
    assert int(timeout[1]) > 2 * CONFIG["server"]["websocketPingInterval"]
    assert 0 <= int(upload[1]) - CONFIG["server"]["maxUploadSize"] <= 5
