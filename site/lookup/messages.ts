// Lines of logs and terminals, pasted whole: what differs each time the same message is printed is taken out, so that the message is left.
import { wordsOf } from './words.ts';

/** Of a longer text the beginning is looked at. */
const longestText = 600;
const month = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)';
const day = '(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )?';
/** In this order: each leaves a blank. Lower case is expected. */
const variables = [
  // Syslog: the date and the host, up to the name of the program.
  new RegExp(`^(?:<\\d+>)?${day}${month} +\\d+ [\\d:.]+ [\\w.-]+ (?=[\\w./-]+(?:\\[\\d+\\])?:)`),
  new RegExp(`\\[?${day}${month} +\\d+(?:,? +\\d{4})?(?: [\\d:.,]+)?(?: \\d{4})?\\]?`, 'g'),
  new RegExp(`\\d+[-/]${month}[-/]\\d{4}[\\d:]*(?: [+-]\\d{4})?`, 'g'),
  /\d{4}[-/]\d\d[-/]\d\d(?:[ t]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)?(?:z|[+-]\d\d:?\d\d| utc)?/g,
  /\b\d\d?:\d\d(?::\d\d(?:[.,]\d+)?)?\b(?![:.]\d)/g,
  /\[ *\d+\.\d+\]/g,
  // Addresses of every sort.
  /\b[a-z][a-z\d+.-]*:\/\/\S+/g,
  /[\w.+-]+@[\w.-]+/g,
  /\b\d+(?:\.\d+){3}(?::\d+|\/\d+)?/g,
  /(?:\b[\da-f]{1,4}:|::){2,}[\da-f:.]*/g,
  /\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/g,
  // Numbers of processes, connections and blocks; measures; words with figures in the middle.
  /\b0x[\da-f]+\b|[#*]\d+/g,
  /\[[^\]\s]*\d[^\]\s]*\]/g,
  /\b\d{5,}\b|\b\d+(?:[kmgt]i?b|ms|s)\b/g,
  /\b(?=[\da-f]*\d[\da-f]*[a-f]|[\da-f]*[a-f][\da-f]*\d)[\da-f]{7,}\b/g,
  // A name in quotes; a command in quotes has a blank and stays.
  /(?<![\w])(['"`])[^'"`\s]{1,80}\1(?!\w)/g,
];
const path = /(?<![\w)])(?:~|\.{0,2})\/[\w.@+~:-]+(?:\/[\w.@+~:-]*)*/g;

/** `isKnown`: whether a path is one that articles write about; it stays. */
export function withoutVariables(text: string, isKnown: (path: string) => boolean = () => false): string {
  let rest = text.slice(0, longestText).toLowerCase();
  for (const pattern of variables) rest = rest.replace(pattern, ' ');
  return rest.replace(path, (found) => (isKnown(found.replace(/[.:]+$/, '')) ? found : ' '));
}

/** The words of a message that do not change: no figures, no names. */
export const messageWords = (text: string): string[] =>
  wordsOf(withoutVariables(text)).filter((word) => !/\d/.test(word));

/** How much of the message stands in the line, in its order: 0..1 of the weight of its words. */
export function heldBy(line: string[], message: string[], weightOf: (word: string) => number): number {
  const total = message.reduce((sum, word) => sum + weightOf(word), 0);
  if (total === 0) return 0;
  // The longest common subsequence, by weight.
  let last = new Array<number>(line.length + 1).fill(0);
  for (const word of message) {
    const row = [0];
    const weight = weightOf(word);
    line.forEach((other, at) => {
      const both = other === word ? (last[at] ?? 0) + weight : 0;
      row.push(Math.max(both, row[at] ?? 0, last[at + 1] ?? 0));
    });
    last = row;
  }
  return (last[line.length] ?? 0) / total;
}
