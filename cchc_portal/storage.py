"""Static files as they are served: compressed, and named by their content."""

from collections.abc import Callable
from re import Match
from typing import cast

from whitenoise.storage import CompressedManifestStaticFilesStorage

Converter = Callable[[Match[str]], str]


class StaticFiles(CompressedManifestStaticFilesStorage):
    """The portal's own scripts too import each other under the names that their contents give them:
    after an upgrade no page mixes a new script with an old one out of a cache. Packages' scripts
    are served as they are: their comments mention imports that are none."""

    support_js_module_import_aggregation = True

    def url_converter(
        self, name: str, hashed_files: dict[str, str], template: str | None = None
    ) -> Converter:
        if name.endswith(".js") and not name.startswith("js/"):
            return lambda found: found[0]
        return cast(Converter, super().url_converter(name, hashed_files, template))
