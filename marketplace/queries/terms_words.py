"""Warnings about a ladder as sentences, for forms, price lists and the API alike."""

from django.utils.translation import gettext as _

from marketplace.rules.catalogue.terms import TermsWarning, terms_warnings
from marketplace.rules.clearing.ladder import LadderProblem
from marketplace.rules.offer_changes import Terms
from marketplace.words import money


def warning_words(warning: TermsWarning, currency: str) -> str:
    """What a step will not do, with its figures."""
    if warning.problem == LadderProblem.NO_CASE_MEETS_STEP:
        return _(
            "Step %(step)s is never used: the first quantity that can be ordered from it on is %(units)s, which is "
            "already the next step's or above the stock."
        ) % {"step": warning.step, "units": warning.quantity}
    return _(
        "From step %(step)s on the merchant earns less: %(units)s units bring %(earns)s, the last quantity before it "
        "brings %(before)s."
    ) % {
        "step": warning.step,
        "units": warning.quantity,
        "earns": money(warning.earns or 0, currency),
        "before": money(warning.earned_before or 0, currency),
    }


def warnings_about(terms: Terms, currency: str) -> list[str]:
    """Every warning about an offer's terms."""
    return [warning_words(each, currency) for each in terms_warnings(terms.cleared())]
