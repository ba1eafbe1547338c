"""The embedded engine: a Whoosh index in a folder. The only part of newsearch that imports whoosh."""
