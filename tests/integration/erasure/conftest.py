"""A mail host that keeps what it is given."""

from tests.integration.alerts.conftest import mailbox

__all__ = ["mailbox"]
