#!/usr/bin/env python3
"""Measures PyTorch on the same GPU and compares it with what gpu-run.sh measured: gpu_peers.py [--quick] RESULTS_FOLDER.

Writes torch.json (torch._int_mm, and MobileNetV2 and MiniLM in fp16, compiled with CUDA graphs, at batch 1 and 32) and
summary.json (each goal with what was reached). Without PyTorch or a GPU it says so and still writes the summary of the rest.
Networks have random weights: only their speed is compared.
"""

import json
import pathlib
import statistics
import sys

ROUNDS = 51
WARM_UPS = 10

# Dense INT8 peak in TOPS, NVIDIA's figures for the SXM boards.
INT8_PEAK = {"H100": 1979.0, "H200": 1979.0, "A100": 624.0, "B200": 4500.0}


def load_torch():
    try:
        import torch
    except ImportError:
        return None, "PyTorch is not installed: pip install torch; nothing is compared with it"
    if not torch.cuda.is_available():
        return None, "PyTorch sees no CUDA device; nothing is compared with it"
    return torch, None


def median_nanos(torch, run):
    for _ in range(WARM_UPS):
        run()
    nanos = []
    for _ in range(ROUNDS):
        start = torch.cuda.Event(enable_timing=True)
        end = torch.cuda.Event(enable_timing=True)
        start.record()
        run()
        end.record()
        end.synchronize()
        nanos.append(start.elapsed_time(end) * 1e6)
    return statistics.median(nanos)


def wall_nanos(torch, run):
    """Host time of a call with its input on the host and its output back, as Octet's bench measures."""
    import time

    for _ in range(WARM_UPS):
        run()
    nanos = []
    for _ in range(ROUNDS):
        torch.cuda.synchronize()
        start = time.perf_counter_ns()
        run()
        torch.cuda.synchronize()
        nanos.append(time.perf_counter_ns() - start)
    return statistics.median(nanos)


def int_mm(torch, sizes):
    entries = []
    for size in sizes:
        x = torch.randint(-128, 128, (size, size), dtype=torch.int8, device="cuda")
        w = torch.randint(-128, 128, (size, size), dtype=torch.int8, device="cuda")
        nanos = median_nanos(torch, lambda: torch._int_mm(x, w.t()))
        entries.append({"size": size, "medianNanos": nanos, "tops": 2 * size**3 / nanos / 1000})
    return entries


