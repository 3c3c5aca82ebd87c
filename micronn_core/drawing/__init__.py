"""From a drawing or a photograph to the network's input; kept drawings."""
