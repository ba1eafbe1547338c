"""Engines: what holds the articles and answers requests.

`base` says what each can do, `rules` what is the same for all. `whoosh` is the embedded one, `opensearch` the
cluster's, and `places` says which of them an index needs.
"""
