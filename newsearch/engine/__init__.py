"""Engines: what holds the articles and answers requests. `base` says what each can do, `whoosh` is the embedded one."""
