// A rule or an edge that fails is a defect of ours: it is said, and the others go on.

/** `what` names it: a rule id, or cause and effect of an edge. */
export type OnFailure = (what: string, error: unknown) => void;

/** What `run` returns, or what stands in for it when it throws and somebody wants to know; else it throws on. */
export function guarded<T>(
  what: string,
  onFailure: OnFailure | undefined,
  run: () => T,
  standIn: () => T,
): T {
  if (!onFailure) return run();
  try {
    return run();
  } catch (error) {
    onFailure(what, error);
    return standIn();
  }
}

/** So many failures are remembered, to say each once. */
const mostSaid = 1000;

/** Says each failure once, with the place in the code; of a server when one is named. */
export function sayOnce(
  log: (message: string) => void,
  { said = new Set<string>(), server = '' }: { said?: Set<string>; server?: string } = {},
): OnFailure {
  return (what, error) => {
    const key = `${server} ${what}`;
    if (said.has(key)) return;
    if (said.size >= mostSaid) said.clear();
    said.add(key);
    const place = error instanceof Error ? error.stack?.split('\n')[1]?.trim() : undefined;
    log(
      `${server ? `server ${server}: ` : ''}${what} could not be judged and is left out: ${String(error)}${place ? ` ${place}` : ''}`,
    );
  };
}
