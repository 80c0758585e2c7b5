"""ODIN, the price lists of the Dutch organic wholesale trade, by our names of columns: XML, or its older tabbed text.

Prices are net, per consumer unit (`inkoopprijs`), in the list's euro; `sve` is how many are packed as one. The column
`status` says actief, non actief or gesaneerd.
"""

from collections.abc import Callable, Mapping
from typing import Final

from lxml import etree

from marketplace.rules.broken import Broken, gettext_noop
from marketplace.rules.catalogue.contents import content_of, figure_of
from marketplace.rules.catalogue.csv_table import read_csv
from marketplace.rules.catalogue.table import MOST_ROWS, Row, Table, Unreadable, check_size, enough_rows, row_of

_NO_ODIN = gettext_noop("This is no price list of ODIN: neither its XML nor its text with “bestelnummer”.")
_NO_PRODUCTS = gettext_noop("The list has no products.")
COLUMNS: Final = (
    *("sku", "active", "gtin", "name", "description", "shelf_life_days", "category", "case", "pack", "content", "unit"),
    *("weighed", "deposit", "tax", "cost_1", "diets"),
)
_SAYS_YES: Final = ("1", "ja", "j", "true")
# 0 is not known.
_SUITS: Final = {"1": "suitable", "2": "unsuitable"}
_DIETS: Final = {"vegetarisch": "vegetarian", "veganistisch": "vegan"}


def read_odin(content: bytes) -> Table:
    """The products of a list. Raises Unreadable."""
    check_size(content)
    is_xml = content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")
    products = _from_xml(content) if is_xml else _from_text(content)
    rows: list[Row] = []
    for number, told in products:
        if (row := row_of(number, COLUMNS, _cells(told.get))) is not None:
            rows.append(row)
        if len(rows) > MOST_ROWS:
            break
    return Table(COLUMNS, enough_rows(rows), currency="EUR")


def _from_xml(content: bytes) -> list[tuple[int, Mapping[str, str]]]:
    """The elements below each <product>, however deep, by their names; numbered by the lines of the file."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(Broken(_NO_ODIN), row=getattr(error, "lineno", None)) from error
    if root.getroottree().docinfo.doctype:
        raise Unreadable(Broken(_NO_ODIN))
    found: list[tuple[int, Mapping[str, str]]] = [
        (
            int(product.sourceline or 0),
            {_name(part): "".join(part.itertext()).strip() for part in product.iterdescendants(tag=etree.Element)},
        )
        for product in root.iter(tag=etree.Element)
        if _name(product) == "product"
    ]
    if not found:
        raise Unreadable(Broken(_NO_PRODUCTS))
    return found


def _from_text(content: bytes) -> list[tuple[int, Mapping[str, str]]]:
    table = read_csv(content)
    names = {column: column.strip().lower() for column in table.columns}
    if "bestelnummer" not in names.values():
        raise Unreadable(Broken(_NO_ODIN))
    return [(row.number, {names[column]: text for column, text in row.cells.items()}) for row in table.rows]


def _cells(told: Callable[..., str | None]) -> list[str]:
    """The texts of COLUMNS; empty is not said."""

    def at(name: str) -> str:
        return (told(name) or "").strip()

    measure = f"{at('inhoud')} {at('eenheid')}".strip()
    amount, unit = content_of(measure)
    status, group = at("status").lower(), at("cblcode") or at("subgroep")
    about = [at("merk"), at("kwaliteit"), at("herkomst"), at("ingredienten")]
    diets = [f"{ours}: {_SUITS[at(theirs)]}" for theirs, ours in _DIETS.items() if at(theirs) in _SUITS]
    return [
        at("bestelnummer"),
        "yes" if status in ("", "actief") else "no",
        at("eancode"),
        at("omschrijving") or at("kassaomschrijving"),
        ", ".join(part for part in about if part),
        "" if figure_of(at("aantaldagenhoudbaar")) == "0" else figure_of(at("aantaldagenhoudbaar")),
        group,
        figure_of(at("sve")),
        measure,
        str(amount),
        unit.value,
        "yes" if at("wichtartikel").lower() in _SAYS_YES else "no",
        "" if not figure_of(at("statiegeld")).strip("0.") else figure_of(at("statiegeld")),
        figure_of(at("btw")),
        figure_of(at("inkoopprijs")),
        "; ".join(diets),
    ]


def _name(element: "etree._Element") -> str:
    return str(etree.QName(element).localname).lower()
