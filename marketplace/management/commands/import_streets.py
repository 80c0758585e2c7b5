"""Import the street names of a hub's area."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from marketplace.actions.places.import_streets import import_streets
from marketplace.actions.places.street_files import read_extract, read_table
from marketplace.errors import InvalidInput
from marketplace.models import Hub


class Command(BaseCommand):
    help = "Imports streets from a CSV file (name,postcode,town,latitude,longitude) or an OpenStreetMap extract."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--hub", required=True, help="the hub's short name")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        hub = Hub.objects.filter(slug=options["hub"]).first()
        if hub is None:
            raise CommandError(f"There is no hub {options['hub']!r}. Give a hub's short name.")
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        read = read_extract if path.name.endswith((".osm.pbf", ".osm", ".osm.bz2")) else read_table
        try:
            done = import_streets(hub=hub, rows=read(path))
        except InvalidInput as error:
            raise CommandError(f"Nothing was imported. {error.facts['problems'][0]['problem']}") from error
        self.stdout.write(f"{done.new} streets are new, {done.changed} changed, {done.same} stayed as they were.")
