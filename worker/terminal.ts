// What every command does at a terminal: the reader of a pipe may leave early, and what comes from a server steers nothing.

/**
 * Text of a server, a file or a probe for a terminal: control characters and the marks that turn the reading direction around or hide
 * become question marks; ends of lines and tabs stay.
 */
export function harmless(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u200b-\u200f\u2060-\u2069\ufeff]/g,
    '?',
  );
}

/** The same for one line: no end of a line and no tab either. */
export function harmlessLine(text: string): string {
  return harmless(text).replace(/[\t\n]/g, '?');
}

/** A value with all its texts made harmless lines. */
export function harmlessValue<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? harmlessLine(part) : part)),
  ) as T;
}

/** JSON as it is written to a terminal or a file: what steers a terminal is written as \u and four digits, which reads the same. */
export function harmlessJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f\u2028-\u202e\u200b-\u200f\u2060-\u2069\ufeff]/g,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** `| head` has seen enough when it closes the pipe: the command ends as it would have. */
export function endWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit();
      throw error;
    });
  }
}
