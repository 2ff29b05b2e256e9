"""How the weights of Comity's classifier are made: data, training, evaluation, export."""
