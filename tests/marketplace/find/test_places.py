"""Places without a map service: streets, points, distances, and who keeps them."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from marketplace import clock
from marketplace.models import Handover, Household, Hub, PickupPoint, Street
from marketplace.queries.places import streets_named
from tests.factories import NOON, make_handover, make_hub, make_round, make_window
from tests.marketplace.pages_ground import signed_in

pytestmark = pytest.mark.django_db
HEAD = "name,postcode,town,latitude,longitude\n"


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
def hub() -> Hub:
    return make_hub()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "streets.csv"
    rows = "Rua das Flores,1200-195,Lisboa,38.7109,-9.1437\nAvenida São João,1000-300,Lisboa,38.73,-9.14\n"
    path.write_text(HEAD + rows, encoding="utf-8")
    return path


def imported(path: Path, hub: Hub, capsys: pytest.CaptureFixture[str]) -> str:
    call_command("import_streets", str(path), hub=hub.slug)
    return capsys.readouterr().out.strip()


def names(text: str) -> list[str]:
    return [street.name for street in streets_named(text)]


def test_importing_twice_changes_nothing_twice(hub: Hub, table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert imported(table, hub, capsys) == "2 streets are new, 0 changed, 0 stayed as they were."
    assert imported(table, hub, capsys) == "0 streets are new, 0 changed, 2 stayed as they were."
    table.write_text(HEAD + "Rua das Flores,1200-999,Lisboa,38.7109,-9.1437\n", encoding="utf-8")
    assert imported(table, hub, capsys) == "0 streets are new, 1 changed, 0 stayed as they were."
    assert Street.objects.count() == 2


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (",1200,Lisboa,38.7,-9.1", "Row 3: the name is empty."),
        ("Rua,1200,Lisboa,north,-9.1", "Row 3: latitude and longitude are numbers in degrees"),
        ("Rua,1200,Lisboa,-9.1,238.7", "Row 3: latitude goes from -90 to 90"),
        (f"{'R' * 121},1200,Lisboa,38.7,-9.1", "Row 3: name is longer than 120 letters."),
    ],
)
def test_one_bad_row_imports_nothing_and_names_the_row(hub: Hub, tmp_path: Path, row: str, told: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(f"{HEAD}Rua das Flores,1200,Lisboa,38.7,-9.1\n{row}\n", encoding="utf-8")
    with pytest.raises(CommandError, match=told):
        call_command("import_streets", str(path), hub=hub.slug)
    assert not Street.objects.exists()


def test_a_file_with_other_columns_says_which_are_missing(hub: Hub, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("street;town\nRua;Lisboa\n", encoding="utf-8")
    with pytest.raises(CommandError, match="the first line lacks name, postcode, town, latitude, longitude"):
        call_command("import_streets", str(path), hub=hub.slug)
    with pytest.raises(CommandError, match="There is no hub 'nowhere'"):
        call_command("import_streets", str(path), hub="nowhere")


EXTRACT = """<?xml version='1.0' encoding='UTF-8'?>
<osm version="0.6">
<node id="1" lat="47.10" lon="9.50" version="1"/><node id="2" lat="47.11" lon="9.50" version="1"/>
<node id="3" lat="47.12" lon="9.50" version="1"/><node id="4" lat="47.30" lon="9.50" version="1"/>
<node id="5" lat="47.11" lon="9.51" version="1"><tag k="place" v="village"/><tag k="name" v="Triesen"/></node>
<node id="6" lat="47.30" lon="9.51" version="1"><tag k="place" v="town"/><tag k="name" v="Vaduz"/></node>
<way id="1" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="road"/><tag k="name" v="Dorfstrasse"/></way>
<way id="2" version="1"><nd ref="2"/><nd ref="3"/><tag k="highway" v="road"/><tag k="name" v="Dorfstrasse"/></way>
<way id="3" version="1"><nd ref="4"/><tag k="highway" v="road"/><tag k="name" v="Dorfstrasse"/></way>
<way id="4" version="1"><nd ref="1"/><nd ref="3"/><tag k="waterway" v="river"/><tag k="name" v="Rhein"/></way>
</osm>"""


def test_an_extract_gives_each_named_street_once_per_town(
    hub: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "area.osm"
    path.write_text(EXTRACT)
    assert imported(path, hub, capsys).startswith("2 streets are new")
    found = list(Street.objects.values_list("name", "town", "latitude"))
    assert found == [("Dorfstrasse", "Triesen", 47.11), ("Dorfstrasse", "Vaduz", 47.3)]


def test_a_broken_extract_is_refused_in_words(hub: Hub, tmp_path: Path) -> None:
    path = tmp_path / "broken.osm.pbf"
    path.write_bytes(b"nothing")
    with pytest.raises(CommandError, match=r"Nothing was imported\. Row 1: the extract cannot be read"):
        call_command("import_streets", str(path), hub=hub.slug)


@pytest.mark.parametrize("typed", ["rua flores", "FLORES", "flores lisboa", "rua das flo", "floers", "1200"])
def test_a_street_is_found_by_beginnings_and_with_one_typing_error(
    hub: Hub, table: Path, capsys: pytest.CaptureFixture[str], typed: str
) -> None:
    imported(table, hub, capsys)
    assert names(typed) == ["Rua das Flores"]
    assert names("sao joao") == ["Avenida São João"]
    assert names("xyz") == names("  ") == []


def point_of(hub: Hub, name: str, latitude: float, longitude: float) -> PickupPoint:
    return PickupPoint.objects.create(hub=hub, name=name, address="Rua", latitude=latitude, longitude=longitude)


def round_at(hub: Hub, name: str, point: PickupPoint) -> None:
    made = make_round(hub, name)
    make_window(made, closes_at=NOON + timedelta(hours=20))
    handover = make_handover(made)
    Handover.objects.filter(pk=handover.pk).update(pickup_point=point)


@pytest.fixture
def far_and_near(hub: Hub) -> tuple[PickupPoint, PickupPoint]:
    far, near = point_of(hub, "Far point", 38.80, -9.20), point_of(hub, "Near point", 38.712, -9.143)
    round_at(hub, "A far round", far)
    round_at(hub, "B near round", near)
    return far, near


def rounds(client: Client) -> list[tuple[str, str]]:
    return [(card.name, card.far) for card in client.get("/").context["open"]]


def test_a_visitors_street_brings_the_nearest_round_first_and_is_kept_in_the_session(
    hub: Hub, table: Path, capsys: pytest.CaptureFixture[str], far_and_near: object
) -> None:
    imported(table, hub, capsys)
    client = Client()
    assert [name for name, _ in rounds(client)] == ["A far round", "B near round"]
    found = client.get("/places/?q=flores").context["streets"][0]
    assert client.post("/places/take/", {"street": found["id"]})["Location"] == "/"
    assert rounds(client) == [("B near round", "100 m"), ("A far round", "11 km")]
    assert "Rua das Flores, 1200-195 Lisboa" in client.get("/").content.decode()
    client.post("/places/take/", {"forget": "1"})
    assert [name for name, _ in rounds(client)] == ["A far round", "B near round"]


def test_a_members_point_is_kept_with_the_household_and_leads(far_and_near: tuple[PickupPoint, PickupPoint]) -> None:
    client, user = signed_in()
    client.post("/places/take/", {"latitude": "38.7109", "longitude": "-9.1437"})
    household = Household.objects.get(memberships__user=user)
    assert (household.latitude, household.longitude) == (38.7109, -9.1437)
    client.post("/places/take/", {"point": far_and_near[0].pk})
    household.refresh_from_db()
    assert household.preferred_point == far_and_near[0]
    assert household.latitude == 38.7109
    assert rounds(client) == [("A far round", "your pickup point"), ("B near round", "100 m")]


@pytest.mark.parametrize(
    "sent", [{}, {"latitude": "x", "longitude": "1"}, {"latitude": "nan", "longitude": "1"}, {"latitude": "999"}]
)
def test_what_is_no_place_is_said_and_changes_nothing(sent: dict[str, str]) -> None:
    client, user = signed_in()
    answer = client.post("/places/take/", {**sent, "q": "typed"})
    assert answer.status_code == 422
    assert "Choose a street or a pickup point from the lists." in answer.content.decode()
    assert 'value="typed"' in answer.content.decode()
    assert Household.objects.get(memberships__user=user).latitude is None


def test_a_street_that_is_not_there_is_not_found() -> None:
    assert Client().post("/places/take/", {"street": "999999"}).status_code == 404
    assert Client().post("/places/take/", {"point": "\0"}).status_code == 404


def test_a_map_is_there_only_where_tiles_are_set_up(settings: object, far_and_near: object) -> None:
    assert "leaflet" not in Client().get("/places/").content.decode()
    settings.TILES_URL = "https://{s}.tiles.example/{z}/{x}/{y}.png"  # type: ignore[attr-defined]
    page = Client().get("/places/")
    assert "leaflet.js" in page.content.decode()
    assert "img-src https://*.tiles.example 'self' data:" in page["Content-Security-Policy"]
    assert "script-src 'self';" in page["Content-Security-Policy"]


def test_the_nearest_point_leads_the_list(far_and_near: object) -> None:
    client = Client()
    client.post("/places/take/", {"latitude": "38.7109", "longitude": "-9.1437"})
    points = client.get("/places/").context["points"]
    assert [(p["name"], p["far"]) for p in points if p["far"]] == [("Near point", "100 m"), ("Far point", "11 km")]
