"""What a person is asked to agree to, in words. The words that were shown are kept with the answer."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.rules.consents import ConsentKind

# What each switch says.
WORDING: Mapping[ConsentKind, Promise] = {
    ConsentKind.SUGGESTIONS: _("Suggest goods to me from what my household reserved before. Nobody else sees it."),
    ConsentKind.RESEARCH: _(
        "Use what my household reserved, without names, to find out what works better for everybody."
    ),
}
TITLES: Mapping[str, Promise] = {
    ConsentKind.TERMS.value: _("Terms of use"),
    ConsentKind.SUGGESTIONS.value: _("Personal suggestions"),
    ConsentKind.RESEARCH.value: _("Research"),
}
