/**
 * Text that grows at its end and is forgotten at its beginning, of which short stretches near the end are read. Kept in
 * parts: an engine joins what was added to a string when it is next read, all of it, and with text that is held for
 * long that would be done for every piece.
 */

/** Units of a part to which more is added. */
const PART = 512;

export class GrowingText {
  /** Position of the first unit that is kept. */
  first = 0;
  /** Position behind the last. */
  end = 0;
  /** By part: its text, and its position. */
  private parts: string[] = [];
  private starts: number[] = [];

  copy(): GrowingText {
    const other = new GrowingText();
    other.first = this.first;
    other.end = this.end;
    other.parts = this.parts.slice();
    other.starts = this.starts.slice();
    return other;
  }

  get length(): number {
    return this.end - this.first;
  }

  reset(): void {
    this.first = this.end = 0;
    this.parts.length = this.starts.length = 0;
  }

  append(text: string): void {
    if (text === '') return;
    const { parts, end } = this;
    // What was added last may be long, and be cut before more is added.
    const last = parts.length - 1;
    if (last > 0 && parts[last - 1]!.length + parts[last]!.length <= PART) {
      parts[last - 1] += parts[last]!;
      parts[last] = text;
      this.starts[last] = end;
    } else {
      parts.push(text);
      this.starts.push(end);
    }
    this.end += text.length;
  }

  /** Nothing is known of the text from `position` on. */
  cutAt(position: number): void {
    if (position >= this.end) return;
    const { parts, starts } = this;
    let last = parts.length - 1;
    for (; last > 0 && starts[last]! >= position; last--) {
      parts.pop();
      starts.pop();
    }
    parts[last] = parts[last]!.slice(0, Math.max(0, position - starts[last]!));
    this.end = Math.max(this.first, position);
  }

  forgetBefore(position: number): void {
    if (position <= this.first) return;
    const { parts, starts } = this;
    let whole = 0;
    while (whole + 1 < parts.length && starts[whole + 1]! <= position) whole++;
    if (whole > 0) {
      parts.splice(0, whole);
      starts.splice(0, whole);
    }
    if (parts.length > 0) {
      parts[0] = parts[0]!.slice(position - starts[0]!);
      starts[0] = position;
    }
    this.first = position;
    this.end = Math.max(this.end, position);
  }

  /** The text between two positions, as far as it is kept. */
  slice(from: number, to: number): string {
    const { parts, starts } = this;
    let part = parts.length - 1;
    if (part < 0 || to <= from) return '';
    while (part > 0 && starts[part]! > from) part--;
    const start = Math.max(from, starts[part]!);
    let text = parts[part]!.slice(start - starts[part]!, Math.max(0, to - starts[part]!));
    for (part++; part < parts.length && starts[part]! < to; part++) text += parts[part]!.slice(0, to - starts[part]!);
    return text;
  }

  /** The unit at a position that is kept; `NaN` behind the end. */
  unitAt(position: number): number {
    const { parts, starts } = this;
    let part = parts.length - 1;
    if (part < 0) return Number.NaN;
    while (part > 0 && starts[part]! > position) part--;
    return parts[part]!.charCodeAt(position - starts[part]!);
  }
}
