"""The screens as read models: what one page shows, put together from the slices below."""