def mobilenet_v2(torch):
    nn = torch.nn

    def conv(inputs, outputs, kernel, stride=1, groups=1, activation=True):
        layers = [
            nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
            nn.BatchNorm2d(outputs),
        ]
        return nn.Sequential(*layers, *([nn.ReLU6()] if activation else []))

    class Block(nn.Module):
        def __init__(self, inputs, outputs, stride, expansion):
            super().__init__()
            hidden = inputs * expansion
            layers = [conv(inputs, hidden, 1)] if expansion != 1 else []
            layers += [conv(hidden, hidden, 3, stride, hidden), conv(hidden, outputs, 1, activation=False)]
            self.layers = nn.Sequential(*layers)
            self.residual = stride == 1 and inputs == outputs

        def forward(self, x):
            return x + self.layers(x) if self.residual else self.layers(x)

    layers, inputs = [conv(3, 32, 3, 2)], 32
    stages = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]
    for expansion, outputs, count, stride in stages:
        for index in range(count):
            layers.append(Block(inputs, outputs, stride if index == 0 else 1, expansion))
            inputs = outputs
    layers += [conv(inputs, 1280, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(1280, 1000)]
    return nn.Sequential(*layers)


def minilm(torch):
    """The encoder of MiniLM-L6: 6 layers of width 384, 12 heads, inner width 1536."""
    nn = torch.nn

    class Encoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.words = nn.Embedding(30522, 384)
            self.positions = nn.Embedding(512, 384)
            self.norm = nn.LayerNorm(384)
            layer = nn.TransformerEncoderLayer(384, 12, 1536, activation="gelu", batch_first=True)
            self.layers = nn.TransformerEncoder(layer, 6, enable_nested_tensor=False)

        def forward(self, tokens):
            places = torch.arange(tokens.shape[1], device=tokens.device)
            return self.layers(self.norm(self.words(tokens) + self.positions(places)))

    return Encoder()


def networks(torch, quick):
    entries = []
    length = 128
    for name, make in (("mobilenetv2", mobilenet_v2), ("minilm", minilm)):
        for batch in (1, 2 if quick else 32):
            model = make(torch).eval().half().cuda()
            if name == "mobilenetv2":
                model = model.to(memory_format=torch.channels_last)
                host = torch.randn(batch, 3, 224, 224).half().pin_memory()
            else:
                host = torch.randint(0, 30000, (batch, length)).pin_memory()
            compiled = torch.compile(model, mode="max-autotune" if not quick else "reduce-overhead")
            resident = host.cuda()
            if name == "mobilenetv2":
                resident = resident.to(memory_format=torch.channels_last)
            with torch.inference_mode():
                entry = {
                    "model": name,
                    "batch": batch,
                    "deviceMedianNanos": median_nanos(torch, lambda: compiled(resident)),
                    "medianNanos": wall_nanos(torch, lambda: compiled(host.cuda(non_blocking=True)).cpu()),
                }
            entries.append(entry)
    return entries


def read(folder, name):
    file = folder / name
    try:
        return json.loads(file.read_text())
    except (OSError, ValueError):
        return None


def goal(name, reached, wanted, unit):
    met = None if reached is None else (reached <= wanted if unit == "us" else reached >= wanted)
    return {"goal": name, "reached": reached, "wanted": wanted, "unit": unit, "met": met}


def listed(report, part):
    value = (report or {}).get(part)
    return value if isinstance(value, list) else []


def product_goals(bench, torch_report):
    goals = []
    peak = next((tops for name, tops in INT8_PEAK.items() if name in (bench or {}).get("device", {}).get("name", "")), None)
    for entry in listed(bench, "cublasLt"):
        peer = next((p for p in torch_report.get("intMm", []) if p["size"] == entry["size"]), None)
        ratio = entry["tops"] / peer["tops"] if peer else None
        goals.append(goal(f"cuBLASLt over torch._int_mm, {entry['size']} cubed", ratio, 1.0, "ratio"))
        share = entry["tops"] / peak if peak else None
        goals.append(goal(f"cuBLASLt share of the INT8 peak, {entry['size']} cubed", share, 0.7, "share"))
    by_shape = {}
    for entry in listed(bench, "products"):
        shape = f"{entry['rows']}x{entry['columns']}x{entry['depth']}"
        by_shape.setdefault(shape, {})[entry["mode"]] = entry["timing"]["medianNanos"]
    for shape, modes in by_shape.items():
        ratio = modes["cublaslt"] / modes["own"] if "own" in modes and "cublaslt" in modes else None
        goals.append(goal(f"own fused product over cuBLASLt and requantize, {shape}", ratio, 1.0, "ratio"))
    return goals


def other_goals(folder, bench, torch_report):
    goals = []
    for entry in listed(bench, "bandwidth"):
        if entry["what"] != "copy":
            goals.append(goal(f"{entry['what']}, share of a copy's bandwidth", entry["shareOfCopy"], 0.85, "share"))
    replay = (bench or {}).get("replay") or {}
    if "addedNanos" in replay:
        goals.append(goal("what a session adds to a graph replay", replay["addedNanos"] / 1000, 10.0, "us"))
    for file in sorted(folder.glob("model-*.json")):
        report = read(folder, file.name) or {}
        name, _, batch = file.stem[len("model-") :].rpartition("-")
        ours = next((run["medianNanos"] for run in report.get("runs", [])), None)
        key = "minilm" if "minilm" in name.lower() else "mobilenetv2"
        if key == "mobilenetv2" and not any(word in name.lower() for word in ("mobilenet", "mb2")):
            continue
        peers = torch_report.get("networks", [])
        peer = next((p for p in peers if p["model"] == key and str(p["batch"]) == batch), None)
        ratio = peer["medianNanos"] / ours if peer and ours else None
        goals.append(goal(f"{name} INT8 over torch fp16, batch {batch}", ratio, 1.5, "ratio"))
    return goals


def main(arguments):
    quick = "--quick" in arguments
    names = [argument for argument in arguments if argument != "--quick"]
    if len(names) != 1:
        print("usage: gpu_peers.py [--quick] RESULTS_FOLDER", file=sys.stderr)
        return 2
    folder = pathlib.Path(names[0])
    torch, reason = load_torch()
    report = {}
    if torch is None:
        print(reason, file=sys.stderr)
        report["error"] = reason
    else:
        report["torch"] = torch.__version__
        report["device"] = torch.cuda.get_device_name(0)
        for part, measure in (
            ("intMm", lambda: int_mm(torch, [64] if quick else [4096, 8192])),
            ("networks", lambda: networks(torch, quick)),
        ):
            try:
                report[part] = measure()
            except Exception as fault:  # One part must not take the other down; its reason is kept.
                report[part + "Error"] = f"{type(fault).__name__}: {fault}"
                print(report[part + "Error"], file=sys.stderr)
    (folder / "torch.json").write_text(json.dumps(report, indent=2) + "\n")
    bench = read(folder, "gpu-bench.json")
    goals = product_goals(bench, report) + other_goals(folder, bench, report)
    summary = {"simulated": bool((bench or {}).get("simulated")), "quick": quick, "goals": goals}
    (folder / "summary.json").write_text(json.dumps(summary, indent=2) + "\n")
    for entry in goals:
        reached = "not measured" if entry["reached"] is None else f"{entry['reached']:.3g}"
        verdict = "" if entry["met"] is None or summary["simulated"] else ("  met" if entry["met"] else "  NOT met")
        print(f"{entry['goal']}: {reached} (wanted {entry['wanted']} {entry['unit']}){verdict}")
    if summary["simulated"]:
        print("measured on a simulated device: these figures mean nothing")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
