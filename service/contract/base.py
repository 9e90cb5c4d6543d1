"""What all replies share."""

from pydantic import BaseModel, ConfigDict

__all__ = ["Out"]


class Out(BaseModel):
    """A reply; frozen."""

    model_config = ConfigDict(frozen=True)
