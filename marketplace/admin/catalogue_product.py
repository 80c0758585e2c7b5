"""A product's own page on the merchant desk: its picture, its usual terms, and everything that was ever changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from marketplace.actions.catalogue.set_template import set_template
from marketplace.actions.pictures.add_picture import add_picture
from marketplace.admin.catalogue_desk import Page, Whose, address, answer, by_place, found_or_404, typed, whose
from marketplace.admin.catalogue_words import differences
from marketplace.admin.offer_form import STEPS, StepRow
from marketplace.errors import CatalogueChanged, InvalidInput
from marketplace.models import CatalogueChange, Offer, OfferTemplate, Product
from marketplace.queries.catalogue import product_to_edit, product_values
from marketplace.queries.catalogue_list import history_of
from marketplace.queries.terms_words import warning_words
from marketplace.rules.catalogue.amounts import Refusal, count_of, money_of
from marketplace.rules.catalogue.columns import BY_NAME, GIVEN, LADDER, OF_TEMPLATE, Kind
from marketplace.rules.catalogue.difference import after_change
from marketplace.rules.catalogue.terms import warnings_of
from marketplace.rules.catalogue.terms_rules import terms_problems
from marketplace.rules.ladders import MOST_UNITS
from marketplace.rules.money import format_minor
from marketplace.rules.pictures import MOST_BYTES
from marketplace.views.cards import picture_of
from marketplace.words import broken_words

if TYPE_CHECKING:
    from marketplace.admin.scoping import ScopedAdmin


@dataclass(frozen=True, slots=True)
class TermsForm:
    """The form of usual terms: what was typed or is, `values` where it can be read, problems by field."""

    steps: Sequence[StepRow]
    texts: Mapping[str, str]
    values: Mapping[str, Any] | None
    problems: Mapping[str, str]


def product_page(admin: "ScopedAdmin") -> Page:
    """The page; a picture and terms are sent to it."""

    def product(request: HttpRequest, product_id: int) -> HttpResponse:
        mine = whose(request)
        found: Product = found_or_404(product_to_edit, mine.user, product_id)
        if found.merchant_id != mine.merchant.pk:
            return HttpResponseRedirect(f"{request.path}?merchant={found.merchant_id}")
        current = product_values(found, mine.currency)
        form, picture_problem = shown_terms(current, mine.currency), ""
        if request.method == "POST" and request.POST.get("do") == "picture":
            picture_problem = _keep_picture(request, found, mine)
            if not picture_problem:
                return HttpResponseRedirect(_here(admin, found, mine))
        elif request.method == "POST":
            form = read_terms(typed(request), mine.currency)
            if form.values is not None and request.POST.get("do") == "save":
                form = _save(request, found, form, current, mine)
                if not form.problems:
                    return HttpResponseRedirect(_here(admin, found, mine))
        context = {**_context(found, current, form, mine), "picture_problem": picture_problem}
        context["change_url"] = address(admin, "product_change", found.pk)
        status = 422 if form.problems or picture_problem or any(step.problem for step in form.steps) else 200
        return answer(admin, request, "product", context, status)

    return product


def _here(admin: "ScopedAdmin", product: Product, mine: Whose) -> str:
    url = address(admin, "product_card", product.pk)
    return f"{url}?{mine.asked}" if mine.asked else url


def shown_terms(current: Mapping[str, Any], currency: str) -> TermsForm:
    """The form of the terms as they are, or as new ones begin."""
    values = {**GIVEN, **{name: value for name, value in current.items() if value is not None}}
    ladder = values.get(LADDER) or ()
    rows = [
        StepRow(number, str(q), format_minor(c, currency), format_minor(p, currency))
        for number, (q, c, p) in enumerate(ladder, 1)
    ]
    rows += [StepRow(number, "", "", "") for number in range(len(rows) + 1, STEPS + 1)]
    texts = {name: _text(name, values.get(name), currency) for name in OF_TEMPLATE & BY_NAME.keys()}
    return TermsForm(rows, texts, dict(values) if ladder else None, {})


def read_terms(sent: Mapping[str, str], currency: str) -> TermsForm:
    """What was typed; every mistake beside its field."""
    problems: dict[str, str] = {}
    values: dict[str, Any] = {}
    rows, ladder = _steps(sent, currency)
    if not ladder and not any(row.problem for row in rows):
        problems[LADDER] = _("Give at least one step: from how many units, at what cost and price.")
    values[LADDER] = ladder
    texts = {}
    for name in sorted(OF_TEMPLATE & BY_NAME.keys()):
        text = texts[name] = sent.get(name, "")
        try:
            values[name] = _value(name, text, currency)
        except Refusal as refused:
            problems[name] = broken_words(refused.broken)
    readable = not problems and not any(row.problem for row in rows)
    if readable:
        problems.update(by_place([{"place": p, "problem": broken_words(b)} for p, b in terms_problems(values)]))
    return TermsForm(rows, texts, values if readable and not problems else None, problems)


def _value(name: str, text: str, currency: str) -> Any:
    """A field's value; a box that is not ticked says no."""
    column = BY_NAME[name]
    if column.kind is Kind.YES_NO:
        return text == "yes"
    if column.kind is Kind.MONEY:
        return money_of(text or "0", currency)
    if column.kind is Kind.COUNT:
        return (
            None if not text and not column.needed else count_of(text or str(column.least), column.least, column.most)
        )
    choices = OfferTemplate.StockRule.values if column.kind is Kind.STOCK_RULE else Offer.ShortageRule.values
    return text if text in choices else GIVEN[name]


