// A name as a machine gives it: where it is too long for its place, it breaks behind a dot, dash or slash and not within a word.
import { Fragment } from 'react';

export function Name({ text }: { text: string }) {
  return text.split(/(?<=[.\-_/:@])/).map((part, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}
