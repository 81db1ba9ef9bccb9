import type { HttpRequest } from './server-message.js';

/** One page of a list, and the `link` header that leads on from it. */
export interface HttpPage<Item> {
  readonly items: readonly Item[];
  readonly headers: Readonly<Record<string, string>>;
}

/** Cuts the page out that the query asks for by `page` and `per_page` (default 30, at most 100). */
export function pageOf<Item>(all: readonly Item[], request: HttpRequest, origin: string): HttpPage<Item> {
  const size = Math.min(100, positive(request.query.get('per_page'), 30));
  const page = positive(request.query.get('page'), 1);
  const last = Math.max(1, Math.ceil(all.length / size));
  const to = (number: number, relation: string): string => {
    const query = new URLSearchParams(request.query);
    query.set('page', String(number));
    return `<${origin}${request.path}?${query}>; rel="${relation}"`;
  };
  const links = [
    ...(page > 1 ? [to(page - 1, 'prev')] : []),
    ...(page < last ? [to(page + 1, 'next'), to(last, 'last')] : []),
  ];
  const headers = links.length === 0 ? {} : { link: links.join(', ') };
  return { items: all.slice((page - 1) * size, page * size), headers };
}

function positive(text: string | null, otherwise: number): number {
  const number = Number.parseInt(text ?? '', 10);
  return number > 0 ? number : otherwise;
}
