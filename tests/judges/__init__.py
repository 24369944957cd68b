"""Outside judges of the pages: axe-core, the Nu HTML checker, Lighthouse; `make judges`."""
