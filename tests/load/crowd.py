"""How many are at work in the deadline hour, and how fast: docs/scaling.md says why."""

import os

# What an installation behind a proxy that ends TLS calls its cookies (cchc_portal.settings).
SESSION, TOKEN = "__Host-sessionid", "__Host-csrftoken"
# A province has so many; fewer are for trying on a machine that has other work.
ALL_CLERKS, CLERKS_EACH = 300, 2
CLERKS = int(os.environ.get("CLERKS") or ALL_CLERKS)
AGENCIES = CLERKS // CLERKS_EACH
# At the Sở Nội vụ: who judge, each with the board open in another tab, and who take files out; and
# leaders who look.
REVIEWERS, TABS, PRINTERS, LEADERS = (
    max(1, round(number * CLERKS / ALL_CLERKS)) for number in (6, 6, 2, 4)
)
BINDERS = 1
PEOPLE = CLERKS + REVIEWERS + TABS + PRINTERS + BINDERS + LEADERS
# All have come within three minutes.
ARRIVE_A_SECOND = 2 * CLERKS / ALL_CLERKS
ARRIVING = PEOPLE / ARRIVE_A_SECOND
# Seconds from one cell of a clerk to the next; and from one file of a printer to the next.
EACH_CELL, EACH_FILE = 20, 20
# Of the reports still being typed one in so many is handed in, and of those some are sent back.
HANDED_IN, SENT_BACK = 3, 0.15
