"""Items: from the files of an archive to `NewsItem`s.

    found = scan.scan(folder, root="data", remembered={})      what changed since last time
    source, raw = scan.load(found.added[0])                     one file's bytes and what to remember of it
    reading = reader.parse_item(raw, name=source.path)          a NewsItem, and remarks on values left out

`frontmatter` finds and parses the YAML, `urls` and `ids` say which article an address names. Nothing here knows of an
index: what was read last time is handed in, what to remember is handed back.
"""
