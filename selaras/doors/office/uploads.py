"""Takes an uploaded file over without ever giving it a name on disk: what a killed process leaves is gone with it."""

import errno
import tempfile
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from selaras.people.actions.scans import MOST

FORM = 1024 * 1024  # what the other fields of a form may take beside the file
OWN_KEY, OWN = "worker", MOST + FORM  # who is signed in to a page of her own sends a photograph or a voice note, no more


class Upload(UploadedFile):
    """An uploaded file in a nameless spool, and the code of the fault that cut it off (then it is empty)."""

    fault = ""


class NamelessUploads(FileUploadHandler):
    """Spools an upload into a nameless file in the work area; too large a one and a full disk become a code, not a crash."""

    chunk_size = 1024 * 1024

    def handle_raw_input(
        self, input_data: Any, META: dict[str, str], content_length: int, boundary: bytes, encoding: str | None = None
    ) -> None:
        """Note early when more is announced than may come; the rest of the body is then read and dropped.

        Nothing may come from somebody who has not signed in: the check against forged forms reads a body before any page
        asks who sent it, so a stranger could fill the disk from the sign-in page.
        """
        user = getattr(self.request, "user", None)
        officer = user is not None and user.is_authenticated
        session: Any = getattr(self.request, "session", None)
        own = OWN if session is not None and session.get(OWN_KEY) else 0
        most = settings.SELARAS_UPLOAD_LIMIT + FORM if officer else own
        self.fault = "file.too_large" if content_length > most else ""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        root = Path(settings.SELARAS_WORK)
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.spool: IO[bytes] = tempfile.TemporaryFile(dir=root)  # noqa: SIM115 closed with the request

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a piece, unless a fault has cut the file off."""
        if self.fault:
            return
        try:
            self.spool.write(raw_data)
            if start + len(raw_data) > settings.SELARAS_UPLOAD_LIMIT:
                self._cut_off("file.too_large")
        except OSError as fault:
            if fault.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise
            self._cut_off("disk.full")

    def file_complete(self, file_size: int) -> Upload:
        """Hand the file over."""
        try:
            self.spool.seek(0)
        except OSError:  # what was still buffered did not fit either
            self._cut_off("disk.full")
        upload = Upload(
            self.spool, self.file_name, self.content_type, 0 if self.fault else file_size, self.charset, self.content_type_extra
        )
        upload.fault = self.fault
        return upload

    def _cut_off(self, code: str) -> None:
        self.fault = code
        self.spool = tempfile.TemporaryFile(dir=settings.SELARAS_WORK)  # noqa: SIM115 the old one frees its room
