"""One Meta-SGD meta-iteration in JAX, jitted, a scan over tasks, each history's prefixes shared: the strongest peer we know.

    python3 jax_shared.py --iterations 20

Nested histories only: one pass over a person's 16 items gives the state after every prefix. Prints one line of JSON.
"""

import argparse
import json
import time

import jax
import jax.numpy as jnp
import optax

EMBEDDING, HIDDEN = 64, 128


def logits(params, history):
    def cell(h, x):
        gi = x @ params["w_ih"].T + params["b_ih"]
        gh = h @ params["w_hh"].T + params["b_hh"]
        i_r, i_z, i_n = jnp.split(gi, 3)
        h_r, h_z, h_n = jnp.split(gh, 3)
        r, z = jax.nn.sigmoid(i_r + h_r), jax.nn.sigmoid(i_z + h_z)
        n = jnp.tanh(i_n + r * h_n)
        h = (1 - z) * n + z * h
        return h, h

    _, states = jax.lax.scan(cell, jnp.zeros(HIDDEN), params["embedding"][history[:-1]])
    return states @ params["fc_w"].T + params["fc_b"]


def loss(params, history, first, last):
    rows = logits(params, history[: last + 1])[first - 1 :]
    return optax.softmax_cross_entropy_with_integer_labels(rows, history[first : last + 1]).mean()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--items", type=int, default=343)
    parser.add_argument("--tasks", type=int, default=32)
    parser.add_argument("--inner-steps", type=int, default=5)
    parser.add_argument("--iterations", type=int, default=20)
    args = parser.parse_args()
    keys = iter(jax.random.split(jax.random.PRNGKey(7), 16))
    uniform = lambda *shape: jax.random.uniform(next(keys), shape, minval=-(HIDDEN**-0.5), maxval=HIDDEN**-0.5)
    theta = {
        "embedding": jax.random.normal(next(keys), (args.items, EMBEDDING)),
        "w_ih": uniform(3 * HIDDEN, EMBEDDING),
        "w_hh": uniform(3 * HIDDEN, HIDDEN),
        "b_ih": uniform(3 * HIDDEN),
        "b_hh": uniform(3 * HIDDEN),
        "fc_w": uniform(args.items, HIDDEN),
        "fc_b": uniform(args.items),
    }
    alpha = jax.tree_util.tree_map(lambda p: jnp.full_like(p, 0.01), theta)
    histories = jax.random.randint(next(keys), (args.tasks, 16), 0, args.items)

    def task_loss(theta, alpha, history):
        fast = theta
        for _ in range(args.inner_steps):
            grads = jax.grad(loss)(fast, history, 1, 5)
            fast = jax.tree_util.tree_map(lambda p, a, g: p - a * g, fast, alpha, grads)
        return loss(fast, history, 6, 15)

    def meta_gradient(theta, alpha):
        zero = jax.tree_util.tree_map(jnp.zeros_like, (theta, alpha))

        def add(total, history):
            grads = jax.grad(task_loss, argnums=(0, 1))(theta, alpha, history)
            return jax.tree_util.tree_map(jnp.add, total, grads), None

        total, _ = jax.lax.scan(add, zero, histories)
        return jax.tree_util.tree_map(lambda g: g / args.tasks, total)

    optimiser = optax.adam(1e-4)

    @jax.jit
    def iteration(values, state):
        updates, state = optimiser.update(meta_gradient(*values), state)
        theta, alpha = optax.apply_updates(values, updates)
        return (theta, jax.tree_util.tree_map(lambda a: jnp.clip(a, 1e-4, 0.1), alpha)), state

    values, state = (theta, alpha), optimiser.init((theta, alpha))
    times, processor = [], []
    for i in range(args.iterations + 2):
        start, used = time.perf_counter(), time.process_time()
        values, state = jax.block_until_ready(iteration(values, state))
        if i > 1:
            times.append(1000 * (time.perf_counter() - start))
            processor.append(1000 * (time.process_time() - used))
    figures = {"milliseconds": times, "processorMilliseconds": processor}
    print(json.dumps({"program": "jax", "version": f"JAX {jax.__version__}", **figures}))


if __name__ == "__main__":
    main()
