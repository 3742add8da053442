"""The typed tools that the model may call."""
