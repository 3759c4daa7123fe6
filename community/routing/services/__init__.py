"""What routing does, one verb a function."""
