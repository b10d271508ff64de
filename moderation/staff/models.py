"""Accounts of the staff site. What an account may do is its `review.Member`, which it cannot edit."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, *, email: str, password: str | None = None, name: str = "") -> "Account":
        account = self.model(email=self.normalize_email(email).lower(), name=name)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=40)  # how colleagues see this person
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    shortcuts = models.BooleanField(default=True, db_default=True)  # single keys act on the desk's pages

    objects = AccountManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.name or self.email


class EnrolmentLink(models.Model):
    """A one-time link with which a new member sets password, second factor and approval passphrase."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="enrolment_links")
    token_hash = models.BinaryField(max_length=32, unique=True)  # SHA-256 of 32 random bytes
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
