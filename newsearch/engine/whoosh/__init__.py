"""The embedded engine: a Whoosh index in a folder. But for stemmers, the only part of newsearch that imports whoosh."""
