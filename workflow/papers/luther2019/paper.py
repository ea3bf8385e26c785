"""Luther & Seung (2019): the order of its figures, and what they must agree on."""

from typing import ClassVar, Self

from pydantic import model_validator

from study.settings import Section

ORDER = (
    "theory",
    "finite_width",
    "total_variance",
    "histograms",
    "batch_norm",
    "activations",
    "gradients",
    "membrane_images",
    "learning_curves",
)


class Luther2019(Section):
    """The configuration of the paper; its fields are the figures."""

    title: ClassVar[str] = "Variance decay (Luther & Seung 2019)"

    @model_validator(mode="after")
    def _shows_what_is_learnt(self) -> Self:
        shown, learnt = self.membrane_images.side, self.learning_curves.unet.image_side
        if "unet" in self.learning_curves.architectures and shown != learnt:
            raise ValueError(
                f"membrane_images.side: {shown} must equal learning_curves.unet.image_side, "
                f"{learnt}: the images that are shown are those that the U-Net learns"
            )
        return self
