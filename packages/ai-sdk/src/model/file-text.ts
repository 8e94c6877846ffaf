import { bytesOfText, encodingOf, isTextMedia, textOfBytes, type Unread } from '@flyball/agent-kit';
import type { SharedV4FileData } from '@ai-sdk/provider';

/** Stands for a text that is there and cannot be read; a view names it as unreadable. */
const UNREADABLE = Symbol('unreadable');

/** The text of a file that holds text; `undefined` for pictures, sound and whatever else is not read. Never throws. */
export function textOfFile(mediaType: string, data: SharedV4FileData): string | symbol | undefined {
  if (data.type === 'text') return data.text;
  if (data.type !== 'data' || !isTextMedia(mediaType)) return undefined;
  try {
    return textOfBytes(bytesOf(data.data), mediaType);
  } catch {
    return UNREADABLE;
  }
}

/** True for a file that holds something else than text: nobody reads it. */
export const isMedia = (mediaType: string, data: SharedV4FileData): boolean =>
  data.type !== 'text' && !(data.type === 'data' && isTextMedia(mediaType));

/** Such a file, as an event lists it. */
export const unreadFile = (mediaType: string, path: string): Unread => ({ path, type: mediaType.toLowerCase() });

/** The same file with another text, in its own encoding; `undefined` where it cannot be written so. */
export function withTextOfFile<T extends SharedV4FileData>(data: T, text: string, mediaType: string): T | undefined {
  if (data.type === 'text') return { ...data, text };
  if (data.type !== 'data') return data;
  const bytes = bytesOfText(text, encodingOf(bytesOf(data.data), mediaType));
  if (bytes === undefined) return undefined;
  return { ...data, data: typeof data.data === 'string' ? base64Of(bytes) : bytes };
}

const bytesOf = (data: string | Uint8Array): Uint8Array =>
  typeof data === 'string' ? Uint8Array.from(atob(data), (unit) => unit.charCodeAt(0)) : data;

function base64Of(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
