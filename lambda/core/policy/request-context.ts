import type { PolicyRequest } from './policy';

/** What a request says about a key: undefined = not known, null = known to be absent. */
export type Given = string | readonly string[] | null | undefined;

/** Looks keys up. Names of condition keys are not case-sensitive. */
export function givenIn(context: PolicyRequest['context']): (key: string) => Given {
  let known: Map<string, Given> | undefined;
  return (key) => {
    if (known === undefined) {
      known = new Map();
      for (const name of Object.keys(context)) {
        const lower = name.toLowerCase();
        // Two spellings of one key in the context: we would have to guess which is right.
        known.set(lower, known.has(lower) ? undefined : context[name]);
      }
    }
    return known.get(key.toLowerCase());
  };
}
