"""Where families can go."""
