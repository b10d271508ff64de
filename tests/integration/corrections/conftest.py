"""A folder for this test's public files, and a mail host that keeps what it is given."""

from tests.integration.alerts.conftest import mailbox
from tests.published import folder

__all__ = ["folder", "mailbox"]
