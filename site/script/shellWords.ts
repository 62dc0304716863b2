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
  const found: ShellWord[] = [];
  let quote = '';
  /** How many of the next words may be commands. */
  let commands = 1;
  /** What the words that follow belong to. */
  let by = '';
  let headers = 0;
  let folder: string | undefined;
  let continued = false;
  const reset = (): void => {
    [commands, by, headers, folder] = [1, '', 0, undefined];
  };

  lines.forEach((text, line) => {
    if (!quote && !continued) reset();
    let at = 0;
    const add = (kind: ShellWord['kind'], name: string, start: number, length = name.length): void => {
      found.push({ line, start, end: start + length, kind, name, section: makesSection.has(by) });
    };
    const files = (part: string, offset: number): void => {
      for (const word of part.matchAll(/\/[^\s'"$;|&(){}]*/g)) {
        const before = part[word.index - 1];
        if (before && !/[\s"'R<]/.test(before)) continue;
        const path = pathPattern.exec(word[0])?.[0];
        if (path && path.lastIndexOf('/') > 0) add('file', path, offset + word.index);
      }
    };
    while (at < text.length) {
      const rest = text.slice(at);
      if (quote === "'") {
        const end = rest.indexOf("'");
        if (end < 0) return;
        at += end + 1;
        quote = '';
        continue;
      }
      if (quote === '"') {
        const next = /["\\]|\$\(/.exec(rest);
        files(rest.slice(0, next?.index ?? rest.length), at);
        if (!next) return;
        at += next.index + next[0].length;
        if (next[0] === '\\') at++;
        else if (next[0] === '"') quote = '';
        else {
          // Up to its end a substitution is read as code; what remains of the string names nothing.
          quote = '';
          reset();
        }
        continue;
      }
      const blank = /^\s+/.exec(rest)?.[0];
      if (blank) {
        at += blank.length;
        continue;
      }
      if (rest[0] === '#' && (at === 0 || /\s/.test(text[at - 1]!))) return;
      if (/^[;|&(){}]/.test(rest)) {
        reset();
        at++;
        continue;
      }
      if (rest[0] === "'" || rest[0] === '"') {
        const end = rest.indexOf(rest[0], 1);
        if (end > 0 && headers > 0) {
          headers--;
          const inside = rest.slice(1, end);
          const name = /^[a-z][\w.-]*/.exec(inside)?.[0];
          if (name) add('command', name, at + 1);
          files(inside, at + 1);
          at += end + 1;
        } else {
          quote = rest[0];
          at++;
        }
        continue;
      }
      const word = /^(?:\\.|[^\s;|&(){}'"\\]|\$\{[^}]*\}|\\$)+/.exec(rest)?.[0] ?? rest[0]!;
      const assignment = /^[A-Za-z_]\w*=/.exec(word)?.[0];
      if (commands > 0 && assignment) {
        files(word.slice(assignment.length), at + assignment.length);
      } else if (commands > 0 && keywords.has(word)) {
        if (word === 'for' || word === 'case' || word === 'in') commands = 0;
      } else if (commands > 0 && functions.has(word) && own(headed, by)) {
        add('function', word, at);
        commands = 0;
      } else if (commands > 0 && functions.has(word)) {
        add('function', word, at);
        by = word;
        headers = own(headed, word) ?? 0;
        commands = own(wrappers, word) ?? own(headed, word) ?? 0;
        folder = word === 'collect' ? '' : undefined;
      } else if (folder === '') {
        folder = word.startsWith('/') ? word : undefined;
      } else if (folder !== undefined) {
        if (!word.startsWith('$')) add('file', joined(folder, word), at, word.length);
      } else if (commands > 0 && commandPattern.test(word)) {
        add('command', word, at);
        commands--;
      } else if (word === '-exec') {
        commands = 1;
      } else if (commands > 0 && /^\$[a-z]+$/.test(word)) {
        // The command is in a variable: what follows are its arguments.
        commands--;
      } else {
        files(word, at);
      }
      at += word.length;
    }
    continued = text.endsWith('\\');
  });
  return found;
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
