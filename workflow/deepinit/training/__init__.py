"""Networks of one shape trained together as batched products, each with its own streams and rate.

In it are

    ensemble              epochs to a given accuracy (Hanin & Rolnick 2018): batched_sgd trains
                          fully_connected networks and scaled_modules
    residual_training     scaled residual networks with Adam (Marion et al. 2025): residual_group,
                          residual_start, residual_batch, batched_adam, residual_gradient, and on a GPU
                          fused_residual
    learning_curve        learning curves (Luther & Seung 2019): architectures, layer_shapes,
                          initialised_layers in the initialisation_arms
    images, examples, padded_images, membrane_images    what networks are trained on
    network_batch, outcome, memory_groups, checkpoint    what the trainers share
    detection             average precision
    input_correlation     how far inputs have collapsed before training
"""

from deepinit.exports import offered

__all__, __getattr__, __dir__ = offered(
    __name__,
    {
        "ensemble": "epochs_to_accuracy",
        "residual_training": "train_residual_networks",
        "fully_connected": "FullyConnected",
        "outcome": "NetworkStart TrainingOutcome",
        "residual_start": "ResidualOutcome ResidualStart",
        "learning_curve": "Curves Setting Streams train_arms",
        "architectures": "Architecture all_cnn_c plain_network unet",
        "images": "Images",
    },
)
