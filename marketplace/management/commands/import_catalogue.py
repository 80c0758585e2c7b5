"""Read a merchant's price list from a file: first what it would change; with its fingerprint exactly that."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from marketplace.actions.catalogue.read_price_list import read_price_list
from marketplace.actions.catalogue.take_price_list import take_price_list
from marketplace.errors import CatalogueChanged, InvalidInput, MarketError
from marketplace.models import CatalogueChange, CatalogueImport, ImportMapping, Merchant, User
from marketplace.queries.catalogue import currencies_of
from marketplace.queries.terms_words import warning_words
from marketplace.rules.catalogue.columns import BY_NAME, LADDER
from marketplace.rules.catalogue.difference_json import broken_from
from marketplace.rules.catalogue.options import FORMATS, TABLE, ListOptions
from marketplace.rules.catalogue.table import MOST_BYTES
from marketplace.rules.catalogue.terms import TermsWarning
from marketplace.rules.catalogue.values import text_of
from marketplace.words import broken_words


class Command(BaseCommand):
    help = (
        "Compare a price list (CSV, XLSX, BNN 3, ODIN) with a merchant's catalogue. Nothing is changed without --take, "
        "which names the fingerprint of what was shown."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("merchant", help="short name of the merchant")
        parser.add_argument("file", type=Path, help="the price list")
        parser.add_argument("--by", required=True, help="e-mail of who reads it in: of the merchant's desk, or staff")
        parser.add_argument("--kind", default=TABLE, help=f"{', '.join(FORMATS)}, or a kind saved at the desk, by name")
        parser.add_argument("--currency", help="of the prices; else that of most of the merchant's hubs")
        parser.add_argument("--whole", action="store_true", help="what is not in it is no longer sold")
        parser.add_argument("--leave-out", action="store_true", help="leave refused rows out instead of stopping")
        parser.add_argument("--take", metavar="FINGERPRINT", help="change exactly what was shown under it")
        parser.add_argument("--no-drafts", action="store_true", help="leave windows that are not announced as they are")

    def handle(self, *_args: Any, **options: Any) -> None:
        merchant = Merchant.objects.filter(slug=options["merchant"]).first()
        by = User.objects.filter(email__iexact=options["by"]).first()
        if merchant is None or by is None:
            raise CommandError("There is no such merchant, or nobody with this address.")
        try:
            shown = self._read(merchant, by, options)
            self._tell(shown)
            if options["take"]:
                self._take(shown, options, by)
        except InvalidInput as refused:
            told = "\n".join(f"{one['place']}: {one['problem']}" for one in refused.facts["problems"])
            raise CommandError(told) from refused
        except CatalogueChanged as changed:
            raise CommandError("This is not what was shown under that fingerprint. Nothing was changed.") from changed
        except MarketError as refused:
            raise CommandError(str(refused)) from refused

    def _read(self, merchant: Merchant, by: User, options: dict[str, Any]) -> CatalogueImport:
        try:
            with options["file"].open("rb") as file:
                content = file.read(MOST_BYTES + 1)
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error.strerror}.") from error
        return read_price_list(
            merchant_id=merchant.pk,
            content=content,
            file_name=options["file"].name,
            options=self._options(merchant, options),
            via=CatalogueChange.Via.COMMAND,
            by=by,
        )

    def _options(self, merchant: Merchant, options: dict[str, Any]) -> ListOptions:
        kept: dict[str, Any] = {"format": options["kind"]}
        if options["kind"] not in FORMATS:
            saved = ImportMapping.objects.filter(merchant=merchant, name=options["kind"]).first()
            if saved is None:
                raise CommandError(f"There is no kind of list “{options['kind']}”.")
            names = ("format", "columns", "values", "defaults", "markup_basis_points")
            kept = {name: getattr(saved, name) for name in names}
        currency = options["currency"] or next(iter(currencies_of(merchant.pk)), "")
        return ListOptions(currency=currency, whole=options["whole"], leave_out=options["leave_out"], **kept)

    def _tell(self, shown: CatalogueImport) -> None:
        told, currency = shown.difference, shown.options["currency"]
        for row in told["changed"]:
            self.stdout.write(f"~ {row['sku']} {row['name']}")
            for name, value in row["after"].items():
                old, new = (_text(name, each, currency) for each in (row["before"][name], value))
                self.stdout.write(f"    {name}: {old} -> {new}")
        for row in told["new"]:
            self.stdout.write(f"+ {row['sku']} {row['values']['name']}")
        for row in told["gone"]:
            self.stdout.write(f"- {row['sku']} {row['name']}")
        for row in told["refused"]:
            column = told["theirs"].get(row["column"], row["column"]) or "row"
            self.stdout.write(f"! row {row['row']}, {column}: {row['given']!r} {broken_words(broken_from(row))}")
        for row in told["warned"]:
            warning = TermsWarning(row["step"], row["problem"], row["quantity"], row["earns"], row["earned_before"])
            self.stdout.write(f"? {row['sku']}: {warning_words(warning, currency)}")
        for note in told["notes"]:
            self.stdout.write(broken_words(broken_from(note)))
        counts = ", ".join(f"{len(told[kind])} {kind}" for kind in ("new", "changed", "gone", "refused"))
        self.stdout.write(f"{counts}, {told['unchanged']} unchanged\nfingerprint {shown.fingerprint}")

    def _take(self, shown: CatalogueImport, options: dict[str, Any], by: User) -> None:
        taken = take_price_list(
            import_id=shown.pk, fingerprint=options["take"], drafts_too=not options["no_drafts"], by=by
        )
        self.stdout.write(
            f"Taken: {taken.new} new, {taken.changed} changed, {taken.gone} gone; {taken.offers} offers of drafts."
        )


def _text(name: str, value: Any, currency: str) -> str:
    """A value as files write it; a dash for nothing."""
    return (text_of(name, value, currency) if name in BY_NAME or name == LADDER else str(value)) or "-"
