"""What families fill in: one question a form, checked on the server, in the words of the question."""
