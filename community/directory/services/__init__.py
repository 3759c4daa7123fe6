"""What is written into the directory."""
