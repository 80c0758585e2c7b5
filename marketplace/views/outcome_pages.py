"""My reservation: what is reserved while a round is open, and what became of each line after the close."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse


@login_required
def reservation(request: HttpRequest, round_id: int) -> HttpResponse:
    return HttpResponse("")
