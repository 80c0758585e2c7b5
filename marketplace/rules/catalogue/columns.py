"""The columns of a price list, by the stable names that files, history and the API use."""

from enum import StrEnum
from typing import Final, NamedTuple

# As many steps as the desk's forms have.
STEPS: Final = 5


class Kind(StrEnum):
    """How a cell of the column is read (values.py)."""

    TEXT = "text"
    GTIN = "gtin"
    CATEGORY = "category"
    TAX = "tax"
    DEPOSIT = "deposit"
    UNIT = "unit"
    STORAGE = "storage"
    SHORTAGE = "shortage"
    STOCK_RULE = "stock_rule"
    CODES = "codes"
    COUNT = "count"
    MONEY = "money"
    YES_NO = "yes_no"
    CURRENCY = "currency"


class Column(NamedTuple):
    """`most`: the longest text, or the greatest count. `needed`: a new product has to say it; an empty cell of a
    product that is there leaves it as it is. `of_template`: it belongs to the usual terms and not to the product."""

    name: str
    kind: Kind
    most: int = 0
    least: int = 0
    needed: bool = False
    of_template: bool = False


_MOST_UNITS: Final = 1_000_000

KEY: Final = "sku"
PRODUCT_COLUMNS: Final = (
    Column("name", Kind.TEXT, 80, needed=True),
    Column("description", Kind.TEXT, 2_000),
    Column("category", Kind.CATEGORY, needed=True),
    Column("gtin", Kind.GTIN),
    Column("pack", Kind.TEXT, 40),
    Column("content", Kind.COUNT, _MOST_UNITS, 1, needed=True),
    Column("unit", Kind.UNIT, needed=True),
    Column("weighed", Kind.YES_NO, needed=True),
    Column("storage", Kind.STORAGE, needed=True),
    Column("shelf_life_days", Kind.COUNT, 3_650, 1, needed=True),
    Column("allergens", Kind.CODES),
    Column("diets", Kind.CODES),
    Column("deposit", Kind.DEPOSIT),
    Column("tax", Kind.TAX, needed=True),
    Column("active", Kind.YES_NO, needed=True),
)
TEMPLATE_COLUMNS: Final = (
    Column("regular", Kind.YES_NO, needed=True, of_template=True),
    Column("case", Kind.COUNT, _MOST_UNITS, 1, needed=True, of_template=True),
    Column("split", Kind.YES_NO, needed=True, of_template=True),
    Column("multiple", Kind.COUNT, _MOST_UNITS, 1, needed=True, of_template=True),
    Column("split_fee", Kind.MONEY, needed=True, of_template=True),
    Column("hub_extra", Kind.COUNT, _MOST_UNITS, needed=True, of_template=True),
    Column("shortage", Kind.SHORTAGE, needed=True, of_template=True),
    Column("stock", Kind.COUNT, _MOST_UNITS, of_template=True),
    Column("stock_rule", Kind.STOCK_RULE, needed=True, of_template=True),
)
# The ladder is one value in history; in a file each step has three columns.
LADDER: Final = "ladder"
LADDER_COLUMNS: Final = tuple(f"{part}_{step}" for step in range(1, STEPS + 1) for part in ("from", "cost", "price"))
CURRENCY: Final = "currency"

BY_NAME: Final = {column.name: column for column in (*PRODUCT_COLUMNS, *TEMPLATE_COLUMNS)}
OF_PRODUCT: Final = frozenset(column.name for column in PRODUCT_COLUMNS)
OF_TEMPLATE: Final = frozenset(column.name for column in TEMPLATE_COLUMNS) | {LADDER}
# Every column that a file may have, in the order in which a catalogue is written out.
FILE_COLUMNS: Final = (KEY, *BY_NAME, CURRENCY, *LADDER_COLUMNS)
# What a new product has where neither the file nor the kind of list says it.
GIVEN: Final = {
    "content": 1,
    "unit": "H87",
    "weighed": False,
    "storage": "ambient",
    "active": True,
    "regular": False,
    "case": 1,
    "split": False,
    "multiple": 1,
    "split_fee": 0,
    "hub_extra": 0,
    "shortage": "max_min",
    "stock": None,
    "stock_rule": "reset",
    "description": "",
    "gtin": "",
    "pack": "",
    "allergens": {},
    "diets": {},
    "deposit": None,
}
# What households reserved and hubs ordered: while a product is on offer it stays as it was promised.
PROMISED: Final = frozenset(
    {"name", "category", "pack", "content", "unit", "weighed", "storage", "shelf_life_days", "deposit", "tax"}
)
# Names that price lists give our columns, folded (lower case, letters and digits only).
SYNONYMS: Final = {
    "sku": ("articlenumber", "articleno", "itemnumber", "artikelnummer", "artikelnr", "artnr", "bestelnummer", "code",
            "ordernumber", "referencia", "referenz", "productcode"),
    "name": ("product", "productname", "title", "bezeichnung", "artikelbezeichnung", "artikel", "omschrijving", "nome",
             "produto"),
    "description": ("note", "notes", "beschreibung", "bezeichnung2", "descricao", "ingredients", "zutaten"),
    "category": ("group", "warengruppe", "kategorie", "categoria", "articlecategory"),
    "gtin": ("ean", "ean13", "barcode", "eancode", "gtin13"),
    "pack": ("unitpack", "verpackung", "gebinde", "embalagem", "packaging", "ladeneinheit"),
    "content": ("contentamount", "inhalt", "amount", "menge", "inhoud"),
    "unit": ("contentunit", "einheit", "eenheid", "unidade", "measure"),
    "weighed": ("catchweight", "gewichtsartikel", "wichtartikel"),
    "storage": ("storageclass", "lagerung", "cooling", "kuehlung"),
    "shelf_life_days": ("shelflife", "days", "mhd", "restlaufzeit", "haltbarkeit", "validade"),
    "tax": ("taxclass", "vat", "vatrate", "mwst", "ust", "btw", "iva", "taxrate"),
    "deposit": ("deposittype", "pfand", "statiegeld"),
    "active": ("isactive", "sold", "available", "status", "aktiv"),
    "regular": ("isregular", "always", "everywindow"),
    "case": ("casesize", "unitquantity", "packsize", "ve", "sve", "gebindegroesse", "casequantity"),
    "stock": ("cap", "quantityavailable", "bestand"),
    "hub_extra": ("hubflexible",),
    "split": ("splittable",),
    "cost_1": ("cost", "net", "netprice", "purchaseprice", "ek", "einkaufspreis", "inkoopprijs", "pricenet"),
    "price_1": ("price", "unitprice", "vk", "verkaufspreis", "preco", "consumentenprijs", "retailprice"),
    "from_1": ("minimum", "from", "minimumorderquantity"),
}  # fmt: skip
