"""The typed configuration: every key, its default (the `laptop` preset), meaning and source.

Each figure is one class: its fields are the configuration's keys under <paper>.<figure>, and
`parts` cuts its work into jobs. "Source" in a description tells where a value comes from:
published (read in the paper), code (the authors' released code), recalled (not confirmed) or
chosen (by this project, because the paper does not say).
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, create_model, field_validator

from study.folders import figures_of, papers, section_of
from study.settings import FigureSection, Section
from study.user_code import checked

#: "my_net.py:build": a file, relative to the project's folder, and a name in it.
_Place = Annotated[str, AfterValidator(checked)]


class OwnNetwork(Section):
    """A network of the user's own, which is probed."""

    build: _Place = Field(
        description="a function that returns a new module; with depth, of a depth"
    )
    inputs: _Place = Field(description="a batch of inputs, or a function that returns one")
    networks: int = Field(50, ge=2, description="how many are built")
    depth: int | None = Field(None, ge=8, description="L: build(L), build(L/2), build(L/4)")
    batch_axis: int = Field(0, ge=0, description="of all tensors")
    blocks: list[str] = Field([], description="modules with a residual branch, such as layers.*")


class _Config(Section):
    """Everything that decides what the workflow computes."""

    preset: str = Field(
        "laptop",
        pattern=r"^[a-z][a-z0-9_-]*$",
        description="name of the preset and of its folder results/<preset>",
    )
    root_seed: int = Field(20190211, ge=0, description="every random number follows from it")
    device: Literal["auto", "cpu", "cuda"] = Field(
        "auto", description="where tensors are computed; auto takes a GPU if there is one"
    )

    @field_validator("preset")
    @classmethod
    def _not_a_folder_of_another_kind(cls, preset: str) -> str:
        if preset in ("data", "recorded", "benchmark", "probe"):
            raise ValueError(f"results/{preset} holds something else; choose another name")
        return preset

    data_folder: str | None = Field(
        None,
        description="a folder that has the complete MNIST or CIFAR-10 (their files, or "
        "torchvision's layout), for figures whose `data` or `data_sets` name them; null downloads "
        "what a figure needs",
    )

    own: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], OwnNetwork] = Field(
        {},
        description="networks of your own that are probed, each a figure own_<name>: "
        "{my_net: {build: my_net.py:build, inputs: my_net.py:batch, networks: 50}}",
    )

    @property
    def targets(self) -> list[str]:
        """The keys of all figures, a user's own networks among them."""
        return [*self.figure_keys(), *(f"own_{name}" for name in self.own)]

    def figures(self) -> dict[str, dict[str, FigureSection]]:
        """Return paper ↦ figure key ↦ section, in the order of the papers."""
        return {paper: dict(getattr(self, paper)) for paper in papers()}

    def figure_keys(self) -> list[str]:
        """Return <paper>_<figure> of every figure, in the order of the papers."""
        return [f"{paper}_{key}" for paper, figures in self.figures().items() for key in figures]


def _section(paper: str) -> type[Section]:
    """Return the section of a paper: one field per figure, after what it declares itself."""
    fields = {key: (settings, settings()) for key, settings in figures_of(paper).items()}
    return create_model(paper.capitalize(), __base__=section_of(paper), **fields)


_SECTIONS = {paper: _section(paper) for paper in papers()}
#: The whole configuration, one section per paper.
Config = create_model(
    "Config",
    __base__=_Config,
    **{paper: (section, section()) for paper, section in _SECTIONS.items()},
)
