"""What figures of the paper must agree on."""

from typing import Self

from pydantic import model_validator

from study.settings import Section


class Paper(Section):
    """The configuration of the paper, whose fields are its figures."""

    @model_validator(mode="after")
    def _shows_what_is_learnt(self) -> Self:
        shown, learnt = self.membrane_images.side, self.learning_curves.unet.image_side
        if "unet" in self.learning_curves.architectures and shown != learnt:
            raise ValueError(
                f"membrane_images.side: {shown} must equal learning_curves.unet.image_side, "
                f"{learnt}: the images that are shown are those that the U-Net learns"
            )
        return self
