"""Train a small neural network on scikit-learn's handwritten digits: 1,797 images of 8 x 8 pixels."""

import argparse

from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

import givens

# What goes together. Beneath a recipe lies config-defaults.yaml; above it, the flags that were typed.
RECIPES = {
    "plain": {},
    "wide": {"lr": 0.05, "model": {"hidden": [128, 64]}},
    "sigmoid": {"lr": 0.5, "model": {"activation": "logistic"}},
}


def parse_flags():
    parser = argparse.ArgumentParser(description=__doc__, argument_default=argparse.SUPPRESS)
    parser.add_argument("--recipe", choices=RECIPES, default="plain", help="values that go together")
    parser.add_argument("--lr", type=float, help="step size of the gradient descent")
    parser.add_argument("--momentum", type=float, help="how much of the last step goes into the next")
    parser.add_argument("--batch-size", type=int, help="images a step; doubled half-way")
    parser.add_argument("--epochs", type=int, help="passes over the images")
    parser.add_argument("--seed", type=int, help="of the split, the weights and the order")
    return givens.parse_args(parser)


def make_model(config):
    return MLPClassifier(
        hidden_layer_sizes=config.model.hidden,
        activation=config.model.activation,
        alpha=config.model.weight_decay,
        solver="sgd",
        learning_rate_init=config.lr,
        momentum=config.momentum,
        batch_size=config.batch_size,
        random_state=config.seed,
    )


def main():
    args = parse_flags()
    # merge="deep": a recipe's model section leaves the keys alone that it does not name.
    run = givens.init(project="digits", config=[RECIPES[args.recipe], args], merge="deep", changes="record")
    config = run.config

    images, digits = load_digits(return_X_y=True)
    split = train_test_split(images / 16, digits, test_size=0.3, stratify=digits, random_state=config.seed)
    x_train, x_test, y_train, y_test = split

    model = make_model(config)
    for epoch in range(config.epochs):
        if epoch == config.epochs // 2:  # larger batches towards the end: the steps become less noisy
            config.batch_size *= 2
            model.set_params(batch_size=config.batch_size)
        model.partial_fit(x_train, y_train, classes=range(10))
        accuracy = model.score(x_test, y_test)
        givens.log({"val_acc": accuracy, "loss": model.loss_}, step=epoch)

    run.summary["parameters"] = sum(weights.size for weights in [*model.coefs_, *model.intercepts_])
    print(f"{run.name}: {accuracy:.1%} of {len(y_test)} images that it had never seen")


if __name__ == "__main__":
    main()
