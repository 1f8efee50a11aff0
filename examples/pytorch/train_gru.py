"""Trains a GRU recommender in PyTorch and writes what `kshot import` reads. Needs torch alone.

    python3 train_gru.py EVENTS.csv OUT_FOLDER [LAYERS]

EVENTS.csv has columns user,item,time. OUT_FOLDER gets weights.safetensors, items.json, and logits.json: the network's own scores for histories
of 1 to 50 items, to compare with.
"""

import csv
import json
import struct
import sys
from collections import defaultdict
from pathlib import Path

import torch
from torch import nn

MAX_LENGTH = 50


class GruRecommender(nn.Module):
    def __init__(self, n_items: int, embedding: int = 16, hidden: int = 24, layers: int = 2):
        super().__init__()
        self.emb = nn.Embedding(n_items, embedding)
        self.gru = nn.GRU(embedding, hidden, layers, batch_first=True)
        self.out = nn.Linear(hidden, n_items)

    def forward(self, items: torch.Tensor) -> torch.Tensor:
        states, _ = self.gru(self.emb(items))
        return self.out(states)


def histories_of(path: str):
    """Items as numbers, and each person's history in order of time."""
    events = defaultdict(list)
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            events[row["user"]].append((float(row["time"]), row["item"]))
    names = sorted({item for own in events.values() for _, item in own})
    number = {name: i for i, name in enumerate(names)}
    return names, [[number[item] for _, item in sorted(own)][-MAX_LENGTH:] for own in events.values()]


def write_safetensors(path: Path, tensors) -> None:
    """The format is a JSON header of names, shapes and offsets, and then the bytes."""
    header, data = {}, b""
    for name, tensor in tensors.items():
        values = tensor.detach().contiguous().float().flatten().tolist()
        piece = struct.pack(f"<{len(values)}f", *values)
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(piece)]}
        data += piece
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def main(events: str, folder: str, layers: str = "2", epochs: int = 3) -> None:
    torch.manual_seed(0)
    names, histories = histories_of(events)
    model = GruRecommender(len(names), layers=int(layers))
    optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
    loss_of = nn.CrossEntropyLoss()
    for epoch in range(epochs):
        total = 0.0
        for history in histories:
            if len(history) < 2:
                continue
            items = torch.tensor(history)
            logits = model(items[None, :-1])[0]
            loss = loss_of(logits, items[1:])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            total += loss.item()
        print(f"epoch {epoch + 1}: loss {total / len(histories):.4f}")
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    write_safetensors(out / "weights.safetensors", model.state_dict())
    (out / "items.json").write_text(json.dumps(names))
    with torch.no_grad():
        # One long history without repeats in a row, and its beginnings.
        clicks = [item for history in histories for item in history]
        chain = [item for before, item in zip([None, *clicks], clicks) if item != before]
        asked = [chain[:length] for length in range(1, MAX_LENGTH + 1)]
        scores = [model(torch.tensor([history]))[0, -1].tolist() for history in asked]
    told = [{"history": [names[i] for i in history], "logits": dict(zip(names, own))} for history, own in zip(asked, scores)]
    (out / "logits.json").write_text(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:4])
