"""The service: POST /chat and what stands beside it."""
