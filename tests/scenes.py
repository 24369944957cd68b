"""Which tests begin with the same scene (``tests.stage``), told by the fixtures they ask for."""

from collections.abc import Collection

# Members of the cast that bring all before them.
SCENES = ("crowd", "open_quarter")
BARE = "bare_stage"  # what tests ask for that enter something before the round opens
COMMITS = "django_db_serialized_rollback"  # what tests with real commits ask for


def scene_of(fixtures: Collection[str]) -> str:
    """Return the scene that a test with these fixtures begins with; "" is an empty stage."""
    if BARE in fixtures or COMMITS in fixtures:
        return ""
    return next((scene for scene in SCENES if scene in fixtures), "")
