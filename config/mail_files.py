"""Outgoing mail of the embedded form: one readable file per mail."""

import os
from datetime import UTC, datetime
from itertools import count

from django.core.mail.backends.filebased import EmailBackend

_serial = count(1)


class OneFileEach(EmailBackend):
    """Django's names a file by second and object address, so two mails of one second may share it."""

    def _get_filename(self) -> str:
        if self._fname is None:  # type: ignore[has-type]
            name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.getpid()}-{next(_serial):05d}.eml"
            self._fname = os.path.join(self.file_path, name)
        return self._fname
