"""The pages on which families ask for help: no script is needed, nothing personal is in an address."""
