"""The pure engine: fitness, paces, plans, adaptation, adherence."""
