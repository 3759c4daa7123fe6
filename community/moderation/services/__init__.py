"""What changes in moderation: reporting, looking, acting, taking back, asking again."""
