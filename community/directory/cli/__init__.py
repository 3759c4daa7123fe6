"""The directory's commands for operators."""
