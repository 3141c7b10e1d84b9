"""What can go wrong with accounts; every message says what was asked, what was found, what to do."""

from __future__ import annotations


class AccountError(ValueError):
    """Base of everything that accounts raise on purpose."""


class AccountMissingError(AccountError):
    """There is no such account, organisation, key or request (any more)."""

    def __init__(self, sort: str, name: str) -> None:
        super().__init__(
            f"the {sort} {name[:80]!r} was asked for; there is none. List those there are"
        )
        self.sort = sort


class EmailTakenError(AccountError):
    """Another account has this address."""

    def __init__(self) -> None:
        super().__init__(
            "an account was to be added; there is one with this address already. Sign in with it, "
            "or have its password set anew"
        )


class WeakPasswordError(AccountError):
    """A password that cannot be used.

    Args:
        reason: `short`, `long`, `common` or `own_name`.
        at_least: characters it needs.
    """

    def __init__(self, reason: str, at_least: int) -> None:
        super().__init__(
            f"a password was to be set; it is refused ({reason}). Choose one of at least {at_least} "
            "characters that is not in common use and does not hold the name or address"
        )
        self.reason = reason
        self.at_least = at_least


class TooManyAttemptsError(AccountError):
    """Too many wrong passwords.

    Args:
        retry_after_s: seconds until the next may be tried.
    """

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(
            f"a sign-in was asked for; there were too many that failed. Try again in {retry_after_s} s"
        )
        self.retry_after_s = retry_after_s


class WrongPasswordError(AccountError):
    """No account has this address and this password; which of the two is wrong is not told."""

    def __init__(self) -> None:
        super().__init__(
            "a sign-in was asked for; no account has this address and this password. Check both"
        )


class LastAdminError(AccountError):
    """Nobody could keep the accounts: the last administrator would go, or there is none yet."""

    def __init__(self) -> None:
        super().__init__(
            "there would be accounts and no administrator; somebody must be able to keep them. Add "
            "an administrator first"
        )


class WrongStateError(AccountError):
    """A request to be contacted is in a state in which this cannot be done."""

    def __init__(self, state: str) -> None:
        super().__init__(
            f"a contact request was to be answered; it is {state!r} already. Read it again"
        )
        self.state = state
