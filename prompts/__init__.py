"""Templates, and the one function that renders them."""
