"""What an administrator sees beyond a visitor."""
