"""My data: everything is exported or excluded for a reason; erasing removes the person and keeps the books."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.db.models import Sum
from django.test import Client

from marketplace import clock
from marketplace.actions.close_window import close_window
from marketplace.actions.households.invite_to_household import invite_to_household
from marketplace.actions.privacy.answer_consent import answer_consent
from marketplace.actions.privacy.erase_person import erase_person
from marketplace.actions.register import register
from marketplace.actions.start_group import start_group
from marketplace.errors import StillOpen
from marketplace.models import (
    Allocation,
    ConsentEntry,
    GroupMember,
    Household,
    HouseholdMember,
    Notice,
    OfferOutcome,
    PurchaseOrderLine,
    Reservation,
    ReservationLine,
    ReservationVersion,
    User,
)
from marketplace.queries.consents import given_kinds, is_given
from marketplace.queries.erasing import obstacles
from marketplace.queries.own_data import sections_of, subject_of
from marketplace.queries.own_data_sections import EXCLUDED, SECTIONS
from marketplace.rules.consents import ConsentKind
from tests.factories import NOON, make_household, make_hub, make_hub_staff, make_user
from tests.marketplace.reserving_ground import Shop, want

pytestmark = pytest.mark.django_db
AFTER = NOON + timedelta(days=30)


def columns_that_name_somebody() -> set[tuple[str, str]]:
    return {
        (model._meta.label, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model in (User, Household)
    }


def test_every_column_that_names_a_person_or_household_is_exported_or_excluded_for_a_reason() -> None:
    told = {(section.model, section.path) for section in SECTIONS}
    silent = columns_that_name_somebody() - told - set(EXCLUDED)
    assert silent == set(), "add a Section or an exclusion with its reason in queries/own_data_sections.py"


def test_no_exclusion_is_left_over_and_each_has_a_reason() -> None:
    assert set(EXCLUDED) <= columns_that_name_somebody()
    assert all(EXCLUDED.values())
    assert not set(EXCLUDED) & {(section.model, section.path) for section in SECTIONS}


def test_every_section_reads_real_columns_and_has_a_name_of_its_own() -> None:
    subject = subject_of(make_household("Ana").members.get())
    names = [section.name for section, rows in sections_of(subject) if list(rows) is not None]
    assert len(set(names)) == len(names) == len(SECTIONS)


def ordered(name: str = "Ana") -> Shop:
    """A reservation whose window has closed and whose handover is over."""
    shop = Shop(make_household(name))
    offer = shop.offer()
    shop.reserve(want(offer, 4))
    with clock.frozen(shop.window.closes_at + timedelta(seconds=1)):
        close_window(window_id=shop.window.pk)
    return shop


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def exported(client: Client) -> dict[str, Any]:
    answer: Any = client.get("/me/data/export.json")
    assert answer.status_code == 200
    found: dict[str, Any] = json.loads(b"".join(answer.streaming_content))
    return found


def test_the_export_holds_ones_own_reservations_with_versions_and_outcomes() -> None:
    shop = ordered()
    found = exported(signed_in(shop.ana))
    assert found["person"][0]["name"] == "Ana"
    assert [line["firm"] for line in found["reserved_lines"]] == [4]
    assert [version["number"] for version in found["versions"]] == [1]
    assert [outcome["unit_price_minor"] for outcome in found["outcomes"]] == [240]
    assert found["households_of_mine"][0]["household__name"] == "Ana"


def test_the_export_holds_nothing_of_others_and_no_secret() -> None:
    shop, other = ordered(), ordered("Zoe")
    partner = make_user("Bo")
    HouseholdMember.objects.create(household=shop.household, user=partner)
    invite_to_household(email="friend@example.org", by=shop.ana)
    text = json.dumps(exported(signed_in(shop.ana)))
    assert "Bo" in text  # who belongs to the household, by name
    for secret in (partner.email, other.ana.email, '"Zoe"', shop.ana.password, "token_hash"):
        assert secret not in text


def test_the_tables_say_the_same_and_carry_no_formula() -> None:
    shop = ordered()
    Household.objects.filter(pk=shop.household.pk).update(name="=HYPERLINK(1)")
    answer: Any = signed_in(shop.ana).get("/me/data/export.zip")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert {name.removesuffix(".csv") for name in archive.namelist()} == {section.name for section in SECTIONS}
    rows = list(csv.DictReader(io.StringIO(archive.read("household.csv").decode())))
    assert rows[0]["name"] == "'=HYPERLINK(1)"


@pytest.mark.slow
@pytest.mark.parametrize("many", [1, 20])
def test_an_export_costs_the_same_for_one_and_for_twenty(many: int, django_assert_num_queries: Any) -> None:
    shop = ordered()
    for n in range(many):
        Notice.objects.create(user=shop.ana, kind="opens", key=f"{n}", created_at=NOON)
    subject = subject_of(shop.ana)
    with django_assert_num_queries(len(SECTIONS)):
        found = {section.name: len(list(rows)) for section, rows in sections_of(subject)}
    assert found["notices"] == many


def books() -> list[Any]:
    """Every figure that money and goods hang on."""
    return [
        list(ReservationLine.objects.order_by("pk").values_list("pk", "firm", "flexible")),
        list(ReservationVersion.objects.order_by("pk").values_list("pk", "lines", "by_id", "household_id")),
        list(Reservation.objects.order_by("pk").values_list("pk", "household_id", "state", "version")),
        list(OfferOutcome.objects.order_by("pk").values()),
        Allocation.objects.aggregate(all=Sum("charged_minor")),
        PurchaseOrderLine.objects.aggregate(all=Sum("ordered")),
    ]


def erase(person: User, at: Any = AFTER) -> User:
    with clock.frozen(at):
        return erase_person(by=person)


def test_erasing_keeps_the_books_and_removes_the_person() -> None:
    shop = ordered()
    Household.objects.filter(pk=shop.household.pk).update(
        address="Rua do Sol 3", latitude=38.7, longitude=-9.1, avoids=["nuts"], delivery_notes="Ring"
    )
    Notice.objects.create(user=shop.ana, kind="closed", key="1", facts={"place": "Rua"}, created_at=NOON)
    before = books()
    person = erase(shop.ana)
    assert books() == before
    assert (person.email, person.name) == (f"erased-{person.pk}@erased.invalid", "Erased")
    assert (person.is_active, person.has_usable_password(), person.erased_at) == (False, False, AFTER)
    shop.household.refresh_from_db()
    kept = shop.household
    assert (kept.name, kept.address, kept.latitude, kept.avoids, kept.delivery_notes) == ("Erased", "", None, [], "")
    assert kept.erased_at == AFTER
    assert Notice.objects.get().facts == {}
    assert not HouseholdMember.objects.exists()


def test_an_erased_person_cannot_sign_in_and_its_sessions_are_over() -> None:
    person = register(email="ana@example.org", name="Ana", password="a long pass phrase")
    client = signed_in(person)
    assert client.get("/me/data/").status_code == 200
    erase(person)
    assert client.get("/me/data/").status_code == 302
    assert authenticate(username="ana@example.org", password="a long pass phrase") is None


def test_the_address_may_register_anew_afterwards() -> None:
    erase(register(email="ana@example.org", name="Ana", password=None))
    assert register(email="ana@example.org", name="Ana", password=None).pk


def test_a_household_stays_as_it_is_for_the_others() -> None:
    shop = ordered()
    HouseholdMember.objects.create(household=shop.household, user=make_user("Bo"))
    Household.objects.filter(pk=shop.household.pk).update(address="Rua do Sol 3")
    erase(shop.ana)
    shop.household.refresh_from_db()
    assert (shop.household.name, shop.household.address, shop.household.erased_at) == ("Ana", "Rua do Sol 3", None)
    assert list(shop.household.members.values_list("name", flat=True)) == ["Bo"]


def test_erasing_is_refused_while_a_reservation_runs_and_changes_nothing() -> None:
    shop = Shop()
    shop.reserve(want(shop.offer(), 1))
    with pytest.raises(StillOpen) as refused:
        erase(shop.ana, NOON)
    assert "Thursday's round" in refused.value.facts["reasons"][0]
    assert User.objects.get(pk=shop.ana.pk).name == "Ana"
    shop.cancel()
    assert erase(shop.ana, NOON).name == "Erased"


def test_a_host_of_others_and_somebody_at_a_desk_hand_over_first() -> None:
    household = make_household("Ana")
    host = household.members.get()
    group = start_group(hub=make_hub(), name="Street", pickup_point=None, by=host)
    with clock.frozen(NOON):
        assert obstacles(host) == []
    GroupMember.objects.create(group=group, household=make_household("Bo"))
    with clock.frozen(NOON):
        assert ["Street" in o.text for o in obstacles(host)] == [True]
    staff = make_hub_staff(make_hub())
    with pytest.raises(StillOpen):
        erase(staff)


def test_consent_is_off_until_given_and_each_answer_is_logged_with_its_words() -> None:
    ana = make_user("Ana")
    kind = ConsentKind.SUGGESTIONS
    assert not is_given(ana.pk, kind)
    assert answer_consent(kind=kind, given=False, wording="May we?", how="my data", by=ana) is None
    answer_consent(kind=kind, given=True, wording="May we?", how="my data", by=ana)
    assert answer_consent(kind=kind, given=True, wording="May we?", how="my data", by=ana) is None
    assert given_kinds(ana.pk) == {kind}
    answer_consent(kind=kind, given=False, wording="May we?", how="my data", by=ana)
    assert not is_given(ana.pk, kind)
    assert list(ConsentEntry.objects.order_by("pk").values_list("given", "wording")) == [
        (True, "May we?"),
        (False, "May we?"),
    ]


def test_registering_logs_the_terms_as_they_were_shown() -> None:
    ana = register(email="ana@example.org", name="Ana", password=None, terms="I agree to the terms of 2026.")
    entry = ConsentEntry.objects.get(user=ana)
    assert (entry.kind, entry.given, entry.wording, entry.how) == (
        "terms", True, "I agree to the terms of 2026.", "registration",
    )  # fmt: skip


def test_erasing_on_the_page_needs_the_word_and_a_fresh_sign_in() -> None:
    person = make_household("Ana").members.get()
    client = signed_in(person)
    assert client.post("/me/data/erase/", {"word": "yes"}).status_code == 422
    User.objects.filter(pk=person.pk).update(last_login=NOON - timedelta(days=1))
    page = client.post("/me/data/erase/", {"word": "ERASE"})
    assert page.status_code == 422
    assert "Sign in again" in page.content.decode()
    assert User.objects.get(pk=person.pk).erased_at is None
    client = signed_in(person)
    assert "Your account is erased" in client.post("/me/data/erase/", {"word": "erase"}).content.decode()
    assert User.objects.get(pk=person.pk).erased_at is not None


def test_a_switch_on_the_page_is_logged_with_the_words_beside_it() -> None:
    person = make_household("Ana").members.get()
    client = signed_in(person)
    client.post("/me/data/consent/", {"kind": "suggestions", "given": "yes"})
    assert ConsentEntry.objects.get().wording in client.get("/me/data/").content.decode()
    assert client.post("/me/data/consent/", {"kind": "terms", "given": "no"}).status_code == 404
