"""The cluster engine: an index on OpenSearch."""
