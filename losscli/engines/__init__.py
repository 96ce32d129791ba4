"""Engines that move partial results between machines; each needs an extra, and is imported when asked for."""
