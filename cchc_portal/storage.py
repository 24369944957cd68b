"""Static files as they are served: compressed, and named by their content."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Scripts too import each other under the names that their contents give them: after an
    upgrade no page mixes a new script with an old one out of a cache."""

    support_js_module_import_aggregation = True
