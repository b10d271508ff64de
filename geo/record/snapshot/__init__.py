"""The public files: what readers see, built once per change and served without a database (SAFEGUARDS F1)."""

from geo.record.snapshot.pages import Page, register

__all__ = ["Page", "register"]