def _steps(sent: Mapping[str, str], currency: str) -> tuple[list[StepRow], list[list[int]]]:
    rows, ladder = [], []
    for number in range(1, STEPS + 1):
        texts = [sent.get(f"{name}-{number}", "") for name in ("quantity", "cost", "price")]
        problem = ""
        if any(texts):
            try:
                quantity = count_of(texts[0], 1, MOST_UNITS)
                ladder.append([quantity, money_of(texts[1], currency), money_of(texts[2], currency)])
            except Refusal:
                problem = _("Give a whole number of units, and cost and price in %(currency)s like %(example)s.") % {
                    "currency": currency,
                    "example": format_minor(195, currency),
                }
        rows.append(StepRow(number, texts[0], texts[1], texts[2], problem))
    return rows, ladder


def _text(name: str, value: Any, currency: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if value is None:
        return ""
    return format_minor(value, currency) if BY_NAME[name].kind is Kind.MONEY else str(value)


def _save(
    request: HttpRequest, product: Product, form: TermsForm, current: Mapping[str, Any], mine: Whose
) -> TermsForm:
    """Set the terms; the form with what stands against it."""
    problems: dict[str, str]
    try:
        offers = set_template(
            product_id=product.pk,
            currency=mine.currency,
            values=form.values or {},
            reason=request.POST.get("reason", "").replace("\0", ""),
            drafts_too=request.POST.get("drafts") == "1",
            seen={LADDER: current[LADDER]} if request.POST.get("seen", "") == _seen(current) else {LADDER: "other"},
            by=mine.user,
        )
    except InvalidInput as refused:
        problems = by_place(refused.facts["problems"])
    except CatalogueChanged:
        problems = {"page": _("Somebody else changed these terms meanwhile. Look at them again before you save yours.")}
    else:
        told = _("Saved. It counts for windows that are made from now on.")
        also = _("%(n)s offers of windows that are not announced yet have it too.") % {"n": offers} if offers else ""
        messages.success(request, f"{told} {also}".strip())
        problems = {}
    return TermsForm(form.steps, form.texts, form.values, problems)


def _keep_picture(request: HttpRequest, product: Product, mine: Whose) -> str:
    """Keep the picture that was sent; what stands against it."""
    file = request.FILES.get("picture")
    if not isinstance(file, UploadedFile) or not file.size:
        return _("Choose a picture.")
    try:
        add_picture(product=product, content=file.read(MOST_BYTES + 1), by=mine.user)
    except InvalidInput as refused:
        return str(refused.facts["problems"][0]["problem"])
    messages.success(request, _("The picture is kept."))
    return ""


def _seen(current: Mapping[str, Any]) -> str:
    """The ladder that a form shows, to be compared when it comes back."""
    return repr(current.get(LADDER))


def _context(product: Product, current: Mapping[str, Any], form: TermsForm, mine: Whose) -> dict[str, Any]:
    values = form.values
    return {
        "product": product,
        "mine": mine,
        "form": form,
        "seen": _seen(current),
        "has_terms": current.get(LADDER) is not None,
        "warnings": []
        if values is None
        else [warning_words(each, mine.currency) for each in warnings_of(after_change(None, dict(values)))],
        "picture": picture_of(getattr(product, "picture", None)),
        "motif": product.category.motif,
        "shortage_rules": Offer.ShortageRule.choices,
        "stock_rules": OfferTemplate.StockRule.choices,
        "history": [_past(change, mine.currency) for change in history_of(product)],
    }


def _past(change: CatalogueChange, currency: str) -> dict[str, Any]:
    return {
        "change": change,
        "is_first": not change.before,
        "differences": differences(change.before, change.after, change.currency or currency) if change.before else [],
    }
