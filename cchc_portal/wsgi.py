"""The portal as a WSGI application, for gunicorn."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cchc_portal.settings")

application = get_wsgi_application()
# What start-up made stays until the process ends: the collector need not go through it again
# each time a page of many figures makes it look for what can be thrown away.
gc.freeze()
