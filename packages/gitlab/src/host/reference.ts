const longestNumber = 9;

/** What an issue is called by, in this project. */
export function keyOf(repository: string, iid: number): string {
  return `${repository}#${iid}`;
}

/** The number that `id` of an issue or merge request stands for; null where it is none. */
export function numberOf(id: string): number | null {
  return /^\d+$/.test(id) && id.length <= longestNumber ? Number(id) || null : null;
}

/** The number of the issue that a person names: `12`, `#12`, `group/project#12` or a URL. Null where it names none here. */
export function issueNumberOf(
  reference: string,
  { baseUrl, paths }: { readonly baseUrl: string; readonly paths: readonly string[] },
): number | null {
  const text = reference.trim();
  const isOurs = (path: string): boolean => paths.some((each) => each.toLowerCase() === path.toLowerCase());
  const short = /^([^#\s]+)#(\d+)$/.exec(text);
  if (/^#?\d+$/.test(text)) return numberOf(text.replace('#', ''));
  if (short?.[1] !== undefined && isOurs(short[1])) return numberOf(short[2] ?? '');
  const found = placeOf(text, baseUrl);
  return found !== null && isOurs(found.path) ? found.iid : null;
}

/** Project and number in the URL of an issue on this GitLab. */
export function placeOf(text: string, baseUrl: string): { readonly path: string; readonly iid: number } | null {
  const [url, base] = [URL.parse(text), new URL(baseUrl)];
  if (url === null || url.host !== base.host || !/^https?:$/.test(url.protocol)) return null;
  const root = base.pathname.replace(/\/$/, '');
  if (!url.pathname.startsWith(`${root}/`)) return null;
  const match = /^(.+?)(?:\/-)?\/(?:issues|work_items)\/(?:incident\/)?(\d+)\/?$/.exec(
    url.pathname.slice(root.length + 1),
  );
  const iid = numberOf(match?.[2] ?? '');
  return match?.[1] === undefined || iid === null ? null : { path: match[1], iid };
}
