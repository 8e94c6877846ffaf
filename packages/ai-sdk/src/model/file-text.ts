import type { Unread } from '@flyball/agent-kit';
import type { SharedV4FileData } from '@ai-sdk/provider';

const TEXT_MEDIA = /^(text\/|application\/(json|xml|yaml|x-yaml|javascript|sql|csv)\b|[^;]+\+(json|xml)\b)/i;

/** Stands for a text that is there and cannot be read; a view names it as unreadable. */
const UNREADABLE = Symbol('unreadable');

/** The text of a file that holds text; `undefined` for pictures, sound and whatever else is not read. Never throws. */
export function textOfFile(mediaType: string, data: SharedV4FileData): string | symbol | undefined {
  if (data.type === 'text') return data.text;
  if (data.type !== 'data' || !TEXT_MEDIA.test(mediaType)) return undefined;
  try {
    return new TextDecoder().decode(typeof data.data === 'string' ? bytesOf(data.data) : data.data);
  } catch {
    return UNREADABLE;
  }
}

/** True for a file that holds something else than text: nobody reads it. */
export const isMedia = (mediaType: string, data: SharedV4FileData): boolean =>
  data.type !== 'text' && !(data.type === 'data' && isTextMedia(mediaType));

const isTextMedia = (mediaType: string): boolean => TEXT_MEDIA.test(mediaType);

/** Such a file, as an event lists it. */
export const unreadFile = (mediaType: string, path: string): Unread => ({ path, type: mediaType.toLowerCase() });

/** The same file with another text. */
export function withTextOfFile<T extends SharedV4FileData>(data: T, text: string): T {
  if (data.type === 'text') return { ...data, text };
  if (data.type !== 'data') return data;
  const bytes = new TextEncoder().encode(text);
  return { ...data, data: typeof data.data === 'string' ? base64Of(bytes) : bytes };
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (unit) => unit.charCodeAt(0));
}

function base64Of(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
