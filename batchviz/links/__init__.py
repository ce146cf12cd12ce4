"""Values as the parameters of a link, and back."""
