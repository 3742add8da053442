"""Conversations as tests: read from files, played on fresh runners, judged by what is stored."""
