// The styles of fences, scoped to Expressive Code by the plugin.
export const fenceStyles = `
  .fence { all: unset; display: block; position: relative; container-type: inline-size; }
  .fence .title {
    font-family: var(--rn-font-mono); font-size: var(--rn-text-xs); color: var(--rn-ink-muted);
    padding: var(--rn-space-1) 4.5rem var(--rn-space-1) var(--rn-space-3); border: 1px solid var(--rn-line); border-bottom: 0;
    border-radius: var(--rn-radius) var(--rn-radius) 0 0; background: var(--rn-band); overflow-wrap: anywhere;
  }
  .fence .title + pre { border-top-left-radius: 0; border-top-right-radius: 0; }
  .prompt { color: var(--rn-accent); font-weight: 400; user-select: none; -webkit-user-select: none; }
  .prompt span { color: inherit; }
  .cmd { font-weight: 600; }
  /* A command wraps as in a terminal, at the edge of the frame; output keeps its columns and scrolls. */
  .cmd .code { box-sizing: border-box; max-width: calc(100cqi - 2px); white-space: pre-wrap; overflow-wrap: anywhere; --ecIndent: 2ch; }
  .cmd:not(:first-child) { margin-top: 0.5em; }
  .out { color: var(--rn-ink); }
  .out.band { background: var(--rn-band); }
  .copy {
    position: absolute; top: 0.3rem; right: 0.3rem; padding: 0 0.5rem; font: 500 var(--rn-text-xs)/1.6rem var(--rn-font-text);
    color: var(--rn-ink-muted); background: var(--rn-surface); border: 1px solid var(--rn-line); border-radius: var(--rn-radius);
    cursor: pointer;
  }
  .copy:hover { color: var(--rn-ink); border-color: var(--rn-line-strong); }
  .copy:focus-visible { outline: var(--rn-focus); outline-offset: 1px; }
  /* In the bar of the title, however many lines that has. */
  .title ~ .copy { top: 0.15rem; line-height: 1.3rem; }
  .skipped { margin: var(--rn-space-1) 0 0; font-size: var(--rn-text-xs); color: var(--rn-ink-muted); }
  .ec-line:first-child .code { padding-inline-end: 4rem; box-sizing: border-box; }
  @media (scripting: none) {
    .copy { display: none; }
    /* Its colours are of the theme that a script chooses. */
    .ec-line .code span { color: inherit !important; }
  }
  @media print { .copy { display: none; } }
`;
