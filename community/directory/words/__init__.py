"""What the pages of the directory say in sentences, in the language of the page."""
