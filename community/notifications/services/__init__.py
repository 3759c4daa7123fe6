"""The writes of notifications, one file a noun. Edges open the transaction."""
