"""Who takes part in the demo: invented names, addresses and logins. One password serves them all."""

from dataclasses import dataclass
from itertools import product
from random import Random
from unicodedata import combining, normalize

from marketplace.rules.roles import Role

# Printed at every start. It guards nothing but the demo's own data on the loopback address.
PASSWORD = "full-basket-thursday"  # noqa: S105

PLATFORM_EMAIL = "platform@example.org"
STAFF: tuple[tuple[Role, str, str], ...] = (
    (Role.COORDINATOR, "Carla Nogueira", "coordinator@example.org"),
    (Role.TREASURER, "Tomás Albuquerque", "treasurer@example.org"),
    (Role.DISPATCHER, "Dinis Falcão", "dispatcher@example.org"),
    (Role.ANALYST, "Alice Mourão", "analyst@example.org"),
    (Role.PICKER, "Piedade Rolo", "picker@example.org"),
    (Role.COURIER, "Ciro Estrela", "courier@example.org"),
)
GIVEN = (
    *("Ana", "Beatriz", "Carolina", "Diana", "Eva", "Filipa", "Graça", "Helena", "Inês", "Joana", "Laura", "Marta"),
    *("Nuno", "Olívia", "Pedro", "Rita", "Rui", "Sofia", "Teresa", "Vasco", "André", "Bruno", "Duarte", "Gil"),
    *("Hugo", "Ivo", "João", "Leonor", "Miguel", "Raquel", "Salvador", "Tiago"),
)
FAMILY = (
    *("Almeida", "Barros", "Cardoso", "Domingues", "Esteves", "Fonseca", "Guerreiro", "Henriques", "Lacerda"),
    *("Machado", "Neves", "Oliveira", "Pacheco", "Quintela", "Ramalho", "Saraiva", "Tavares", "Vilela"),
)
# The first of these order in the first group; whoever looks at the demo is among them.
GROUPS = (
    *("Rua da Bica", "Pátio das Laranjeiras", "Escola da Graça", "Vizinhos do Largo", "Coro de Alfama"),
    *("Prédio 14", "Clube de Leitura", "Horta da Encosta", "Oficina do Tejo", "Amigos da Ciclovia"),
)
# The people who run the second hub, where joining needs somebody's yes.
SECOND_COORDINATOR = ("Otília Sampaio", "penha@example.org")


@dataclass(frozen=True, slots=True)
class Person:
    """A name and the address to log in with."""

    name: str
    email: str


def household_people(count: int, draw: Random) -> list[Person]:
    """So many different people, in an order that depends on the draw alone."""
    pairs = list(product(GIVEN, FAMILY))
    draw.shuffle(pairs)
    return [
        Person(f"{given} {family}", f"{_plain(given)}.{_plain(family)}@example.org") for given, family in pairs[:count]
    ]


def merchant_login(key: str) -> str:
    """The address of the person at a merchant's desk."""
    return f"desk.{key}@example.org"


def _plain(name: str) -> str:
    return "".join(letter for letter in normalize("NFKD", name.lower()) if not combining(letter))
