"""Where the demo takes place: pickup points and the streets around them, at roughly where they are in Lisbon.

The points and their house numbers are invented; the streets are named after real ones, so that a search feels right.
"""

from datetime import time
from typing import NamedTuple

from marketplace.actions.places.import_streets import StreetRow
from marketplace.rules.distance import Point

TOWN = "Lisboa"


class Place(NamedTuple):
    """A pickup point as its host would describe it; `room` in reservations per handover."""

    name: str
    address: str
    way: str
    point: Point
    opens: time
    closes: time
    room: int


PICKUP_POINTS = (
    Place(
        "Mercado hall",
        "Largo do Jacarandá 1, 1200-001 Lisboa",
        "Through the blue gate, second aisle.",
        Point(38.7089, -9.1477),
        time(17),
        time(20),
        90,
    ),
    Place(
        "Graça library",
        "Rua da Voz do Operário 80, 1100-621 Lisboa",
        "At the reading-room entrance.",
        Point(38.7161, -9.1297),
        time(17, 30),
        time(19, 30),
        60,
    ),
    Place(
        "Alcântara workshop",
        "Travessa do Conde da Ponte 12, 1300-141 Lisboa",
        "Ring at the yard door.",
        Point(38.7046, -9.1795),
        time(17),
        time(19),
        50,
    ),
    Place(
        "Arroios schoolyard",
        "Rua Carlos Mardel 50, 1900-122 Lisboa",
        "Under the roof beside the playground.",
        Point(38.7345, -9.1339),
        time(18),
        time(20),
        60,
    ),
)
SECOND_POINT = Place(
    "Penha parish hall",
    "Rua da Penha de França 33, 1170-298 Lisboa",
    "Down the ramp, left of the church.",
    Point(38.7277, -9.1307),
    time(10),
    time(12, 30),
    40,
)
# Name, postcode, degrees north, degrees west.
_STREETS = (
    ("Rua da Bica de Duarte Belo", "1200-054", 38.7087, 9.1466),
    ("Rua de São Paulo", "1200-427", 38.7076, 9.1463),
    ("Rua das Flores", "1200-194", 38.7091, 9.1431),
    ("Rua do Alecrim", "1200-018", 38.7089, 9.1434),
    ("Rua da Boavista", "1200-066", 38.7078, 9.1494),
    ("Rua do Poço dos Negros", "1200-337", 38.7107, 9.1526),
    ("Calçada do Combro", "1200-110", 38.7108, 9.1484),
    ("Rua da Rosa", "1200-387", 38.7125, 9.1456),
    ("Travessa da Espera", "1200-176", 38.7113, 9.1445),
    ("Rua de Santos-o-Velho", "1200-808", 38.7073, 9.1560),
    ("Rua das Janelas Verdes", "1200-691", 38.7052, 9.1602),
    ("Rua de São Bento", "1200-819", 38.7134, 9.1530),
    ("Rua Garrett", "1200-203", 38.7107, 9.1409),
    ("Rua da Voz do Operário", "1100-621", 38.7161, 9.1297),
    ("Rua da Graça", "1170-165", 38.7188, 9.1306),
    ("Largo da Graça", "1170-165", 38.7172, 9.1308),
    ("Calçada da Graça", "1100-265", 38.7158, 9.1325),
    ("Rua dos Remédios", "1100-441", 38.7127, 9.1258),
    ("Rua de São Tomé", "1100-561", 38.7131, 9.1309),
    ("Rua do Vigário", "1100-613", 38.7134, 9.1268),
    ("Campo de Santa Clara", "1100-472", 38.7150, 9.1253),
    ("Travessa de São Vicente", "1100-575", 38.7155, 9.1289),
    ("Rua da Senhora do Monte", "1170-361", 38.7190, 9.1327),
    ("Travessa do Conde da Ponte", "1300-141", 38.7046, 9.1795),
    ("Rua de Alcântara", "1300-026", 38.7057, 9.1757),
    ("Rua Prior do Crato", "1350-261", 38.7068, 9.1707),
    ("Rua 1.º de Maio", "1300-474", 38.7029, 9.1794),
    ("Rua da Junqueira", "1300-343", 38.6985, 9.1880),
    ("Calçada da Tapada", "1349-048", 38.7073, 9.1816),
    ("Rua Maria Pia", "1350-208", 38.7143, 9.1692),
    ("Rua dos Lusíadas", "1300-366", 38.7039, 9.1835),
    ("Rua Rodrigues de Faria", "1300-501", 38.7034, 9.1785),
    ("Rua Carlos Mardel", "1900-122", 38.7345, 9.1339),
    ("Rua de Arroios", "1150-056", 38.7299, 9.1357),
    ("Avenida Almirante Reis", "1150-023", 38.7286, 9.1350),
    ("Rua Morais Soares", "1900-348", 38.7333, 9.1293),
    ("Rua Pascoal de Melo", "1000-233", 38.7340, 9.1401),
    ("Rua Actor Taborda", "1000-007", 38.7353, 9.1415),
    ("Rua Angelina Vidal", "1170-018", 38.7232, 9.1322),
    ("Rua da Penha de França", "1170-298", 38.7277, 9.1307),
    ("Alameda Dom Afonso Henriques", "1000-123", 38.7370, 9.1340),
    ("Rua José Falcão", "1170-193", 38.7309, 9.1343),
    ("Rua Passos Manuel", "1150-258", 38.7268, 9.1383),
    ("Praça do Chile", "1000-098", 38.7334, 9.1353),
)


def streets() -> list[StreetRow]:
    """The streets as a file of the hub would name them."""
    return [StreetRow(name, postcode, TOWN, Point(north, -west)) for name, postcode, north, west in _STREETS]
