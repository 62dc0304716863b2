// What a code fence of an article says to the reader. The words after the language steer the runner of the examples; few of them show.

/** The value of a placeholder that may stand without one of its own. */
const usual: Record<string, string> = { pid: '2417' };

const placeholder = /\{\{([a-z]+)(?::([^{}]*))?\}\}/g;

/** `{{int:1234}}` → `1234`, `{{pid}}` → `2417`. A name that nobody knows stays as it is, so that it is noticed. */
export function showPlaceholders(text: string): string {
  return text.replace(placeholder, (whole, name: string, value?: string) => value ?? usual[name] ?? whole);
}

/** Whether a fence only prepares the sandbox and is hidden from readers. */
export function isSetup(meta: string | null | undefined): boolean {
  return /(^|\s)setup(\s|$)/.test(meta ?? '');
}

/** The prompt at the start of a line of a console fence, or '' for a line of output. `> ` continues a command. */
export function promptOf(line: string): '# ' | '$ ' | '> ' | '' {
  const start = line.slice(0, 2);
  return start === '# ' || start === '$ ' || start === '> ' ? start : '';
}
