import { minSecretLength, type Needle } from './secret-needles.js';

/** A text, looked at in one way. */
export interface TextView {
  /** How it has to be read for a find in it to be one, e.g. `split`; null as it stands. */
  readonly reading: string | null;
  readonly text: string;
  /** Brings what is searched for into the same form; null where it can't stand in this view. */
  readonly fit: (needle: Needle) => string | null;
}

const asItIs = (needle: Needle): string => needle.text;
const squeezed = (needle: Needle): string | null => longEnough(squeeze(needle.text));
const hexOnly = (needle: Needle): string | null => (needle.encoding === 'hex' ? needle.text : null);

/**
 * White space, characters without width, quotes, what joins strings in programs, lists and paths, and what lines begin
 * with in comments, quotations and lists.
 */
const joints = /[\s\p{Cf}'"`+\\,.;|&/()[\]{}#>*:-]+/gu;
/** What stands between the bytes of written-out hexadecimal: `\x68`, `0x68,`, `68:65`, `%68`. */
const hexJoints = /\\x|0x|&#x|[\s'"`+,;:%\\_-]+/gi;

/**
 * The ways in which a text is searched. Removing what joins parts finds a secret that was split over strings,
 * lines or directories; a find needs the whole secret in one row all the same.
 */
export function viewsOf(text: string): readonly TextView[] {
  const decoded = percentDecode(text);
  const lowered = text.toLowerCase();
  const views: TextView[] = [
    { reading: null, text, fit: asItIs },
    { reading: 'URL-encoded', text: decoded, fit: asItIs },
    { reading: 'split', text: squeeze(text), fit: squeezed },
    { reading: 'split', text: decoded === text ? text : squeeze(decoded), fit: squeezed },
    { reading: 'split', text: lowered.replace(hexJoints, ''), fit: hexOnly },
  ];
  return views.filter((view, index) => index === 0 || view.text !== text);
}

/** What is left of a secret can be too short to be told from other text. */
function longEnough(text: string): string | null {
  return text.length < minSecretLength ? null : text;
}

/** A text without what could join the parts of something split. */
function squeeze(text: string): string {
  return text.replace(joints, '');
}

/** Percent-encoded bytes, decoded wherever they stand; bytes that are no UTF-8 are replaced. */
function percentDecode(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));
}
