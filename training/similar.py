"""MiniLM as it was, for likeness of meaning: its layers only, fed with the classifier's words.

The classifier keeps MiniLM's word embeddings, half of all weights, so both need them only once.
"""

import torch
from torch import Tensor, nn

from training.model import FAR, pretrained


class Similar(nn.Module):
    """The sentence embedding of all-MiniLM-L6-v2 from the embeddings of its words."""

    def __init__(self) -> None:
        super().__init__()
        whole = pretrained(0.0)
        self.place, self.kind = whole.place, whole.kind
        self.norm, self.layers = whole.norm, whole.layers

    def forward(self, pieces: Tensor, mask: Tensor) -> Tensor:
        """Return embeddings (batch, width) of length one.

        `pieces` (batch, length, width) are those of [CLS] text [SEP]; `mask` is 1 for no padding.
        """
        places = torch.arange(pieces.shape[1], device=pieces.device)
        hidden = self.norm(pieces + self.place(places) + self.kind(torch.zeros_like(places)))
        far = ((1 - mask) * FAR)[:, None, None, :].to(hidden.dtype)
        for layer in self.layers:
            hidden = layer(hidden, far)
        seen = mask[:, :, None].to(hidden.dtype)
        mean = (hidden * seen).sum(1) / seen.sum(1).clamp(min=1)
        return mean / mean.norm(dim=-1, keepdim=True).clamp(min=1e-6)
