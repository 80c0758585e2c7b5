"""Streets from files: a table with commas, or an OpenStreetMap extract."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import osmium
from django.utils.translation import gettext as _
from osmium.osm import Node, Way

from marketplace.actions.places.import_streets import StreetRow
from marketplace.errors import InvalidInput
from marketplace.rules.distance import Point, is_on_earth, metres_between, middle_of

COLUMNS = ("name", "postcode", "town", "latitude", "longitude")
_LONGEST = {"name": 120, "postcode": 16, "town": 80}
# A street counts to the nearest of these.
_SETTLEMENTS = ("city", "town", "village", "suburb", "hamlet")


def read_table(path: Path) -> Iterator[StreetRow]:
    """The streets of a CSV file (UTF-8) with these columns. Raises InvalidInput naming the row and the remedy."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        table = csv.DictReader(file)
        missing = [column for column in COLUMNS if column not in (table.fieldnames or ())]
        if missing:
            _refuse(
                1,
                _("the first line lacks %(missing)s. Begin the file with: %(columns)s")
                % {"missing": ", ".join(missing), "columns": ",".join(COLUMNS)},
            )
        try:
            for row in table:
                yield _row(row, table.line_num)
        except (csv.Error, UnicodeDecodeError) as error:
            _refuse(
                table.line_num + 1,
                _("it cannot be read (%(error)s). Save the file as CSV in UTF-8.") % {"error": error},
            )


def _row(row: dict[str, str], number: int) -> StreetRow:
    values = {column: (row.get(column) or "").strip() for column in COLUMNS}
    if not values["name"]:
        _refuse(number, _("the name is empty. Write the street's name, or take the row out."))
    for column, longest in _LONGEST.items():
        if len(values[column]) > longest:
            _refuse(
                number,
                _("%(column)s is longer than %(longest)d letters. Shorten it.")
                % {"column": column, "longest": longest},
            )
    try:
        point = Point(float(values["latitude"]), float(values["longitude"]))
    except ValueError:
        _refuse(number, _("latitude and longitude are numbers in degrees, like 38.7139 and -9.1394."))
    if not is_on_earth(*point):
        _refuse(number, _("latitude goes from -90 to 90, longitude from -180 to 180. Are they swapped?"))
    return StreetRow(values["name"], values["postcode"], values["town"], point)


def _refuse(number: int, problem: str) -> NoReturn:
    raise InvalidInput(
        problems=[
            {
                "place": f"row {number}",
                "problem": _("Row %(number)d: %(problem)s") % {"number": number, "problem": problem},
            }
        ]
    )


def read_extract(path: Path) -> list[StreetRow]:
    """The named highways of an OpenStreetMap extract, one per name and nearest settlement, each at its middle.

    Raises InvalidInput for a file that is no extract.
    """
    settlements: list[tuple[Point, str]] = []
    ways: list[tuple[str, str, list[Point]]] = []
    try:
        for thing in osmium.FileProcessor(str(path)).with_locations():
            if isinstance(thing, Node) and thing.tags.get("place") in _SETTLEMENTS and "name" in thing.tags:
                settlements.append((Point(thing.lat, thing.lon), thing.tags["name"]))
            elif isinstance(thing, Way) and "highway" in thing.tags and "name" in thing.tags:
                points = [Point(node.lat, node.lon) for node in thing.nodes if node.location.valid()]
                if points:
                    ways.append((thing.tags["name"], thing.tags.get("postal_code") or "", points))
    except RuntimeError as error:
        _refuse(1, _("the extract cannot be read (%(error)s). Fetch it again; it ends in .osm.pbf.") % {"error": error})
    return _streets(ways, settlements)


def _streets(ways: list[tuple[str, str, list[Point]]], settlements: list[tuple[Point, str]]) -> list[StreetRow]:
    """One street per name and town, in the order of both."""
    gathered: dict[tuple[str, str], tuple[str, list[Point]]] = {}
    for name, postcode, points in ways:
        middle = points[len(points) // 2]
        town = min(settlements, key=lambda s: metres_between(middle, s[0]))[1] if settlements else ""
        known, all_points = gathered.setdefault((name[:120], town[:80]), (postcode, []))
        all_points.extend(points)
        if postcode and not known:
            gathered[name[:120], town[:80]] = (postcode, all_points)
    return [
        StreetRow(name, postcode[:16], town, middle_of(points))
        for (name, town), (postcode, points) in sorted(gathered.items())
    ]
