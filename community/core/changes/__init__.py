"""What moved since something was read: numbers that the database raises, and what is kept under them."""
