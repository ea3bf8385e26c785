"""Settings of Figure 9: accuracy after training over β and the Hurst index H."""

from typing import Literal, Self

from pydantic import Field, PositiveInt, model_validator

from papers.marion2025.residual_training import Rate, ResidualTraining
from study.grids import Grid, HurstGrid
from study.points import Point, published
from study.settings import IMAGES, DataSetName, EachOnce, Parts


class Settings(ResidualTraining):
    shows = "test accuracy after training over β and Hurst index H, best of several rates"
    label = "accuracy over β and H"
    missing = {"test_accuracy": "diverged", "validation_accuracy": "diverged"}
    reads = ("fig7",)
    chooses_points = ("data_sets", "hursts", "hursts_per_job")
    # What CIFAR-10 takes; the carried subset takes a quarter of it.
    memory_mb = 4500
    minutes = 360

    data_sets: EachOnce[DataSetName] = Field(
        ["mnist_subset"],
        description="published: mnist and cifar10, which are downloaded unless data_folder has "
        "them; mnist_subset: the carried 10,000 + 2,000 images",
    )
    betas: Grid = Field(
        Grid(start=0.1, stop=0.9, count=4), description="β; published: the same with 10 values"
    )
    hursts: HurstGrid = Field(
        Grid(start=0.1, stop=0.9, count=4), description="H; published: the same with 10 values"
    )
    learning_rates: EachOnce[Rate] = published(
        [1e-4, 1e-3, 1e-2, 1e-1, 1.0], "of Adam, the best one counts"
    )
    epochs: PositiveInt = Field(2, description="passes over the images; published: 10")
    drop_every: PositiveInt | None = Field(
        1, description="epochs after which the rate is divided by 10; published: 5, half of all"
    )
    validation_images: PositiveInt = Field(
        2500,
        description="training images held out, to choose the rate without the test images; chosen "
        "(paper: none, the rate is chosen on test images)",
    )
    generator: Literal["exact", "released"] = Field(
        "exact",
        description="fractional noise: exact, or as the released code draws it, wrong for H ≳ 0.7",
    )
    hursts_per_job: PositiveInt = Field(1, description="columns of the map in one job")

    @property
    def points_per_job(self) -> int:
        return self.hursts_per_job

    @model_validator(mode="after")
    def _a_map_to_draw(self) -> Self:
        if self.betas.count < 2 or self.hursts.count < 2:
            raise ValueError("betas and hursts: a map needs a count of two or more")
        return self

    @model_validator(mode="after")
    def _something_to_train_on(self) -> Self:
        for name in self.data_sets:
            if self.validation_images >= IMAGES[name][0]:
                raise ValueError(
                    f"validation_images: {self.validation_images} leaves none of the "
                    f"{IMAGES[name][0]} images of {name} to train on"
                )
        return self

    def grid_points(self) -> list[Point]:
        return [
            {"data": data, "hurst": hurst}
            for data in self.data_sets
            for hurst in self.hursts.values()
        ]

    def parts(self) -> Parts:
        """Return the jobs, each with the name of the one data set that it reads."""
        return {
            name: {**part, "data": part["points"][0]["data"]}
            for name, part in super().parts().items()
        }

    def work(self) -> float:
        networks = self.betas.count * self.hursts.count * len(self.learning_rates)
        images = (IMAGES[name][0] - self.validation_images for name in self.data_sets)
        return networks * sum(self.products(count, self.epochs) for count in images)
