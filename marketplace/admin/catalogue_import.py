"""Price lists on the merchant desk: send one, say what its columns are, see what it changes, take all or nothing."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.actions.catalogue.drop_price_list import drop_price_list
from marketplace.actions.catalogue.read_price_list import columns_asked, read_price_list, reread_price_list
from marketplace.actions.catalogue.save_mapping import save_mapping
from marketplace.actions.catalogue.take_price_list import take_price_list
from marketplace.admin.catalogue_desk import Page, Whose, address, answer, by_place, found_or_404, typed, whose
from marketplace.admin.catalogue_difference import difference_context
from marketplace.admin.catalogue_words import LABELS, STORAGE, label_of
from marketplace.errors import CatalogueChanged, IllegalMove, InvalidInput
from marketplace.models import CatalogueImport, Category, ImportMapping, TaxClass
from marketplace.queries.catalogue import price_list_for
from marketplace.queries.catalogue_list import past_lists
from marketplace.rules.catalogue.columns import KEY, LADDER_COLUMNS
from marketplace.rules.catalogue.options import BNN3, FORMATS, ODIN, TABLE, ListOptions, options_from
from marketplace.rules.catalogue.reading import MAPPABLE, guessed
from marketplace.rules.catalogue.table import MOST_BYTES, Unreadable

if TYPE_CHECKING:
    from marketplace.admin.scoping import ScopedAdmin

_PERCENT = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,2}))?\s*%?")
# What new products are where a list says nothing.
_DEFAULTS = ("category", "tax", "storage", "shelf_life_days")
_MOST_TEXTS = 12


def import_page(admin: "ScopedAdmin") -> Page:
    """Where a list is sent."""

    def send(request: HttpRequest) -> HttpResponse:
        mine = whose(request)
        sent = typed(request)
        problems: dict[str, str] = {}
        if request.method == "POST":
            read = _read(request, mine, sent, problems)
            if read is not None:
                return HttpResponseRedirect(address(admin, _next_page(read), read.pk))
        context = {
            "mine": mine,
            "sent": sent,
            "problems": problems,
            "mappings": ImportMapping.objects.filter(merchant=mine.merchant).order_by("name"),
            "lists": past_lists(mine.merchant.pk),
            "most_mb": MOST_BYTES // 1_000_000,
            **_default_choices(),
        }
        return answer(admin, request, "import", context, 422 if problems else 200)

    return send


def _next_page(read: CatalogueImport) -> str:
    """Where a list leads that was read in: to its columns or codes where nobody has said what they mean."""
    if not read.fingerprint:
        return "product_import_columns"
    coded = read.options["format"] in (BNN3, ODIN) and not read.options["values"]
    return "product_import_codes" if coded else "product_import_difference"


def _read(
    request: HttpRequest, mine: Whose, sent: Mapping[str, str], problems: dict[str, str]
) -> CatalogueImport | None:
    """Read the file that was sent; None with what stands against it."""
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile) or not file.size:
        problems["file"] = _("Choose a file.")
    elif file.size > MOST_BYTES:
        problems["file"] = _("The file is larger than %(most)s MB. Send it in parts.") % {
            "most": MOST_BYTES // 1_000_000
        }
    options = _options(mine, sent, problems)
    if problems or options is None or not isinstance(file, UploadedFile):
        return None
    try:
        return read_price_list(
            merchant_id=mine.merchant.pk,
            content=file.read(MOST_BYTES + 1),
            file_name=file.name or "",
            options=options,
            may_ask=True,
            by=mine.user,
        )
    except InvalidInput as refused:
        problems.update(_file_problems(refused))
        return None


def _file_problems(refused: InvalidInput) -> dict[str, str]:
    """What is wrong with the file as a whole, beside it."""
    told = [
        {
            "place": "file",
            "problem": f"{problem['place']}: {problem['problem']}"
            if problem["place"] != "file"
            else problem["problem"],
        }
        for problem in refused.facts["problems"]
    ]
    return by_place(told)


def _options(mine: Whose, sent: Mapping[str, str], problems: dict[str, str]) -> ListOptions | None:
    """How the file is read: a kind that was saved, or what was chosen."""
    kind = sent.get("kind", TABLE)
    whole = sent.get("whole") == "1"
    if kind.startswith("saved-"):
        number = kind.removeprefix("saved-")
        saved = ImportMapping.objects.filter(merchant=mine.merchant, pk=number if number.isdecimal() else 0).first()
        if saved is None:
            problems["kind"] = _("Choose one of the kinds.")
            return None
        return ListOptions(
            format=saved.format,
            currency=mine.currency,
            columns=saved.columns,
            values=saved.values,
            defaults=saved.defaults,
            markup_basis_points=saved.markup_basis_points,
            whole=whole,
        )
    if kind not in FORMATS:
        problems["kind"] = _("Choose one of the kinds.")
    return ListOptions(
        format=kind,
        currency=mine.currency,
        defaults={name: sent[name] for name in _DEFAULTS if sent.get(name)},
        markup_basis_points=_markup(sent, problems),
        whole=whole,
    )


def _markup(sent: Mapping[str, str], problems: dict[str, str]) -> int | None:
    text = sent.get("markup", "")
    if not text:
        return None
    found = _PERCENT.fullmatch(text)
    if found is None:
        problems["markup"] = _("A percentage like 25 or 12.5.")
        return None
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


def _default_choices() -> dict[str, Any]:
    return {
        "categories": Category.objects.all(),
        "taxes": TaxClass.objects.order_by("name"),
        "storages": STORAGE.items(),
    }


def difference_page(admin: "ScopedAdmin") -> Page:
    """What a list would change; the buttons take it, leave its refused rows out, or put it away."""

    def look(request: HttpRequest, import_id: int) -> HttpResponse:
        mine = whose(request)
        shown = found_or_404(price_list_for, mine.user, import_id)
        here = HttpResponseRedirect(address(admin, "product_import_difference", import_id))
        if request.method == "POST":
            done = _press(admin, request, shown, mine)
            return here if done is None else done
        if shown.state == CatalogueImport.State.SHOWN and not shown.fingerprint:
            return HttpResponseRedirect(address(admin, "product_import_columns", import_id))
        return answer(admin, request, "difference", difference_context(request, shown))

    return look


def _press(admin: "ScopedAdmin", request: HttpRequest, shown: CatalogueImport, mine: Whose) -> HttpResponse | None:
    """Carry a button out; None shows the list again."""
    do = request.POST.get("do", "")
    try:
        if do == "drop":
            drop_price_list(import_id=shown.pk, by=mine.user)
            messages.success(request, _("The list is put away; the catalogue is as it was."))
            return HttpResponseRedirect(address(admin, "product_import"))
        if do in ("leave_out", "whole"):
            options = {**shown.options, do: request.POST.get("on") == "1"}
            reread_price_list(import_id=shown.pk, options=options_from(options), by=mine.user)
            return None
        taken = take_price_list(
            import_id=shown.pk,
            fingerprint=request.POST.get("fingerprint", ""),
            drafts_too=request.POST.get("drafts") == "1",
            by=mine.user,
        )
    except CatalogueChanged:
        messages.error(
            request, _("The catalogue changed meanwhile, so nothing was taken. This is what would change now.")
        )
        return None
    except InvalidInput as refused:
        many = len(refused.facts["problems"])
        told = ngettext("Nothing was taken: %(n)d row is refused.", "Nothing was taken: %(n)d rows are refused.", many)
        messages.error(request, told % {"n": many})
        return None
    except IllegalMove:
        messages.error(request, _("This list was taken or put away before."))
        return None
    changed = taken.new + taken.changed + taken.gone
    messages.success(
        request, ngettext("%(n)d product is changed.", "%(n)d products are changed.", changed) % {"n": changed}
    )
    return None


def columns_page(admin: "ScopedAdmin") -> Page:
    """Which column of the list is which of ours; kept under a name for the next one."""

    def columns(request: HttpRequest, import_id: int) -> HttpResponse:
        mine = whose(request)
        shown = found_or_404(price_list_for, mine.user, import_id)
        if shown.state != CatalogueImport.State.SHOWN or shown.options.get("format") != TABLE:
            raise Http404
        options = options_from(shown.options)
        try:
            asked = columns_asked(bytes(shown.content), options)
        except Unreadable:
            raise Http404 from None
        sent = typed(request)
        problems: dict[str, str] = {}
        if request.method == "POST":
            problems = _map(shown, options, asked, sent, mine)
            if not problems:
                return HttpResponseRedirect(address(admin, "product_import_difference", import_id))
        context = _columns_context(shown, options, asked, sent, problems, mine)
        return answer(admin, request, "columns", context, 422 if problems else 200)

    return columns


def _map(
    shown: CatalogueImport, options: ListOptions, asked: Mapping[str, Any], sent: Mapping[str, str], mine: Whose
) -> dict[str, str]:
    """Read the list by what was chosen; what stands against it, by field."""
    names = asked["columns"]
    chosen: dict[str, str] = {}
    for at, name in enumerate(names):
        ours = sent.get(f"column-{at}", "")
        if ours in MAPPABLE and ours not in chosen:
            chosen[ours] = name
        elif ours in MAPPABLE:
            return {f"column-{at}": _("Two columns cannot both be this.")}
    if KEY not in chosen:
        return {"page": _("Say which column holds the article number.")}
    problems: dict[str, str] = {}
    new = ListOptions(
        format=TABLE,
        currency=options.currency,
        columns=chosen,
        values=options.values,
        defaults={name: sent[name] for name in _DEFAULTS if sent.get(name)},
        markup_basis_points=_markup(sent, problems),
        whole=options.whole,
        leave_out=options.leave_out,
    )
    if problems:
        return problems
    try:
        reread_price_list(import_id=shown.pk, options=new, by=mine.user)
        if sent.get("name"):
            save_mapping(merchant_id=shown.merchant_id, name=sent["name"], options=new, by=mine.user)
    except InvalidInput as refused:
        return by_place(refused.facts["problems"])
    except IllegalMove:
        return {"page": _("This list was taken or put away before.")}
    return {}


def _columns_context(
    shown: CatalogueImport,
    options: ListOptions,
    asked: Mapping[str, Any],
    sent: Mapping[str, str],
    problems: Mapping[str, str],
    mine: Whose,
) -> dict[str, Any]:
    known = {theirs: ours for ours, theirs in (dict(options.columns) or guessed(tuple(asked["columns"]))).items()}
    rows = [
        {
            "field": f"column-{at}",
            "name": name,
            "samples": [text for text in asked["samples"][name] if text],
            "chosen": sent.get(f"column-{at}", known.get(name, "")),
            "problem": problems.get(f"column-{at}", ""),
        }
        for at, name in enumerate(asked["columns"])
    ]
    return {
        "shown": shown,
        "mine": mine,
        "rows": rows,
        "sent": {**{name: options.defaults.get(name, "") for name in _DEFAULTS}, **sent},
        "problems": problems,
        "ours": [(name, label_of(name)) for name in MAPPABLE if name in LABELS and name not in LADDER_COLUMNS[3:]]
        + [(name, label_of(name)) for name in LADDER_COLUMNS[3:]],
        **_default_choices(),
    }
