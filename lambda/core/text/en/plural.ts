export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

export const copiesOf = (count: number): string => plural(count, 'copy', 'copies');

export const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
