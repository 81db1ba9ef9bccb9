/** What GitLab notes of a change of a title: the parts that differ are marked, and nothing is escaped. */
export function markTitles(before: string, after: string): string {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const mark = (text: string, sign: string): string => {
    const middle = text.slice(head, text.length - tail);
    const marked = middle === '' ? '' : `{${sign}${middle}${sign}}`;
    return `${text.slice(0, head)}${marked}${text.slice(text.length - tail)}`;
  };
  return `changed title from **${mark(before, '-')}** to **${mark(after, '+')}**`;
}

/** What GitLab shows of a change of a description: the sides that differ as a whole. */
export function diffDescriptions(before: string, after: string): string {
  const escapeHtml = (text: string): string =>
    text.replace(/[&<>"']/g, (found) => `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' }[found] ?? '#39'};`);
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  const span = (text: string, kind: string): string =>
    text === '' ? '' : `<span class="idiff${kind}">${escapeHtml(text)}</span>`;
  return [
    span(before.slice(0, head), ''),
    span(before.slice(head), ' deletion'),
    span(after.slice(head), ' addition'),
  ].join('');
}
