// The words of a shell script that name something to read about: commands where a command may stand, files, and its own functions.
// Made for agent/rootnote.sh: it knows quotes, comments, substitutions, and the script's ways of saying "make a section of this".
import { own } from '#core/own.ts';

export interface ShellWord {
  /** Where it stands: index of the line, and columns from `start` up to but without `end`. */
  line: number;
  start: number;
  end: number;
  kind: 'command' | 'file' | 'function';
  /** The command's or function's name, or the absolute path. */
  name: string;
  /** The script reads it for the report: it is the source of a section. */
  section: boolean;
}

const keywords = new Set('if then elif else fi do done while until for case in esac ! time'.split(' '));
/** Functions of the script whose next words are commands too: how many of them. */
const wrappers: Record<string, number> = {
  show: 1,
  maybe: 1,
  root: 1,
  systemd: 1,
  limited: 1,
  have: 1,
  begin: 1,
  signin: 2,
};
/** Of those, the ones that make a section. */
const makesSection = new Set(['show', 'maybe', 'root', 'systemd', 'signin', 'call', 'over']);
/** Their first arguments, in quotes, are commands as a person would type them: how many. */
const headed: Record<string, number> = { call: 1, over: 2 };
const pathPattern = /^\/(?:proc|sys|etc|var|run|dev|lib|usr|root|home|boot)(?:\/[\w.*?[\]!-]+)*/;
const commandPattern = /^[a-z][\w.+-]*$/;

/** Where a comment begins in a line that starts outside of quotes: at a `#` that starts a word; -1 where there is none. */
export function commentStart(line: string): number {
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const char = line[at]!;
    if (quote) {
      if (char === '\\' && quote === '"') at++;
      else if (char === quote) quote = '';
    } else if (char === '\\') at++;
    else if (char === "'" || char === '"') quote = char;
    else if (char === '#' && (at === 0 || /\s/.test(line[at - 1]!))) return at;
  }
  return -1;
}

/** Every such word, in order. `functions` are the names that the script defines. */
export function shellWords(lines: readonly string[], functions: ReadonlySet<string>): ShellWord[] {
  const reader = new Reader(functions);
  for (const line of lines) reader.readLine(line);
  return reader.found;
}

/** Reads a script from its first line on, and remembers where in it a word stands. */
class Reader {
  readonly found: ShellWord[] = [];
  readonly #functions: ReadonlySet<string>;
  #line = -1;
  #text = '';
  /** Column that is read next. */
  #at = 0;
  #quote = '';
  #continued = false;
  /** How many of the next words may be commands. */
  #commands = 1;
  /** The function that the words which follow belong to. */
  #by = '';
  /** How many of its quoted arguments are commands as a person would type them. */
  #headers = 0;
  /** For `collect FOLDER NAME…`: empty while the folder is awaited. */
  #folder: string | undefined;

  constructor(functions: ReadonlySet<string>) {
    this.#functions = functions;
  }

