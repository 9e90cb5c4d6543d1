"""Chat models: the seam, and what stands behind it."""
