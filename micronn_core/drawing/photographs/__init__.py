"""From a photograph of a digit, of any kind, to the picture that MNIST's makers would have made of it."""
