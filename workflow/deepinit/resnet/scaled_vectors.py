"""Vectors that may grow beyond all bounds or hardly move, with all their digits either way."""

from dataclasses import dataclass

import torch

#: Layers after which vectors may be brought back to unit length.
RESCALE_EVERY = 8
_RESCALE_ABOVE = 1e6


@dataclass
class ScaledVectors:
    """Vectors exp(log_scale) · direction, shapes (draws, rows, d) and (draws, rows, 1)."""

    direction: torch.Tensor
    log_scale: torch.Tensor

    @classmethod
    def unscaled(cls, vectors: torch.Tensor) -> "ScaledVectors":
        """Return `vectors` themselves, copied, with a logarithmic scale of zero."""
        return cls(vectors.clone(), torch.zeros_like(vectors[..., :1], dtype=torch.float64))

    def rescale(self) -> None:
        """Bring vectors longer than 10⁶ back to unit length."""
        norm = self.direction.norm(dim=2, keepdim=True)
        long = norm > _RESCALE_ABOVE
        if long.any():
            self._divide(torch.where(long, norm, torch.ones_like(norm)))

    def _divide(self, factor: torch.Tensor) -> None:
        self.log_scale += factor.double().log()
        self.direction /= factor

    def log_norm(self) -> torch.Tensor:
        """Return the logarithm of the lengths, float64, shape (draws, rows)."""
        return (self.direction.double().norm(dim=2, keepdim=True).log() + self.log_scale).squeeze(2)

    def log_change(self, start: torch.Tensor) -> torch.Tensor:
        """Return log ‖self − start‖, float64, shape (draws, rows)."""
        shrunk = start.double() * torch.exp(-self.log_scale)
        change = (self.direction.double() - shrunk).norm(dim=2, keepdim=True)
        return (change.log() + self.log_scale).squeeze(2)


@dataclass
class MovingVectors(ScaledVectors):
    """Vectors that move away from their origin by steps of α, by little or by much.

    The steps are summed up in a tensor of their own, so that the change keeps its digits where a
    step is below the rounding of the vector (α ≲ 10⁻⁶). All are in units of exp(log_scale):
    direction = origin + α · steps.
    """

    origin: torch.Tensor
    steps: torch.Tensor
    alpha: torch.Tensor | float

    @classmethod
    def at(cls, origin: torch.Tensor, alpha: torch.Tensor | float) -> "MovingVectors":
        """Return vectors that have not left `origin` yet; `alpha` as in `propagate`."""
        log_scale = torch.zeros_like(origin[..., :1], dtype=torch.float64)
        return cls(origin.clone(), log_scale, origin, torch.zeros_like(origin), alpha)

    def step(self, u: torch.Tensor, v: torch.Tensor | None = None) -> None:
        """Add α u v to the vectors, rows times a matrix for each draw; α u without `v`."""
        if v is None:
            self.steps += u
        else:
            self.steps.baddbmm_(u, v)
        if isinstance(self.alpha, float):
            torch.add(self.origin, self.steps, alpha=self.alpha, out=self.direction)
        else:
            torch.addcmul(self.origin, self.steps, self.alpha, out=self.direction)

    def _divide(self, factor: torch.Tensor) -> None:
        super()._divide(factor)
        self.steps /= factor
        self.origin = self.origin / factor

    def log_change(self, start: torch.Tensor) -> torch.Tensor:
        """Return log ‖self − start‖, float64, shape (draws, rows); `start` is the origin."""
        change = (self.steps.double() * self.alpha).norm(dim=2, keepdim=True)
        return (change.log() + self.log_scale).squeeze(2)
