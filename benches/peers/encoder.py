#!/usr/bin/env python3
"""paidan-encoder beside PyTorch, ONNX Runtime and stock candle, by turns.

    .venv/bin/pip install -r benches/peers/requirements-encoder.txt
    .venv/bin/python benches/peers/encoder.py --texts FILE.jsonl [--threads 1] [--count 512] [--rounds 5]

The model has the shape of bge-small-zh (4 layers, 512 numbers, 8 heads, 2,048 inner, 21,128 words) and random weights;
texts are put together from those of FILE (field `text`) to lengths as complaints have them: a median of 230 characters.
All read the same texts and give CLS embeddings of norm 1. PyTorch and ONNX Runtime sort them by length first and are
taken with the best batch of 1, 4 and 32; ONNX Runtime's graph is the one that its own optimiser has fused. Stock candle
is built from `candle/` with --candle, a workspace of its own.

Every contender is a process of its own. Rounds alternate between them; a ratio is the median over the rounds of the
ratio within a round, of processor seconds (all threads): other work on the machine changes those least. Prints a table
in Markdown, and writes it with --out as `encoder.md`, `encoder.json` and `encoder.svg`.
"""

import argparse
import json
import math
import os
import platform
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
BATCHES = (1, 4, 32)
TICKS = os.sysconf("SC_CLK_TCK")


def make_model(folder):
    """The model in the layout of Hugging Face, and the graphs for ONNX Runtime."""
    import torch
    from transformers import BertConfig, BertModel, BertTokenizerFast

    if (folder / "int8.onnx").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    words += [chr(c) for c in range(33, 127) if not 65 <= c <= 90]
    words += ["##" + chr(c) for c in [*range(48, 58), *range(97, 123)]] + list("，。、；：？！“”‘’（）《》【】…—～·")
    words += [chr(c) for c in [*range(0x4E00, 0x9FA6), *range(0x3400, 0x3500)]][: 21_128 - len(words)]
    (folder / "vocab.txt").write_text("\n".join(words) + "\n")
    torch.manual_seed(0)
    shape = dict(hidden_size=512, num_hidden_layers=4, num_attention_heads=8, intermediate_size=2048)
    model = BertModel(BertConfig(vocab_size=21_128, **shape), add_pooling_layer=False).eval()
    model.save_pretrained(folder)
    BertTokenizerFast.from_pretrained(folder).save_pretrained(folder)
    (folder / "1_Pooling").mkdir(exist_ok=True)
    (folder / "1_Pooling" / "config.json").write_text('{"pooling_mode_cls_token": true}')
    modules = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2", "Normalize")]
    (folder / "modules.json").write_text(json.dumps([{"path": path, "type": kind} for path, kind in modules]))

    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.transformers import optimizer

    names = ["input_ids", "attention_mask", "token_type_ids"]

    class Hidden(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.bert = BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="eager").eval()

        def forward(self, *given):
            return self.bert(**dict(zip(names, given))).last_hidden_state

    ids = torch.randint(5, 2_000, (2, 16))
    axes = {name: {0: "batch", 1: "length"} for name in [*names, "hidden"]}
    given = (ids, torch.ones_like(ids), torch.zeros_like(ids))
    kept = dict(input_names=names, output_names=["hidden"], dynamic_axes=axes, opset_version=17, dynamo=False)
    torch.onnx.export(Hidden(), given, str(folder / "plain.onnx"), **kept)
    fused = optimizer.optimize_model(
        str(folder / "plain.onnx"), model_type="bert", num_heads=8, hidden_size=512, opt_level=1
    )
    fused.save_model_to_file(str(folder / "fused.onnx"))
    quantize_dynamic(
        str(folder / "fused.onnx"), str(folder / "int8.onnx"), weight_type=QuantType.QInt8,
        extra_options={"DefaultTensorType": 1},
    )


def make_texts(rows, count):
    rng = random.Random(1)
    texts = []
    for _ in range(count):
        want, text = min(480, max(20, int(rng.lognormvariate(math.log(230), 0.5)))), ""
        while len(text) < want:
            text += rng.choice(rows)
        texts.append(text[:want])
    return texts


