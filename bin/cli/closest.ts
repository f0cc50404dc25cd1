import { distance as editDistance } from 'fastest-levenshtein';

/** The ids that were probably meant, at most three: few edits away, or with most of the same words. */
export function closest(word: string, known: readonly string[]): readonly string[] {
  const wanted = word.toLowerCase();
  return known
    .map((id) => ({
      id,
      score: Math.min(editDistance(wanted, id) / Math.max(wanted.length, id.length), unlike(wanted, id)),
    }))
    .filter(({ score }) => score <= 0.5)
    .sort((a, b) => a.score - b.score)
    .slice(0, 3)
    .map(({ id }) => id);
}

/** 0: the same words, 1: none in common. */
function unlike(a: string, b: string): number {
  const [one, other] = [new Set(a.split('-')), new Set(b.split('-'))];
  const both = [...one].filter((part) => other.has(part)).length;
  return 1 - (2 * both) / (one.size + other.size);
}
