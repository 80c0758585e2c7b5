"""Own data as files to take along: one JSON object, sent as it is read, or a zip with one CSV per section."""

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from typing import IO, Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

from marketplace import clock
from marketplace.models import User
from marketplace.queries.own_data import sections_of, subject_of

JSON_NAME, ZIP_NAME = "windrow-my-data.json", "windrow-my-data.zip"


def json_pieces(user: User) -> Iterator[str]:
    """One JSON object, a list per section. One query per section and one for the person."""
    made = {"made_at": clock.now(), "site": settings.SITE_URL}
    yield f'{{"about": {json.dumps(made, cls=DjangoJSONEncoder)}'
    for section, rows in sections_of(subject_of(user)):
        yield f',\n"{section.name}": ['
        for number, row in enumerate(rows):
            yield (",\n" if number else "\n") + json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
        yield "]"
    yield "}\n"


def zip_file(user: User) -> IO[bytes]:
    """A zip with one CSV per section, to be closed by who takes it; a large one lies on disk, never in memory."""
    held = tempfile.SpooledTemporaryFile(max_size=2_000_000)  # noqa: SIM115 - whoever takes it closes it
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for section, rows in sections_of(subject_of(user)):
            with archive.open(f"{section.name}.csv", "w") as raw, io.TextIOWrapper(raw, "utf-8", newline="") as text:
                _csv(text, section.columns, rows)
    held.seek(0)
    return held


def _csv(text: io.TextIOWrapper, columns: tuple[str, ...], rows: Iterator[Mapping[str, Any]]) -> None:
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row[column]) for column in columns])


def _cell(value: object) -> object:
    """A cell as spreadsheets read it: what looks like a formula is text."""
    if isinstance(value, list | dict):
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    if isinstance(value, str):
        return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
    return "" if value is None else value.isoformat() if hasattr(value, "isoformat") else value
