// Words as the search compares them: lower case, without endings, and near enough when a finger slipped.

const filler = new Set(
  `a about after again all already also although always am an and any anybody anyone are as at be because been before being but by can cannot could did do
   does dont every everything find for from get gets getting give gives go goes had has have he her here him his how i if in into is isnt
   it its itself keep keeps know let lets like linux look make makes many may me mean might mine more most much must my need no nobody not
   of on only or our really say says see seem seems she should since show so some somebody someone something still tell than that the their them
   then there these they thing this those tonight to today too until us use very want was way we were what when where whether which while
   who whose why will with would you your server`
    .split(/\s+/)
    .concat(
      'arent cant couldnt didnt doesnt hasnt havent im ive should shouldnt wasnt wont wouldnt'.split(' '),
    )
    // What changes the meaning of a symptom stays.
    .filter((word) => !['no', 'not', 'too', 'down', 'up'].includes(word)),
);

/** Lower case, one blank between words, typographic quotes made plain. */
export const normalise = (text: string): string =>
  text.toLowerCase().replace(/[‘’]/g, "'").replace(/[“”]/g, '"').replace(/\s+/g, ' ').trim();

/** The words of a text as they stand; an apostrophe joins (`won't` is `wont`), every other sign parts. */
export const rawWords = (text: string): string[] =>
  normalise(text)
    .replace(/(?<=[a-z])'(?=[a-z])/g, '')
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');

/** Whether a word says nothing about what is meant. */
export const isFiller = (word: string): boolean => filler.has(word);

/** The words of a text without endings, fillers left out unless there is nothing else. */
export function wordsOf(text: string): string[] {
  const all = rawWords(text);
  const telling = all.filter((word) => !filler.has(word));
  return (telling.length > 0 ? telling : all).map(stem);
}

/** Forms of verbs that no ending tells. */
const irregular = new Map(
  `began:begin bought:buy broke:break broken:break built:build died:die dying:die fell:fall fallen:fall froze:freeze frozen:freeze
   grew:grow grown:grow hung:hang kept:keep left:leave lost:lose ran:run shrank:shrink shrunk:shrink shut:shut slept:sleep stole:steal
   stolen:steal stuck:stick taken:take took:take went:go wrote:write written:write`
    .split(/\s+/)
    .map((pair) => pair.split(':') as [string, string]),
);

/** Without the endings of English plurals and verbs: `interrupts` and `interrupted` are `interrupt`, `swapping` is `swap`. */
export function stem(word: string): string {
  if (word.length < 4 || /\d/.test(word)) return irregular.get(word) ?? word;
  let short = (irregular.get(word) ?? word)
    .replace(/ies$/, 'y')
    .replace(/(?<=ch|sh|x|z|ss)es$/, '')
    .replace(/(?<![sui])s$/, '');
  if (short.length > 5) short = short.replace(/(ing|ed)$/, '');
  // `panicked` → `panic`; `blocked` and `kicked` stay `block` and `kick`.
  if (short.length < word.length) short = short.replace(/(?<=[aeiou]\w*(?:n|ff|m))ick$/, 'ic');
  // `swapp` → `swap`; `full` and `kill` stay.
  if (short.length < word.length && /([bdgmnprt])\1$/.test(short)) short = short.slice(0, -1);
  return short.length > 3 ? short.replace(/e$/, '') : short;
}
