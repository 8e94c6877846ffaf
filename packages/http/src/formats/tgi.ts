import { isObject, str, wire, type EventData, type StreamFormat } from './format.ts';
import { Shape } from './shape.ts';

const TOKEN = new Shape({
  continued: { 'token.text': 'text' },
  // All the text again, at the end.
  apart: ['generated_text'],
  exempt: ['index', 'token.id', 'token.logprob'],
});

/** Tokens of Hugging Face's text generation servers. */
export function tgi(): StreamFormat {
  let text = '';
  let tokens = 0;
  return {
    read({ data }) {
      const token = isObject(data) ? data['token'] : undefined;
      const isToken = isObject(token) && typeof token['text'] === 'string' && typeof token['id'] === 'number';
      return isToken ? { shape: TOKEN, remembers: true } : undefined;
    },
    left({ data }) {
      text += str(((data as EventData)['token'] as EventData)['text']);
      tokens++;
    },
    ending: () => [
      wire({
        index: tokens + 1,
        token: { id: 0, text: '', logprob: 0, special: true },
        generated_text: text,
        details: { finish_reason: 'stop_sequence', generated_tokens: tokens },
      }),
    ],
  };
}