def serve(name, folder, texts, threads):
    """A Python contender: answers the orders of `src/bin/encode.rs`."""
    import numpy
    from tokenizers import Tokenizer

    engine, batch = name.rsplit("-", 1)
    texts = json.loads(Path(texts).read_text())
    tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
    tokenizer.enable_truncation(512)
    tokenizer.no_padding()
    if engine == "torch":
        import torch
        from transformers import BertModel

        torch.set_num_threads(threads)
        model = BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="sdpa").eval()

        def run(ids, mask):
            with torch.inference_mode():
                ids, mask = torch.from_numpy(ids), None if mask.all() else torch.from_numpy(mask)
                return model(input_ids=ids, attention_mask=mask).last_hidden_state[:, 0].numpy()
    else:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        graph = f"{folder}/{'int8' if engine == 'ort-int8' else 'fused'}.onnx"
        session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

        def run(ids, mask):
            given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": numpy.zeros_like(ids)}
            return session.run(None, given)[0][:, 0]

    def encode(texts):
        tokens = [tokenizer.encode(text).ids for text in texts]
        order = sorted(range(len(tokens)), key=lambda index: len(tokens[index]))
        found = numpy.zeros((len(tokens), 512), numpy.float32)
        for start in range(0, len(order), int(batch)):
            part = order[start : start + int(batch)]
            ids = numpy.zeros((len(part), max(len(tokens[index]) for index in part)), numpy.int64)
            mask = numpy.zeros_like(ids)
            for row, index in enumerate(part):
                ids[row, : len(tokens[index])], mask[row, : len(tokens[index])] = tokens[index], 1
            hidden = run(ids, mask)
            found[part] = hidden / numpy.linalg.norm(hidden, axis=1, keepdims=True)
        return found

    print("ready", flush=True)
    for line in sys.stdin:
        order, *given = line.split()
        chosen = texts[int(given[0])] if order == "one" else texts[: int(given[0])]
        found = encode([chosen] if order == "one" else chosen)
        if order == "save":
            found.astype("<f4").tofile(given[1])
        print(found[-1][0], flush=True)