  readLine(text: string): void {
    if (!this.#quote && !this.#continued) this.#beginCommand();
    this.#line++;
    this.#text = text;
    this.#at = 0;
    let more = true;
    while (more && this.#at < text.length) more = this.#readNext();
    this.#continued = more && text.endsWith('\\');
  }

  #beginCommand(): void {
    [this.#commands, this.#by, this.#headers, this.#folder] = [1, '', 0, undefined];
  }

  /** Reads one thing; false when nothing of this line is left to read. */
  #readNext(): boolean {
    const rest = this.#text.slice(this.#at);
    if (this.#quote) return this.#quote === "'" ? this.#readSingle(rest) : this.#readDouble(rest);
    const blank = /^\s+/.exec(rest)?.[0];
    if (blank) this.#at += blank.length;
    else if (rest[0] === '#' && (this.#at === 0 || /\s/.test(this.#text[this.#at - 1]!))) return false;
    else if (/^[;|&(){}]/.test(rest)) {
      this.#beginCommand();
      this.#at++;
    } else if (rest[0] === "'" || rest[0] === '"') this.#readOpening(rest, rest[0]);
    else {
      const word = /^(?:\\.|[^\s;|&(){}'"\\]|\$\{[^}]*\}|\\$)+/.exec(rest)?.[0] ?? rest[0]!;
      this.#readWord(word);
      this.#at += word.length;
    }
    return true;
  }

  #readSingle(rest: string): boolean {
    const end = rest.indexOf("'");
    if (end < 0) return false;
    this.#at += end + 1;
    this.#quote = '';
    return true;
  }

  #readDouble(rest: string): boolean {
    const next = /["\\]|\$\(/.exec(rest);
    this.#addFiles(rest.slice(0, next?.index ?? rest.length), this.#at);
    if (!next) return false;
    this.#at += next.index + next[0].length;
    if (next[0] === '\\') this.#at++;
    else {
      this.#quote = '';
      // Up to its end a substitution is read as code; what remains of the string names nothing.
      if (next[0] !== '"') this.#beginCommand();
    }
    return true;
  }

  /** At a quote that opens: the head of a section is read as a command line, all else as a string. */
  #readOpening(rest: string, quote: string): void {
    const end = rest.indexOf(quote, 1);
    if (end < 0 || this.#headers === 0) {
      this.#quote = quote;
      this.#at++;
      return;
    }
    this.#headers--;
    const inside = rest.slice(1, end);
    const name = /^[a-z][\w.-]*/.exec(inside)?.[0];
    if (name) this.#add('command', name, this.#at + 1);
    this.#addFiles(inside, this.#at + 1);
    this.#at += end + 1;
  }

  #readWord(word: string): void {
    if (this.#commands > 0 && this.#readCommand(word)) return;
    // A folder among the names is the one of those that follow it.
    if (this.#folder !== undefined && word.startsWith('/')) this.#folder = word;
    else if (this.#folder === '') this.#folder = undefined;
    else if (this.#folder !== undefined) {
      if (!word.startsWith('$')) this.#add('file', joined(this.#folder, word), this.#at, word.length);
    } else if (this.#commands > 0 && commandPattern.test(word)) {
      this.#add('command', word, this.#at);
      this.#commands--;
    } else if (word === '-exec') this.#commands = 1;
    else if (this.#commands > 0 && /^\$[a-z]+$/.test(word)) {
      // The command is in a variable: what follows are its arguments.
      this.#commands--;
    } else this.#addFiles(word, this.#at);
  }

  /** What the shell itself or the script defines: an assignment, a keyword, a function. False for any other word. */
  #readCommand(word: string): boolean {
    const assignment = /^[A-Za-z_]\w*=/.exec(word)?.[0];
    if (assignment) this.#addFiles(word.slice(assignment.length), this.#at + assignment.length);
    else if (keywords.has(word)) {
      if (word === 'for' || word === 'case' || word === 'in') this.#commands = 0;
    } else if (this.#functions.has(word)) {
      this.#add('function', word, this.#at);
      if (own(headed, this.#by)) this.#commands = 0;
      else this.#beginFunction(word);
    } else return false;
    return true;
  }

  #beginFunction(name: string): void {
    this.#by = name;
    this.#headers = own(headed, name) ?? 0;
    this.#commands = own(wrappers, name) ?? own(headed, name) ?? 0;
    this.#folder = name === 'collect' ? '' : undefined;
  }

  #addFiles(part: string, offset: number): void {
    for (const word of part.matchAll(/\/[^\s'"$;|&(){}]*/g)) {
      const before = part[word.index - 1];
      if (before && !/[\s"'R<]/.test(before)) continue;
      const path = pathPattern.exec(word[0])?.[0];
      if (path && path.lastIndexOf('/') > 0) this.#add('file', path, offset + word.index);
    }
  }

  #add(kind: ShellWord['kind'], name: string, start: number, length = name.length): void {
    this.found.push({
      line: this.#line,
      start,
      end: start + length,
      kind,
      name,
      section: makesSection.has(this.#by),
    });
  }
}

/** `/etc` and `../var/lib` → `/var/lib`; `/` and `var/x` → `/var/x`. */
function joined(folder: string, name: string): string {
  const parts: string[] = [];
  for (const part of `${folder}/${name}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part) parts.push(part);
  }
  return `/${parts.join('/')}`;
}
