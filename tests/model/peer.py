"""A real server of the protocol, with a model that fits on a page.

llama.cpp's own HTTP server, from the package `xllamacpp`, serves a model that is written here: nothing is downloaded but
the server. The model's one layer does nothing; each token's embedding names the token that follows it, so that it says one
French sentence and stops. Held to a schema, it says anything that the schema allows.

    peer.py FOLDER KEY     serves on a loopback port, prints its address, and ends with its standard input
"""

import socket
import struct
import sys
from pathlib import Path

SENTENCE = ["▁Oui", ",", "▁enfin", "▁j", "'", "attends", "▁depuis", "▁longtemps", "."]
ROLES = ["<|system|>", "<|user|>", "<|assistant|>", "<|answer|>"]
TEMPLATE = "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}{% endfor %}<|answer|>"
# What closes a JSON text, list or object is likelier than any other sign, so that what a schema leaves open ends soon.
CLOSING = {f"<0x{ord(sign):02X}>" for sign in '"]}'}
CONTEXT = 8192
SLOTS = 4

# Kinds of tokens, and of values in the header of a GGUF file.
NORMAL, UNKNOWN, CONTROL, BYTE = 1, 2, 3, 6
U32, I32, F32, BOOL, TEXT, LIST = 4, 5, 6, 7, 8, 9


def vocabulary():
    """Texts and kinds of the tokens: special ones, every byte, the words; as many as attention heads divide."""
    tokens = [("<unk>", UNKNOWN), ("<s>", CONTROL), ("</s>", CONTROL)]
    tokens += [(role, CONTROL) for role in ROLES]
    tokens += [(f"<0x{byte:02X}>", BYTE) for byte in range(256)]
    tokens += [(word, NORMAL) for word in SENTENCE]
    tokens += [(f"▁{nth}", NORMAL) for nth in range(-len(tokens) % 32)]
    return tokens


def text(value):
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def value(kind, of):
    if kind == LIST:
        inner, items = of
        return struct.pack("<IQ", inner, len(items)) + b"".join(value(inner, item) for item in items)
    return text(of) if kind == TEXT else struct.pack({U32: "<I", I32: "<i", F32: "<f", BOOL: "<?"}[kind], of)


def field(name, kind, of):
    return text(name) + struct.pack("<I", kind) + value(kind, of)


def header(tokens):
    width = len(tokens)
    return [
        field("general.architecture", TEXT, "llama"),
        field("general.name", TEXT, "one sentence"),
        field("llama.block_count", U32, 1),
        field("llama.context_length", U32, CONTEXT),
        field("llama.embedding_length", U32, width),
        field("llama.feed_forward_length", U32, 32),
        field("llama.attention.head_count", U32, width // 32),
        field("llama.attention.head_count_kv", U32, 1),
        field("llama.attention.layer_norm_rms_epsilon", F32, 1e-6),
        field("llama.rope.dimension_count", U32, 32),
        field("llama.vocab_size", U32, width),
        field("tokenizer.ggml.model", TEXT, "llama"),
        field("tokenizer.ggml.tokens", LIST, (TEXT, [token for token, _ in tokens])),
        field("tokenizer.ggml.scores", LIST, (F32, [-float(at) for at in range(width)])),
        field("tokenizer.ggml.token_type", LIST, (I32, [kind for _, kind in tokens])),
        field("tokenizer.ggml.unknown_token_id", U32, 0),
        field("tokenizer.ggml.bos_token_id", U32, 1),
        field("tokenizer.ggml.eos_token_id", U32, 2),
        field("tokenizer.ggml.add_bos_token", BOOL, True),
        field("tokenizer.chat_template", TEXT, TEMPLATE),
    ]


def tensors(tokens):
    """Names, shapes and values: nothing happens between a token's embedding and the choice of the next."""
    names = [token for token, _ in tokens]
    width = len(names)
    chain = [names.index(name) for name in ["<|answer|>", *SENTENCE, "</s>"]]
    before = dict(zip(chain[1:], chain))
    ones = struct.pack(f"<{width}f", *[1.0] * width)

    def rows(hot, floor=lambda row: 0.0):
        values = ([1.0 if at == hot(row) else floor(row) for at in range(width)] for row in range(width))
        return b"".join(struct.pack(f"<{width}f", *row) for row in values)

    def zeros(*shape):
        return shape, bytes(4 * shape[0] * shape[1])

    return {
        "token_embd.weight": ((width, width), rows(lambda token: token)),
        "blk.0.attn_norm.weight": ((width,), ones),
        "blk.0.attn_q.weight": zeros(width, width),
        "blk.0.attn_k.weight": zeros(width, 32),
        "blk.0.attn_v.weight": zeros(width, 32),
        "blk.0.attn_output.weight": zeros(width, width),
        "blk.0.ffn_norm.weight": ((width,), ones),
        "blk.0.ffn_gate.weight": zeros(width, 32),
        "blk.0.ffn_up.weight": zeros(width, 32),
        "blk.0.ffn_down.weight": zeros(32, width),
        "output_norm.weight": ((width,), ones),
        "output.weight": ((width, width), rows(before.get, lambda token: 0.15 if names[token] in CLOSING else 0.0)),
    }


def gguf():
    """The model as a GGUF file, version 3."""
    tokens = vocabulary()
    fields, all_tensors = header(tokens), tensors(tokens)
    places, data = b"", b""
    for name, (shape, values) in all_tensors.items():
        places += text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, 0, len(data))
        data += values + bytes(-len(values) % 32)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(all_tensors), len(fields)) + b"".join(fields) + places
    return head + bytes(-len(head) % 32) + data


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def main():
    folder, key = Path(sys.argv[1]), sys.argv[2]
    model = folder / "one-sentence.gguf"
    model.write_bytes(gguf())

    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.model_alias = {"one-sentence"}
    params.hostnames = ["127.0.0.1"]
    params.port = free_port()
    params.api_keys = [key]
    params.n_ctx = CONTEXT * SLOTS
    params.n_parallel = SLOTS
    params.warmup = False
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()


main()
