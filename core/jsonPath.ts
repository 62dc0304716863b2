// Paths into JSON: `status`, `$.data.items[0].name`, `data["odd key"]`.

/** The value as text (objects as JSON), or a sentence that says how far the path reaches. */
export function valueAt(text: string, path: string): { value: string } | { problem: string } {
  let current: unknown;
  try {
    current = JSON.parse(text);
  } catch {
    return { problem: 'The body is not valid JSON' };
  }
  const steps = stepsOf(path);
  if (steps === undefined) return { problem: `'${path}' is not a path: write data.items[0].name` };
  for (const step of steps) {
    const inside = typeof current === 'object' && current !== null;
    if (!inside || !Object.hasOwn(current as object, step))
      return { problem: `The JSON has no ${path}: '${step}' is missing` };
    current = (current as Record<string, unknown>)[step];
  }
  return { value: typeof current === 'string' ? current : JSON.stringify(current) };
}

/** A sentence when it is not a path. */
export function pathProblem(path: string): string | undefined {
  return stepsOf(path) === undefined ? `'${path}' is not a path: write data.items[0].name` : undefined;
}

function stepsOf(path: string): string[] | undefined {
  const steps: string[] = [];
  const step = /(?:^|\.)([^.[\]"']+)|\[(\d+)\]|\["([^"]*)"\]|\['([^']*)'\]/y;
  const rest = path.replace(/^\$\.?/, '');
  while (step.lastIndex < rest.length) {
    const match = step.exec(rest);
    if (match === null) return undefined;
    steps.push(match[1] ?? match[2] ?? match[3] ?? match[4] ?? '');
  }
  return steps;
}
