"""Manifest, worker and the page without a network; which pages a browser may keep, and under whose name."""

import json
import re

import pytest
from django.test import Client
from django.utils import translation
from PIL import Image

from config import app_icons
from marketplace.views.kept_pages import KEEP_HEADER, OWNER_HEADER
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_the_manifest_speaks_the_readers_language(client: Client) -> None:
    answer = client.get("/manifest.webmanifest", headers={"Accept-Language": "ar"})
    told = json.loads(answer.content)
    assert answer.headers["Content-Type"] == "application/manifest+json; charset=utf-8"
    assert (told["lang"], told["dir"], told["start_url"], told["scope"]) == ("ar", "rtl", "/", "/")
    assert [icon["sizes"] for icon in told["icons"]] == ["192x192", "512x512", "512x512"]
    assert [icon["purpose"] for icon in told["icons"]] == ["any", "any", "maskable"]
    with translation.override("ar"):
        assert all(entry["name"] for entry in told["shortcuts"])


@pytest.mark.parametrize(("name", "size"), [(name, size) for name, size, _ in app_icons.ICONS])
def test_every_icon_is_the_drawn_mark(name: str, size: int) -> None:
    with Image.open(app_icons.FOLDER / f"{name}.png") as icon:
        assert icon.size == (size, size)
        # Paper at the corner, leaf within a middle stroke.
        assert icon.convert("RGB").getpixel((2, 2)) == (0xFA, 0xF6, 0xEC)
        assert icon.convert("RGB").getpixel((size * 46 // 100, size // 2)) == (0x1F, 0x5B, 0x3A)


def test_the_worker_serves_the_whole_site_and_keeps_what_exists(client: Client) -> None:
    answer = client.get("/service-worker.js")
    text = answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert 'self.addEventListener("push"' in text
    least, more = (json.loads(found) for found in re.findall(r"(?:LEAST|MORE) = (\[[^\]]*\])", text)[:2])
    assert least[0] == "/offline/"
    for address in [*least, *more]:
        answer = client.get(address)
        assert answer.status_code == 200, address
        answer.close()


def test_the_worker_is_the_same_for_everybody(client: Client) -> None:
    before = client.get("/service-worker.js").content
    client.force_login(make_user("Ana"))
    assert client.get("/service-worker.js").content == before


def test_the_page_without_a_network_names_nobody(client: Client) -> None:
    client.force_login(make_user("Ana"))
    page = client.get("/offline/").content.decode()
    assert "No connection" in page
    assert "Ana" not in page
    assert "/logout/" not in page
    assert 'data-owner=""' in page
    assert "csrfmiddlewaretoken" not in page


def test_a_page_says_whose_browser_it_is_without_telling_who(client: Client) -> None:
    ana = make_user("Ana")
    assert client.get("/").headers[OWNER_HEADER] == "nobody"
    client.force_login(ana)
    first = client.get("/").headers[OWNER_HEADER]
    assert client.get("/me/").headers[OWNER_HEADER] == first
    assert f'data-owner="{first}"' in client.get("/").content.decode()
    assert str(client.session.session_key) not in first
    client.post("/logout/")
    assert client.get("/").headers[OWNER_HEADER] == "nobody"
    client.force_login(ana)
    assert client.get("/").headers[OWNER_HEADER] != first


def test_only_marked_pages_may_be_kept(client: Client) -> None:
    client.force_login(make_user("Ana"))
    for address in ("/", "/me/", "/inbox/", "/me/reservations/", "/me/data/"):
        assert KEEP_HEADER not in client.get(address).headers, address
