// Characters that steer where a text is shown: what a server, a file or a stranger's answer says must not do that.

/**
 * Control characters (they move the cursor, colour, retitle), ends of lines and tabs among them; and the marks of Unicode that turn the
 * reading direction around (UAX #9), separate lines, have no width, annotate, or tag text unseen.
 */
const steering =
  /[\u0000-\u001f\u007f-\u009f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]+/gu;

/** The text with each run of them replaced by what `instead` makes of the run; what may stay is kept there. */
export function withoutSteering(text: string, instead: (run: string) => string): string {
  return text.replace(steering, instead);
}

/** A text as one line that steers nothing: a question mark for each of them. */
export function harmlessLine(text: string): string {
  return withoutSteering(text, (run) => '?'.repeat([...run].length));
}
