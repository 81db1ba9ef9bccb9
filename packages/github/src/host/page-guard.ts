import { misshapen } from './map-error.js';

const mostPages = 1000;

/** Told where each further page of a list begins: rejects one that was told before, and more than any list has. */
export function createPageGuard(what: string): (page: string) => void {
  const seen = new Set<string>();
  return (page) => {
    if (seen.has(page) || seen.size === mostPages) throw misshapen(what, 'pages that lead in circles');
    seen.add(page);
  };
}
