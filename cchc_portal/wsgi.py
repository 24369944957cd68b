"""The portal as a WSGI application, for gunicorn."""

import gc
import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cchc_portal.settings")

application = get_wsgi_application()
import_module("cchc_portal.urls")  # the pages too, before anyone asks for one

# A page of a whole province makes tens of thousands of objects and keeps them until it is drawn.
# Looking through them after every 700, as Python does by itself, takes a fifth of the page's time;
# what start-up made stays for good and need not be looked through at all.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 10, 10)
