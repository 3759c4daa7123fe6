"""What routing reads."""
