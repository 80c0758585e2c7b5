"""A sender as a process that kills itself at a point: python -m tests.marketplace.messages.sending_process <point>.

`seed` tells three people and sends nothing; `begin` dies with everything claimed and nothing sent; `mark` dies after
the gateway's first "yes", before it is marked; `live` sends what there is. Mails are files of the data folder.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.apps import apps  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from marketplace.actions.notices.send_due_notices import send_due_notices  # noqa: E402
from marketplace.actions.notices.tell import tell  # noqa: E402
from marketplace.models import NoticePreference  # noqa: E402
from marketplace.notice_words import notice_text  # noqa: E402
from marketplace.rules.notices import NoticeKind  # noqa: E402
from tests.factories import make_user  # noqa: E402

# A piece of the statement before which it dies.
POINTS = {"begin": '"attempts" = (', "mark": '"sent_at" = '}


def seed() -> None:
    # The tables as the models have them: what the migrations do is not what is tested here.
    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    call_command("migrate", run_syncdb=True, verbosity=0)
    people = [make_user(name) for name in ("Ana", "Bela", "Caio")]
    for user in people:
        NoticePreference.objects.create(user=user, kind="closed", channel="push", wanted=False)
    with transaction.atomic():
        tell(kind=NoticeKind.CLOSED, user_ids=[user.pk for user in people], key="window:1", facts={"round": "R"})
        connection.run_on_commit.clear()  # no broker here


def die_at(point: str) -> Callable[..., Any]:
    def execute(run: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("UPDATE") and POINTS[point] in sql:
            os.kill(os.getpid(), signal.SIGKILL)
        return run(sql, params, many, context)

    return execute


def main(point: str) -> None:
    if point == "seed":
        seed()
    elif point == "live":
        send_due_notices(words=notice_text)
    else:
        with connection.execute_wrapper(die_at(point)):
            send_due_notices(words=notice_text)


if __name__ == "__main__":
    main(sys.argv[1])
