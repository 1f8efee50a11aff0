"""The plain GRU in PyTorch, trained on whole sessions: nn.Embedding, nn.GRU, dropout on the hidden state, nn.Linear.

    python3 pytorch_sessions.py --data sessions.json --seeds 1,2,3 --embedding-dim 32 --hidden-dim 64
    python3 pytorch_sessions.py --speed 10 --batch-pairs 800 --threads 1

With --data: trains with early stopping on the validation MRR and prints a line of JSON for each seed with validation and test MRR at the
best epoch. The file has {items, train: [{items, labels}], val: {sequences, labels}, test: {name: {sequences, labels}}}; a label of -1 is
no pair. With --speed: the number of train pairs per second on random sessions of 5.6 pairs on average, for at least that many seconds.
"""

import argparse
import json
import os
import random
import sys
import time

# OpenBLAS has threads of its own, which torch.set_num_threads does not limit; it reads their number when torch is loaded.
_threads = sys.argv[sys.argv.index("--threads") + 1] if "--threads" in sys.argv else "1"
os.environ.setdefault("OPENBLAS_NUM_THREADS", _threads)

import torch  # noqa: E402
from torch import nn  # noqa: E402


class Recommender(nn.Module):
    def __init__(self, items, embedding_dim, hidden_dim, dropout):
        super().__init__()
        self.embedding = nn.Embedding(items + 1, embedding_dim, padding_idx=items)
        self.gru = nn.GRU(embedding_dim, hidden_dim, batch_first=True)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(hidden_dim, items)

    def forward(self, items):
        return self.gru(self.embedding(items))[0]


def padded(rows, value):
    longest = max(map(len, rows))
    return torch.tensor([list(row) + [value] * (longest - len(row)) for row in rows])


def train_step(model, optimiser, sessions, items, clip):
    inputs = padded([s["items"] for s in sessions], items)
    labels = padded([s["labels"] for s in sessions], -1)
    optimiser.zero_grad()
    states = model(inputs)
    told = labels >= 0
    loss = nn.functional.cross_entropy(model.output(model.dropout(states[told])), labels[told])
    loss.backward()
    if clip > 0:
        nn.utils.clip_grad_norm_(model.parameters(), clip)
    optimiser.step()
    return int(told.sum())


@torch.no_grad()
def mean_reciprocal_rank(model, pairs, items):
    """The mean over the queries; among tied items the expectation over a random order."""
    model.eval()
    total = 0.0
    for first in range(0, len(pairs["labels"]), 256):
        sequences = pairs["sequences"][first : first + 256]
        labels = torch.tensor(pairs["labels"][first : first + 256])
        ends = torch.tensor([len(s) - 1 for s in sequences])
        states = model(padded(sequences, items))[torch.arange(len(sequences)), ends]
        scores = model.output(states)
        own = scores[torch.arange(len(labels)), labels].unsqueeze(1)
        higher = (scores > own).sum(1).tolist()
        tied = ((scores == own).sum(1) - 1).tolist()
        for g, m in zip(higher, tied):
            total += sum(1 / j for j in range(g + 1, g + m + 2)) / (m + 1)
    model.train()
    return total / len(pairs["labels"])


def minibatches(sessions, args, shuffler):
    order = list(range(len(sessions)))
    shuffler.shuffle(order)
    batch, pairs = [], 0
    for i in order:
        own = sum(label >= 0 for label in sessions[i]["labels"])
        full = pairs + own > args.batch_pairs if args.batch_pairs else len(batch) == args.batch_sessions
        if batch and full:
            yield batch
            batch, pairs = [], 0
        batch.append(sessions[i])
        pairs += own
    yield batch


def new_model(args, items, seed):
    torch.manual_seed(seed)
    model = Recommender(items, args.embedding_dim, args.hidden_dim, args.dropout)
    return model, torch.optim.AdamW(model.parameters(), lr=args.learning_rate, weight_decay=args.weight_decay)


def quality(args):
    with open(args.data) as file:
        data = json.load(file)
    for seed in map(int, args.seeds.split(",")):
        model, optimiser = new_model(args, data["items"], seed)
        shuffler = random.Random(seed)
        best, waited = {"epoch": 0, "val": -1.0}, 0
        start = time.perf_counter()
        epoch = 0
        while epoch < args.epochs and waited < args.patience:
            epoch += 1
            for batch in minibatches(data["train"], args, shuffler):
                train_step(model, optimiser, batch, data["items"], args.clip)
            val = mean_reciprocal_rank(model, data["val"], data["items"])
            if val > best["val"]:
                test = {name: mean_reciprocal_rank(model, pairs, data["items"]) for name, pairs in data["test"].items()}
                best, waited = {"epoch": epoch, "val": val, "test": test}, 0
            else:
                waited += 1
        print(json.dumps({"seed": seed, **best, "epochs": epoch, "seconds": time.perf_counter() - start, "torch": torch.__version__}), flush=True)


def random_session(items):
    clicks = [random.randrange(items), random.randrange(items)]
    while len(clicks) < 40 and random.random() < 1 - 1 / 5.6:
        clicks.append(random.randrange(items))
    return {"items": clicks[:-1], "labels": clicks[1:]}


def speed(args):
    random.seed(7)
    model, optimiser = new_model(args, args.items, 7)
    sessions = [random_session(args.items) for _ in range(5000)]
    shuffler = random.Random(7)
    rates, pairs, warm = [], 0, False
    start, cpu = time.perf_counter(), time.process_time()
    end = start + args.speed
    # At least three stretches of 0.3 s of processor time, however busy the machine is.
    while time.perf_counter() < end or len(rates) < 3:
        for batch in minibatches(sessions, args, shuffler):
            pairs += train_step(model, optimiser, batch, args.items, args.clip)
            now = time.perf_counter()
            if time.process_time() - cpu >= 0.3:
                if warm:
                    rates.append((pairs / (now - start), pairs / (time.process_time() - cpu)))
                pairs, start, cpu, warm = 0, time.perf_counter(), time.process_time(), True
                if now > end and len(rates) >= 3:
                    break
    middle = lambda values: sorted(values)[len(values) // 2]
    figures = {"pairsPerSecond": middle([r[0] for r in rates]), "pairsPerCpuSecond": middle([r[1] for r in rates])}
    print(json.dumps({**figures, "threads": args.threads, "torch": torch.__version__}))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default="")
    parser.add_argument("--speed", type=float, default=0)
    parser.add_argument("--seeds", default="1")
    parser.add_argument("--items", type=int, default=343)
    parser.add_argument("--embedding-dim", type=int, default=32)
    parser.add_argument("--hidden-dim", type=int, default=64)
    parser.add_argument("--dropout", type=float, default=0.3)
    parser.add_argument("--learning-rate", type=float, default=2e-3)
    parser.add_argument("--weight-decay", type=float, default=1e-4)
    parser.add_argument("--clip", type=float, default=5)
    parser.add_argument("--batch-sessions", type=int, default=128)
    parser.add_argument("--batch-pairs", type=int, default=0, help="minibatches of at most this many pairs; 0: of sessions")
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--patience", type=int, default=6)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    if args.speed > 0:
        speed(args)
    else:
        quality(args)
