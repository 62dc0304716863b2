// A part of a page under a heading of its own.
import type { ReactNode } from 'react';

interface Props {
  /** Of the heading: where links lead, and what names the part. */
  id: string;
  title: string;
  /** Said beside the heading. */
  aside?: string | undefined;
  tools?: ReactNode;
  children: ReactNode;
}

export function Section({ id, title, aside, tools, children }: Props) {
  return (
    <section aria-labelledby={id}>
      <div className="head">
        <h2 id={id}>{title}</h2>
        {aside && <p className="counts">{aside}</p>}
        {tools && <div className="head-tools">{tools}</div>}
      </div>
      {children}
    </section>
  );
}
