"""The conversation: ways in, the model, and the loop between them."""
