"""How families reach a person."""
