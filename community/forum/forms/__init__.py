"""What a person may send to the forum, field by field."""
