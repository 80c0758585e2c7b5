"""Files of price lists as merchants' programs write them, read into rows of ours or refused with a reason."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from marketplace.rules.catalogue.amounts import NoFigure, Refusal, count_of, money_of, plain_amount, with_markup
from marketplace.rules.catalogue.bnn3 import read_bnn3
from marketplace.rules.catalogue.contents import content_of
from marketplace.rules.catalogue.csv_table import read_csv
from marketplace.rules.catalogue.odin import read_odin
from marketplace.rules.catalogue.reading import guessed
from marketplace.rules.catalogue.safe_cells import safe_cell
from marketplace.rules.catalogue.table import MOST_BYTES, Unreadable, plain
from marketplace.rules.catalogue.writing import as_csv
from marketplace.rules.catalogue.xlsx_table import read_xlsx
from marketplace.rules.goods import UnitCode


def bnn_row(**cells: str) -> str:
    """An article of a BNN 3 list: 69 cells, named by their places."""
    row = [""] * 69
    row[0:8] = ["111116", "A", "20261101", "1200", "4006381333931", "", "Zitronen", "gelb"]
    told = {15: "5", 16: "0302", 22: "6,000", 23: "500 g", 24: "1", 25: "N", 33: "1", 37: "4,25"}
    for at, text in told.items():
        row[at] = text
    for place, text in cells.items():
        row[int(place.removeprefix("at"))] = text
    return ";".join(row)


BNN_HEAD = 'BNN;3;1;"Grosshandel";T;"Obst";EUR;20261122;0;20261121;1830;1'


def bnn(*rows: str, head: str = BNN_HEAD, encoding: str = "cp1252") -> bytes:
    return "\r\n".join([head, *rows, ";;99"]).encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
def test_umlauts_survive_in_every_encoding_that_programs_write(encoding: str) -> None:
    table = read_csv("sku;name\nA1;Möhren\n".encode(encoding))
    assert [dict(row.cells) for row in table.rows] == [{"sku": "A1", "name": "Möhren"}]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_separator_is_found_by_the_names_of_columns(delimiter: str) -> None:
    table = read_csv(f"sku{delimiter}name{delimiter}cost\nA1{delimiter}Kale{delimiter}1\n".encode())
    assert table.columns == ("sku", "name", "cost")


def test_excel_may_say_its_separator_in_a_line_of_its_own_and_rows_keep_their_numbers() -> None:
    table = read_csv(b"sep=;\nsku;name\n\nA1;Kale\n")
    assert table.columns == ("sku", "name")
    assert table.rows[0].number == 4


def test_a_quotation_mark_that_is_not_closed_is_refused_with_its_row() -> None:
    with pytest.raises(Unreadable) as refused:
        read_csv(b'sku;name\nA1;Kale\nA2;"Leek\n')
    assert refused.value.row == 3


def test_a_row_with_more_cells_than_columns_is_told_and_not_cut() -> None:
    table = read_csv(b"sku;name\nA1;Kale;green\n")
    assert table.rows[0].problem is not None


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"sku;name\n", b"sku;sku\nA;B\n", b"sku\0;name\nA;B\n", b"a" * (MOST_BYTES + 1)],
    ids=["nothing", "blank", "no rows", "one name twice", "no text", "too large"],
)
def test_what_is_no_table_is_refused_as_a_whole(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_csv(content)


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_is_read_by_its_values() -> None:
    content = workbook(("sku", "gtin", "cost", "active"), ("A1", 4006381333931, 1.95, True))
    assert dict(read_xlsx(content).rows[0].cells) == {
        "sku": "A1",
        "gtin": "4006381333931",
        "cost": "1.95",
        "active": "yes",
    }


@pytest.mark.slow
def test_an_archive_that_is_no_workbook_or_unfolds_too_far_is_refused() -> None:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 120_000_000)
    for content in (b"PK\x03\x04 nothing", out.getvalue()):
        with pytest.raises(Unreadable):
            read_xlsx(content)


def test_a_workbook_with_declarations_that_a_reader_would_expand_is_refused() -> None:
    out = BytesIO()
    with ZipFile(BytesIO(workbook(("sku",), ("A1",)))) as good, ZipFile(out, "w") as bad:
        for part in good.infolist():
            content = good.read(part)
            if part.filename == "xl/workbook.xml":
                content = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + content
            bad.writestr(part.filename, content)
    with pytest.raises(Unreadable):
        read_xlsx(out.getvalue())


def test_an_article_of_bnn_3_is_read_by_its_places() -> None:
    table = read_bnn3(bnn(bnn_row()))
    assert table.currency == "EUR"
    assert table.whole is False
    row = table.rows[0]
    assert row.number == 2
    assert dict(row.cells) == {
        "sku": "111116",
        "active": "yes",
        "gtin": "4006381333931",
        "name": "Zitronen",
        "description": "gelb",
        "shelf_life_days": "5",
        "category": "0302",
        "case": "6",
        "pack": "500 g",
        "content": "500",
        "unit": "GRM",
        "weighed": "no",
        "deposit": "",
        "tax": "1",
        "cost_1": "4.25",
    }


def test_bnn_3_may_be_written_in_the_character_set_of_dos() -> None:
    head = BNN_HEAD.replace("BNN;3;1;", "BNN;3;0;")
    assert read_bnn3(bnn(bnn_row(at6="Käse"), head=head, encoding="cp850")).rows[0].cells["name"] == "Käse"


def test_articles_taken_out_are_no_longer_sold_and_special_prices_are_left_away() -> None:
    table = read_bnn3(bnn(bnn_row(at1="X"), bnn_row(at0="2", at61="J"), bnn_row(at0="3", at62="20261201")))
    assert [(row.cells["sku"], row.cells["active"]) for row in table.rows] == [("111116", "no")]
    assert table.skipped == 2


def test_a_price_for_another_quantity_than_its_unit_is_refused_and_never_guessed() -> None:
    assert read_bnn3(bnn(bnn_row(at24="0,5"))).rows[0].problem is not None


@pytest.mark.parametrize("content", [b"sku;name\nA;B\n", b"BNN;2;1;x;V;x;EUR;;;;;\n", b"BNN;3\n", b""])
def test_other_files_are_no_bnn_3(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_bnn3(content)


ODIN = b"""<?xml version="1.0" encoding="ISO-8859-1"?>
<xmlproduct><product><eancode>8711812380618</eancode><omschrijving>Cr\xe8me fra\xeeche</omschrijving>
<inhoud>125</inhoud><eenheid>gr</eenheid><merk>Zuiver</merk><btw>9</btw>
<bestelnummer>0109</bestelnummer><prijs><inkoopprijs>1.08</inkoopprijs>
<consumentenprijs>1.69</consumentenprijs></prijs><sve>12.00</sve><status>Actief</status><vegetarisch>1</vegetarisch>
<statiegeld>0.00</statiegeld></product>
<product><bestelnummer>0110</bestelnummer><omschrijving>Oud</omschrijving><status>Gesaneerd</status></product></xmlproduct>"""


def test_a_product_of_odin_is_read_by_its_names() -> None:
    first, second = read_odin(ODIN).rows
    assert first.cells["name"] == "Crème fraîche"
    assert first.cells["sku"] == "0109"
    assert (first.cells["case"], first.cells["cost_1"], first.cells["tax"]) == ("12", "1.08", "9")
    assert (first.cells["content"], first.cells["unit"]) == ("125", "GRM")
    assert first.cells["diets"] == "vegetarian: suitable"
    assert first.cells["deposit"] == ""
    assert second.cells["active"] == "no"


def test_odin_as_older_text_is_read_by_the_same_names() -> None:
    table = read_odin(b"bestelnummer\tomschrijving\tinkoopprijs\tsve\n7\tKwark\t1,20\t6\n")
    assert (table.rows[0].cells["sku"], table.rows[0].cells["cost_1"], table.rows[0].cells["case"]) == ("7", "1.2", "6")


@pytest.mark.parametrize(
    "content",
    [
        b"<xmlproduct></xmlproduct>",
        b"<xmlproduct><product>",
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
        b"<xmlproduct><product><bestelnummer>&a;</bestelnummer></product></xmlproduct>",
        b"sku;name\nA;B\n",
    ],
)
def test_other_files_and_declared_entities_are_no_odin(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_odin(content)


@pytest.mark.parametrize(
    ("text", "read"),
    [("1.95", "1.95"), ("1,95", "1.95"), ("1.234,50", "1234.50"), ("1,234.50", "1234.50"), ("1 234,5", "1234.5")],
)
def test_a_comma_or_a_point_may_stand_before_the_decimals(text: str, read: str) -> None:
    assert plain_amount(text) == read


@pytest.mark.parametrize("text", ["1.234.50", "1,23,4.5", "one", "-1", "1e3", "", "1.5.2"])
def test_what_is_no_figure_is_never_guessed(text: str) -> None:
    with pytest.raises(NoFigure):
        plain_amount(text)


def test_thousands_or_decimals_nobody_knows_and_so_it_is_refused() -> None:
    for text in ("1,250", "1.250"):
        with pytest.raises(Refusal):
            money_of(text, "EUR")
        with pytest.raises(Refusal):
            count_of(text, 1, 10_000)
    assert money_of("1.250", "KWD") == 1250


def test_a_price_is_rounded_once_half_up() -> None:
    assert [with_markup(cost, 2_550) for cost in (100, 102, 0)] == [126, 128, 0]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("500 g", (500, UnitCode.GRAM)),
        ("0,75 l", (750, UnitCode.MILLILITRE)),
        ("6 x 0,5 l", (3, UnitCode.LITRE)),
        ("KG", (1, UnitCode.KILOGRAM)),
        ("2 kg", (2, UnitCode.KILOGRAM)),
        ("Stück", (1, UnitCode.PIECE)),
        ("", (1, UnitCode.PIECE)),
    ],
)
def test_a_wholesalers_unit_is_what_one_consumer_unit_holds(text: str, content: tuple[int, UnitCode]) -> None:
    assert content_of(text) == content


def test_columns_are_known_by_what_lists_usually_call_them() -> None:
    found = guessed(("Artikelnummer", "Bezeichnung", "EAN", "MwSt", "VE", "EK", "Lieferant"))
    assert found == {
        "sku": "Artikelnummer",
        "name": "Bezeichnung",
        "gtin": "EAN",
        "tax": "MwSt",
        "case": "VE",
        "cost_1": "EK",
    }


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_that_is_written_is_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"
    assert as_csv([[text]]).decode("utf-8-sig").lstrip('"').startswith("'")


def test_what_was_written_reads_in_again_as_it_was() -> None:
    assert plain(safe_cell("=tomatoes")) == "=tomatoes"
    assert plain("'s Morgens") == "'s Morgens"
