const mostPlaces = 500;
const longestPlace = 300;

/**
 * Folders of a repository that a text names, by a path of their own or of what lies in them: the outermost first, in
 * the order of the text. Names only what could be a path from the root; whether it is there is for whoever looks.
 */
export function namedFolders(text: string, most: number): readonly string[] {
  const places = text
    // What stands in paths that people write without quotes. What is left of an address begins with a slash.
    .split(/[^\w.@+/-]+/, mostPlaces)
    .map(inRepository)
    .filter((parts) => parts.length > 0 && !parts.includes('..'));
  const folders = places.flatMap((parts) => parts.map((_, index) => parts.slice(0, index + 1).join('/')));
  return [...new Set(folders)].toSorted((left, right) => depthOf(left) - depthOf(right)).slice(0, most);
}

/** Of `src/cart/total.ts`: `src` and `cart`. A last name with a dot is taken for a file's. */
function inRepository(place: string): readonly string[] {
  if (!place.includes('/') || place.startsWith('/') || place.length > longestPlace) return [];
  const parts = place.split('/').filter((part) => part !== '' && part !== '.');
  const last = parts.at(-1) ?? '';
  return last.slice(1).includes('.') && !place.endsWith('/') ? parts.slice(0, -1) : parts;
}

function depthOf(path: string): number {
  return path.split('/').length;
}
