/**
 * One spelling for all names that some file system or reader takes for the same: without regard to case (APFS, NTFS),
 * to Unicode's forms and full-width letters (APFS, people), to characters that are ignored (HFS+, people), to dots
 * and blanks at a name's end, to named streams and to backslashes (all NTFS). Git's own short name on NTFS, `git~1`,
 * is `.git`. See `core.protectHFS` and `core.protectNTFS` of git-config(1).
 */
export function canonicalPath(path: string): string {
  return path.split(/[/\\]/).map(canonicalName).join('/');
}

function canonicalName(name: string): string {
  const read = foldCase(name.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, ''))
    // Else a line break in its name would hide a file: `**` becomes a regular expression's dot, which stops there.
    .replace(/[\p{Cc}\u2028\u2029]/gu, '_');
  const kept = read.replace(/(?<=.):.*$/, '').replace(/(?<=.)[. ]+$/, '');
  return /^git~\d+$/.test(kept) ? '.git' : kept;
}

/** By way of capitals, which more letters share: `ß` and `ss`, `ı` and `i`. */
function foldCase(text: string): string {
  return text.toUpperCase().toLowerCase();
}
