"""Single sign-on tried against a certified provider (``make sso``)."""
