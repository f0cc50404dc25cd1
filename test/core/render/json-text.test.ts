import { jsonText } from '../../../lambda/core/render/json';

it('cuts a text of many lines too', () => {
  const text = Array.from({ length: 100 }, () => 'x'.repeat(99)).join('\n');
  expect((JSON.parse(jsonText({ text })) as { text: string }).text).toHaveLength(4000);
});
