"""Settings of figures of many networks with Gaussian iid weights, from two samplers."""

from study.points import Point, PointSettings

#: What a layer of the sampler "lengths" costs, in neurons of the joint one (measured).
_LAYER_OF_LENGTHS = 3


class GaussianSamples(PointSettings):
    """Points name their sampler: "lengths" gives outputs alone, "joint" gradients too."""

    def job_of(self, point: Point) -> str:
        return {"lengths": "outputs", "joint": "gradients"}[point["sampler"]]

    def work(self) -> float:
        """Return neurons of the joint sampler, what the fast one costs among them."""
        costs = {"lengths": lambda point: _LAYER_OF_LENGTHS, "joint": lambda point: point["width"]}
        return float(
            sum(
                point["networks"] * point["depth"] * costs[point["sampler"]](point)
                for point in self.grid_points()
            )
        )
