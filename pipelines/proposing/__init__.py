"""What a file or a label may be: suggestions for a person to take; nothing here reads figures or codes them."""
