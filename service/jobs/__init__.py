"""Jobs as the service runs them: in the background, taking turns with questions and searches."""

from service.jobs.jobs import Jobs

__all__ = ["Jobs"]
