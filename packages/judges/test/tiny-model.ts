// Writes a text classifier of a few hundred bytes in ONNX, with its tokenizer, so that the real library has something
// to load: each word of a list adds to the second label.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Protocol buffers, as much of them as a model needs. */
const varint = (value: number): Buffer => {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
};
const number = (field: number, value: number): Buffer => Buffer.concat([varint(field * 8), varint(value)]);
const bytes = (field: number, value: Buffer | string): Buffer => {
  const buffer = Buffer.from(value as string);
  return Buffer.concat([varint(field * 8 + 2), varint(buffer.length), buffer]);
};
const message = (...fields: readonly Buffer[]): Buffer => Buffer.concat(fields);

const FLOAT = 1;
const INT64 = 7;

const tensor = (name: string, type: number, dims: readonly number[], raw: Buffer): Buffer =>
  message(...dims.map((dim) => number(1, dim)), number(2, type), bytes(8, name), bytes(9, raw));
const int64 = (value: number): Buffer => {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64LE(BigInt(value));
  return buffer;
};
const node = (
  type: string,
  inputs: readonly string[],
  output: string,
  attributes: { [name: string]: number } = {},
): Buffer =>
  message(
    ...inputs.map((name) => bytes(1, name)),
    bytes(2, output),
    bytes(4, type),
    ...Object.entries(attributes).map(([name, value]) =>
      bytes(5, message(bytes(1, name), number(3, value), number(20, 2))),
    ),
  );
const value = (name: string, type: number, dims: readonly string[]): Buffer =>
  message(
    bytes(1, name),
    bytes(2, bytes(1, message(number(1, type), bytes(2, message(...dims.map((dim) => bytes(1, bytes(2, dim)))))))),
  );

/** logits[batch] = the sum of a row of the table for each token that is not padding. */
function model(rows: readonly (readonly number[])[]): Buffer {
  const labels = rows[0]!.length;
  const table = Buffer.from(Float32Array.from(rows.flat()).buffer);
  const graph = message(
    bytes(1, node('Gather', ['table', 'input_ids'], 'rows', { axis: 0 })),
    bytes(1, node('Cast', ['attention_mask'], 'mask', { to: FLOAT })),
    bytes(1, node('Unsqueeze', ['mask', 'last'], 'wide')),
    bytes(1, node('Mul', ['rows', 'wide'], 'kept')),
    bytes(1, node('ReduceSum', ['kept', 'sequence'], 'logits', { keepdims: 0 })),
    bytes(2, 'tiny'),
    bytes(5, tensor('table', FLOAT, [rows.length, labels], table)),
    bytes(5, tensor('last', INT64, [1], int64(2))),
    bytes(5, tensor('sequence', INT64, [1], int64(1))),
    bytes(11, value('input_ids', INT64, ['batch', 'tokens'])),
    bytes(11, value('attention_mask', INT64, ['batch', 'tokens'])),
    bytes(12, value('logits', FLOAT, ['batch', 'labels'])),
  );
  return message(number(1, 8), bytes(2, 'test'), bytes(7, graph), bytes(8, message(bytes(1, ''), number(2, 17))));
}

/** Writes the model into `folder`: labels `safe` and `unsafe`. */
export function writeTinyModel(folder: string, unsafe: readonly string[]): void {
  const words = ['[PAD]', '[UNK]', ...unsafe];
  const vocab = Object.fromEntries(words.map((word, index) => [word, index]));
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  writeFileSync(join(folder, 'onnx', 'model.onnx'), model(words.map((_, index) => (index < 2 ? [0.05, 0] : [0, 4]))));
  const save = (name: string, content: object): void => writeFileSync(join(folder, name), JSON.stringify(content));
  save('config.json', {
    model_type: 'bert',
    architectures: ['BertForSequenceClassification'],
    id2label: { 0: 'safe', 1: 'unsafe' },
    label2id: { safe: 0, unsafe: 1 },
    vocab_size: words.length,
    max_position_embeddings: 512,
  });
  save('tokenizer_config.json', {
    tokenizer_class: 'PreTrainedTokenizerFast',
    model_max_length: 512,
    pad_token: '[PAD]',
    unk_token: '[UNK]',
  });
  const special = {
    id: 0,
    content: '[PAD]',
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  };
  save('tokenizer.json', {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [special, { ...special, id: 1, content: '[UNK]' }],
    normalizer: { type: 'Lowercase' },
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: null,
    decoder: null,
    model: { type: 'WordLevel', vocab, unk_token: '[UNK]' },
  });
}
