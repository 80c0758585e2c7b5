"""What the catalogue's pages share: whose catalogue, in which currency, and how an answer is made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from marketplace.access import merchants_of
from marketplace.admin.columns import typed_text
from marketplace.errors import NotFound
from marketplace.models import Merchant, User
from marketplace.queries.catalogue import currencies_of

if TYPE_CHECKING:
    from marketplace.admin.scoping import ScopedAdmin

Page = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Whose:
    """The person at the desk, the merchant whose catalogue is open, and the currency of the prices that are shown.

    `others` and `currencies` are what may be chosen instead.
    """

    user: User
    merchant: Merchant
    others: tuple[Merchant, ...]
    currency: str
    currencies: tuple[str, ...]

    @property
    def asked(self) -> str:
        """What keeps the choice in the addresses of the desk; empty where there is nothing to choose."""
        chosen: dict[str, str | int] = {}
        if len(self.others) > 1:
            chosen["merchant"] = self.merchant.pk
        if len(self.currencies) > 1:
            chosen["currency"] = self.currency
        return urlencode(chosen)


def whose(request: HttpRequest) -> Whose:
    """By what was asked for, else the first. Two queries; "not found" where the desk is nobody's."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    mine = tuple(merchants_of(user).order_by("name", "pk"))
    if not mine:
        raise Http404
    typed = request.POST.get("merchant") or request.GET.get("merchant") or ""
    merchant = next((each for each in mine if str(each.pk) == typed), None) if typed else mine[0]
    if merchant is None:
        raise Http404
    currencies = tuple(currencies_of(merchant.pk)) or ("EUR",)
    wanted = request.POST.get("currency") or request.GET.get("currency") or ""
    return Whose(user, merchant, mine, wanted if wanted in currencies else currencies[0], currencies)


def typed(request: HttpRequest) -> dict[str, str]:
    """What was typed, as the database can keep it."""
    return {name: typed_text(str(value)) for name, value in request.POST.items()}


def address(admin: "ScopedAdmin", name: str, *args: object) -> str:
    """An address of the catalogue within the desk."""
    return reverse(f"admin:marketplace_{name}", args=args, current_app=admin.admin_site.name)


def answer(
    admin: "ScopedAdmin", request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of the catalogue."""
    request.current_app = admin.admin_site.name
    shared = {"list_url": address(admin, "product_changelist")}
    return TemplateResponse(
        request, f"marketplace/desk/catalogue/{template}.html", {**shared, **context}, status=status
    )


def found_or_404(fetch: Callable[..., Any], *args: Any) -> Any:
    """What an access function finds; for a foreign row the page is not there."""
    try:
        return fetch(*args)
    except NotFound:
        raise Http404 from None


def by_place(problems: list[dict[str, str]]) -> dict[str, str]:
    """Problems by their fields, several of one together."""
    found: dict[str, str] = {}
    for told in problems:
        found[told["place"]] = " ".join(filter(None, [found.get(told["place"]), str(told["problem"])]))
    return found
