// What every command does at a terminal: the reader of a pipe may leave early, and what comes from a server steers nothing.
import { harmlessLine, withoutSteering } from '#core/steering.ts';

/** Text of a server, a file or a probe for a terminal: what would steer it becomes question marks; ends of lines and tabs stay. */
export function harmless(text: string): string {
  return withoutSteering(text, (run) => run.replace(/[^\t\n]/gu, '?'));
}

/** A value with all its texts made harmless lines. */
export function harmlessValue<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? harmlessLine(part) : part)),
  ) as T;
}

/** JSON as it is written to a terminal or a file: what steers a terminal is written as \u and four digits, which reads the same. */
export function harmlessJson(value: unknown, indent?: number): string {
  const escaped = (mark: string) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return withoutSteering(JSON.stringify(value, null, indent), (run) => run.replace(/[^\n]/g, escaped));
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
