"""How often one address, or one person, may do a thing: counted for all processes together."""

from dataclasses import dataclass
from time import time

from django.db import connections, router

from reporting.models import Tally

# Counting begins anew with the first that comes after the end of the last.
_COUNT = """
INSERT INTO reporting_tally (key, times, until) VALUES (%(key)s, 1, %(until)s)
ON CONFLICT (key) DO UPDATE SET
    times = CASE WHEN reporting_tally.until > %(now)s THEN reporting_tally.times + 1 ELSE 1 END,
    until = CASE WHEN reporting_tally.until > %(now)s THEN reporting_tally.until
                 ELSE excluded.until END
RETURNING times, until
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many times within so many seconds, counted from the first."""

    name: str
    most: int
    seconds: int

    @property
    def minutes(self) -> int:
        return self.seconds // 60

    def wait(self, who: str) -> int:
        """Return for how many seconds ``who`` has to wait; 0 while the limit is not reached."""
        now = int(time())
        found = Tally.objects.using(router.db_for_write(Tally)).filter(
            key=self._key(who), times__gte=self.most, until__gt=now
        )
        return sum(one.until - now for one in found)

    def count(self, who: str) -> int:
        """Count one time more; return for how many seconds ``who`` has to wait before it, 0 where
        it is still within the limit.

        Not for the inside of a transaction: one that is rolled back would forget the count, and
        others who ask would wait for one that is long.
        """
        now = int(time())
        with connections[router.db_for_write(Tally)].cursor() as cursor:
            cursor.execute(_COUNT, {"key": self._key(who), "until": now + self.seconds, "now": now})
            times, until = cursor.fetchone()
        return until - now if times > self.most else 0

    def _key(self, who: str) -> str:
        return f"{self.name}:{who}"


def forget_counted() -> None:
    """Take away what is counted no more."""
    Tally.objects.filter(until__lte=int(time())).delete()
