"""The embedded model: rules that answer as a chat model does, for when no other is set."""
