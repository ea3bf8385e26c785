"""Configuration of the figures of Luther & Seung (2019)."""

from typing import ClassVar, Self

from pydantic import model_validator

from study.settings import Section


class Luther2019(Section):
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
