import { clean } from '../text/clean';

/**
 * Kleene's three-valued logic: yes, no, or maybe with the reasons why it cannot be told.
 * A certain `no` in a conjunction (a certain `yes` in a disjunction) beats any number of maybes.
 */
export type Tri = { readonly is: 'yes' } | { readonly is: 'no' } | { readonly is: 'maybe'; readonly why: Reasons };

type Reasons = readonly string[];

export const YES: Tri = { is: 'yes' };
export const NO: Tri = { is: 'no' };

export function maybe(...why: string[]): Tri {
  return { is: 'maybe', why: why.map((reason) => clean(reason, 200)) };
}

export function tri(certain: boolean): Tri {
  return certain ? YES : NO;
}

export function not(a: Tri): Tri {
  if (a.is === 'maybe') return a;
  return tri(a.is === 'no');
}

export function all(terms: readonly Tri[]): Tri {
  return folded(terms, 'no', YES);
}

export function any(terms: readonly Tri[]): Tri {
  return folded(terms, 'yes', NO);
}

/** `any` of what a test says of each item, asked only until one is certain. */
export function anyOf<T>(items: readonly T[], test: (item: T) => Tri): Tri {
  let open: Tri[] | undefined;
  for (const item of items) {
    const term = test(item);
    if (term.is === 'yes') return term;
    if (term.is === 'maybe') (open ??= []).push(term);
  }
  return open ? any(open) : NO;
}

function folded(terms: readonly Tri[], decides: 'yes' | 'no', otherwise: Tri): Tri {
  let open = false;
  for (const term of terms) {
    if (term.is === decides) return term;
    open ||= term.is === 'maybe';
  }
  return open ? maybe(...reasons(terms)) : otherwise;
}

/** Every reason of the maybes, each once, in order. */
export function reasons(terms: readonly Tri[]): string[] {
  return [...new Set(terms.flatMap((term) => (term.is === 'maybe' ? term.why : [])))];
}

/** One value or a list, as IAM's grammar allows nearly everywhere. */
export function listOf<T extends string | boolean | number>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return typeof value === 'object' ? value : [value];
}
