"""Starting an account: name and address, a code by mail, a household of one."""

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from marketplace.models import ConsentEntry, Household, User
from tests.factories import make_user
from tests.marketplace.accounts.ground import is_signed_in, newest_code, sign_up

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


def test_name_and_address_and_the_code_of_the_mail_open_an_account_with_a_household_of_one(client: Client) -> None:
    assert sign_up(client, "Ana Lemos", "Ana@Example.org")["Location"] == "/login/address/"
    assert not is_signed_in(client)
    answer = client.post("/login/address/", {"code": newest_code()})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_signed_in(client)
    user = User.objects.get()
    assert (user.email, user.name, user.has_usable_password()) == ("ana@example.org", "Ana Lemos", False)
    assert list(Household.objects.get().members.all()) == [user]


def test_the_words_that_one_agrees_to_are_shown_and_noted(client: Client) -> None:
    words = "what you have reserved when a window closes is ordered for you"
    assert words in client.get("/signup/").content.decode()
    sign_up(client)
    noted = ConsentEntry.objects.get()
    assert (noted.kind, noted.given, noted.user) == ("terms", True, User.objects.get())
    assert words in noted.wording


def test_a_join_link_is_kept_through_the_whole_way(client: Client) -> None:
    assert 'name="next" value="/join/abc/"' in client.get("/signup/?next=/join/abc/").content.decode()
    sign_up(client, next="/join/abc/")
    assert client.post("/login/address/", {"code": newest_code()})["Location"] == "/join/abc/"


def test_whoever_asks_for_a_code_without_an_account_is_told_by_mail_alone_and_keeps_the_link(client: Client) -> None:
    answer = client.post("/login/", {"login": "new@example.org", "next": "/join/abc/"})
    assert answer["Location"] == "/login/code/?next=%2Fjoin%2Fabc%2F"
    assert client.get(answer["Location"]).status_code == 200
    assert "/signup/?next=/join/abc/" in mail.outbox[0].body
    # The link leads to the first page, not back to the code that never comes.
    assert client.get("/signup/?next=/join/abc/").status_code == 200


def test_an_address_that_has_an_account_gets_the_same_page_and_another_mail() -> None:
    known = make_user("Bo").email
    first, second = Client(), Client()
    assert sign_up(first, "Bo", known)["Location"] == sign_up(second, "New", "new@example.org")["Location"]
    assert "already" in mail.outbox[0].subject
    assert User.objects.filter(email=known).count() == 1
    assert Household.objects.count() == 1  # the new person's
    pages = [one.get("/login/address/").content.decode() for one in (first, second)]
    assert "No mail?" in pages[0]
    assert "No mail?" in pages[1]


def test_a_code_may_be_pasted_with_spaces_and_in_small_letters(client: Client) -> None:
    sign_up(client)
    code = newest_code().lower()
    assert client.post("/login/address/", {"code": f" {code[:3]} {code[3:]} "}).status_code == 302
    assert is_signed_in(client)


def test_three_wrong_codes_end_the_try(client: Client) -> None:
    sign_up(client)
    right = newest_code()
    for _ in range(3):
        client.post("/login/address/", {"code": "BBBBBB"})
    client.post("/login/address/", {"code": right})
    assert not is_signed_in(client)


def test_what_was_typed_comes_back_with_the_mistake_beside_its_field(client: Client) -> None:
    text = sign_up(client, "Ana", "no address").content.decode()
    assert 'value="Ana"' in text
    assert "Enter a valid email address." in text
    assert not User.objects.exists()
    assert not mail.outbox
