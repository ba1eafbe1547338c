"""How fast, how small and how frugal newsearch is, beside other engines on the same documents.

    python -m benchmarks --corpus news.jsonl --sizes 3429,34296

Not a part of the installed package. docs/benchmarks.md says what is measured; what ranking finds is not measured here.
"""
