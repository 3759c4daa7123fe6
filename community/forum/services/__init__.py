"""The forum's writes, one verb a function, one file a noun. Edges open the transaction."""
