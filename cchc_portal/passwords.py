"""How passwords are kept: docs/adr/0029-signing-in.md."""

from threading import Lock

from django.contrib.auth.hashers import Argon2PasswordHasher

_ONE_AT_A_TIME = Lock()


class Argon2(Argon2PasswordHasher):
    """Argon2id at Django's price, twice through 100 MiB, in one thread and for one person at a time
    in each process. All threads of all processes at once would take what a server has; and Django's
    eight threads for each would push aside whoever is typing."""

    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _ONE_AT_A_TIME:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _ONE_AT_A_TIME:
            return super().verify(password, encoded)