class Contender:
    def __init__(self, name, command, environment=None):
        self.name, self.rounds, self.latency = name, [], []
        began = time.perf_counter()
        self.process = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
            env={**os.environ, **(environment or {})}, stderr=subprocess.DEVNULL,
        )
        if self.process.stdout.readline().strip() != "ready":
            sys.exit(f"{name} did not start")
        self.ask("one 0")
        self.start = (time.perf_counter() - began, self.cpu())

    def cpu(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def peak_mib(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024

    def ask(self, order):
        """Wall and processor seconds, and the answer."""
        wall, cpu = time.perf_counter(), self.cpu()
        self.process.stdin.write(order + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f"{self.name} ended at `{order}`")
        return time.perf_counter() - wall, self.cpu() - cpu, float(answer)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def agreement(contenders, rows, folder, work):
    """How often a head that was trained on exact embeddings gives the same label on others, for each task."""
    import numpy
    from sklearn.linear_model import LogisticRegression

    found = {}
    for name, contender in contenders.items():
        file = work / f"{name}.f32"
        contender.ask(f"save {len(rows)} {file}")
        found[name] = numpy.fromfile(file, "<f4").reshape(len(rows), -1)
        file.unlink()
    exact = found["paidan-f32"]
    half = numpy.random.RandomState(0).permutation(len(rows))
    train, test = half[: len(rows) // 2], half[len(rows) // 2 :]
    mean, deviation = exact[train].mean(0), exact[train].std(0) + 1e-6
    figures = {name: {"least_cosine": float((exact * other).sum(1).min())} for name, other in found.items()}
    for task in ("type", "department"):
        labels = numpy.array([str(row.get(task)) for row in rows])
        head = LogisticRegression(max_iter=300).fit((exact[train] - mean) / deviation, labels[train])
        answers = {name: head.predict((other[test] - mean) / deviation) for name, other in found.items()}
        for name, answer in answers.items():
            same = float((answer == answers["paidan-f32"]).mean())
            figures[name][task] = {"agreement": same, "accuracy": float((answer == labels[test]).mean())}
    return figures


def svg(rows):
    """Bars of texts a processor second."""
    most, lines = max(row["texts_per_cpu_second"] for row in rows), []
    for index, row in enumerate(rows):
        y, width = 30 * index + 10, 420 * row["texts_per_cpu_second"] / most
        colour = "#2a6f97" if row["name"].startswith("paidan") else "#a9b4bd"
        lines.append(f'<text x="190" y="{y + 15}" text-anchor="end">{row["name"]}</text>')
        lines.append(f'<rect x="200" y="{y}" width="{width:.0f}" height="20" fill="{colour}"/>')
        lines.append(f'<text x="{205 + width:.0f}" y="{y + 15}">{row["texts_per_cpu_second"]:.1f}</text>')
    height = 30 * len(rows) + 40
    note = f'<text x="200" y="{height - 8}">texts a second of one core, bge-small-zh shape</text>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="700" height="{height}" font-family="sans-serif" font-size="13">'
    return "\n".join([head, '<rect width="100%" height="100%" fill="white"/>', *lines, note, "</svg>"]) + "\n"


def machine():
    names = [line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line]
    return f"{os.cpu_count()} cores of {names[0] if names else platform.processor()}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, help="JSONL with `text`, and `type` and `department` for the agreement")
    parser.add_argument("--work", type=Path, default=REPOSITORY / "target" / "peers", help="where the model is kept")
    parser.add_argument("--encode", type=Path, help="the binary `encode`; by default this repository's, built now")
    parser.add_argument("--candle", action="store_true", help="build and measure stock candle too")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--count", type=int, default=512)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--agreement", type=int, default=1000, metavar="ROWS")
    parser.add_argument("--out", type=Path, help="folder for the table")
    parser.add_argument("--serve", nargs=2, metavar=("NAME", "TEXTS"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    work = args.work.resolve()
    model = work / "bge"
    if args.serve:
        return serve(args.serve[0], model, args.serve[1], args.threads)
    if not args.texts:
        parser.error("the argument --texts is needed")
    subprocess.run([sys.executable, "-c", f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); "
                    f"import encoder; encoder.make_model(encoder.Path({str(model)!r}))"], check=True)
    rows = [json.loads(line) for line in args.texts.read_text().splitlines()]
    texts = work / "texts.json"
    texts.write_text(json.dumps(make_texts([row["text"] for row in rows], args.count), ensure_ascii=False))
    encode = args.encode
    if not encode:
        build = ["cargo", "build", "--release", "--package", "paidan-bench", "--bin", "encode"]
        subprocess.run(build, cwd=REPOSITORY, check=True)
        encode = REPOSITORY / "target" / "release" / "encode"

    threads = {"OMP_NUM_THREADS": str(args.threads), "RAYON_NUM_THREADS": str(args.threads),
               "TOKENIZERS_PARALLELISM": "false"}

    def python(name, file=texts):
        command = [sys.executable, __file__, "--work", work, "--threads", args.threads, "--serve", name, file]
        return Contender(name, command, threads)

    def own(precision, file=texts):
        return Contender(f"paidan-{precision}", [encode, model, file, args.threads, precision], threads)

    # The best batch of each peer, on a few texts.
    best = {}
    for engine in ("ort-f32", "ort-int8", "torch"):
        tried = {}
        for batch in BATCHES:
            peer = python(f"{engine}-{batch}")
            tried[batch] = min(peer.ask(f"batch {min(args.count, 32)}")[1] for _ in range(2))
            peer.close()
        best[engine] = min(tried, key=tried.get)
        print(f"{engine}: batch {best[engine]} is best of {tried}", file=sys.stderr)
    contenders = [python(f"{engine}-{batch}") for engine, batch in best.items()] + [own("f32"), own("int8")]
    if args.candle:
        subprocess.run(["cargo", "build", "--release"], cwd=Path(__file__).parent / "candle", check=True,
                       env={**os.environ, "CARGO_TARGET_DIR": str(work / "candle")})
        stock = work / "candle" / "release" / "stock-candle"
        contenders += [Contender(f"candle-{mode}", [stock, model, texts, args.threads, mode], threads)
                       for mode in ("sorted", "padded")]
    for number in range(args.rounds):
        for contender in contenders:
            contender.rounds.append(contender.ask(f"batch {args.count}"))
            print(f"round {number + 1}: {contender.name} {contender.rounds[-1]}", file=sys.stderr)
    answers = {contender.name: contender.rounds[0][2] for contender in contenders}
    for index in range(min(args.count, 40)):
        for contender in contenders:
            contender.latency.append(contender.ask(f"one {index}")[:2])

    reference = next(contender for contender in contenders if contender.name.startswith("ort-f32"))

    def ratio(contender, over):
        pairs = zip(reference.rounds, contender.rounds)
        return statistics.median(theirs[over] / max(own[over], 1e-9) for theirs, own in pairs)

    table = []
    for contender in contenders:
        wall, cpu = (statistics.median(times) for times in zip(*contender.latency))
        table.append({
            "name": contender.name,
            "texts_per_cpu_second": args.count / statistics.median(cpu for _, cpu, _ in contender.rounds),
            "ratio_cpu": ratio(contender, 1), "ratio_wall": ratio(contender, 0),
            "p50_ms": wall * 1e3, "p50_cpu_ms": cpu * 1e3,
            "start_s": contender.start[0], "start_cpu_s": contender.start[1], "peak_mib": contender.peak_mib(),
            "first_number_of_last_text": answers[contender.name],
        })
        contender.close()

    labelled = [row for row in rows if row.get("type") and row.get("department")]
    random.Random(2).shuffle(labelled)
    del labelled[args.agreement :]
    if labelled:
        file = work / "labelled.json"
        file.write_text(json.dumps([row["text"] for row in labelled], ensure_ascii=False))
        measured = {"paidan-f32": own("f32", file), "paidan-int8": own("int8", file)}
        name = f"ort-int8-{best['ort-int8']}"
        measured[name] = python(name, file)
        figures = agreement(measured, labelled, model, work)
        for row in table:
            row["labels"] = figures.get(row["name"])
        for contender in measured.values():
            contender.close()

    import onnxruntime
    import torch

    versions = {"python": platform.python_version(), "torch": torch.__version__, "onnxruntime": onnxruntime.__version__}
    facts = {"machine": machine(), "load": os.getloadavg(), "threads": args.threads, "texts": args.count,
             "rounds": args.rounds, "agreement_rows": len(labelled), "versions": versions, "contenders": table}
    lines = ["| contender | texts / core s | × ORT f32 (cpu) | × (wall) | one text p50, ms (cpu ms) | start, s (cpu s) | peak, MiB | label agreement (type, department) |",
             "|---|---|---|---|---|---|---|---|"]
    for row in table:
        same = row.get("labels")
        same = ", ".join(f"{same[task]['agreement']:.4f}" for task in ("type", "department")) if same else "–"
        lines.append(
            f"| {row['name']} | {row['texts_per_cpu_second']:.2f} | {row['ratio_cpu']:.2f} | {row['ratio_wall']:.2f} "
            f"| {row['p50_ms']:.0f} ({row['p50_cpu_ms']:.0f}) | {row['start_s']:.2f} ({row['start_cpu_s']:.2f}) "
            f"| {row['peak_mib']:.0f} | {same} |")
    note = f"\n{facts['machine']}, load {facts['load'][0]:.1f}, {args.threads} thread(s), {args.count} texts, " \
           f"{args.rounds} rounds; {', '.join(f'{name} {version}' for name, version in versions.items())}.\n"
    print("\n".join(lines) + "\n" + note)
    if args.out:
        args.out.mkdir(parents=True, exist_ok=True)
        (args.out / "encoder.md").write_text("\n".join(lines) + "\n" + note)
        (args.out / "encoder.json").write_text(json.dumps(facts, indent=1) + "\n")
        (args.out / "encoder.svg").write_text(svg(table))


if __name__ == "__main__":
    main()
