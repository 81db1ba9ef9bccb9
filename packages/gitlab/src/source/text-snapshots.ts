import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { maskDeep, writeWhole } from '@baton/adapter-kit';
import type { AdapterHost, Instant } from '@baton/core';
import { z } from 'zod';
import { mapFileError } from '../host/map-error.js';

/** The texts of an issue as they stood when it was handed over. */
export interface KeptText {
  /** When it was handed over: another time is another text. */
  readonly at: Instant;
  readonly title: string;
  readonly body: string;
  /** By the number of the note. */
  readonly comments: Readonly<Record<string, string>>;
}

/**
 * What was once seen of texts, as GitLab keeps no history of comments, and on its free tier none of the first
 * description. The first sight counts.
 */
export interface KeptTexts {
  /** Null where nothing was seen of that time. */
  get(iid: number, at: Instant): Promise<KeptText | null>;
  keep(iid: number, text: KeptText): Promise<void>;
}

const shape = z.looseObject({
  at: z.number(),
  title: z.string(),
  body: z.string(),
  comments: z.record(z.string(), z.string()),
});

/** One file for each issue, masked; in memory alone where there is no directory. */
export function createKeptTexts(directory: string | null, mask: AdapterHost['mask']): KeptTexts {
  const memory = new Map<number, KeptText>();
  if (directory === null) {
    return {
      get: async (iid, at) => (memory.get(iid)?.at === at ? (memory.get(iid) ?? null) : null),
      keep: async (iid, text) => void memory.set(iid, text),
    };
  }
  const pathOf = (iid: number): string => join(directory, `${iid}.json`);
  return {
    async get(iid, at) {
      try {
        const found = shape.parse(JSON.parse(await readFile(pathOf(iid), 'utf8')));
        return found.at === at ? found : null;
      } catch {
        // Nothing was kept, or it is damaged: then GitLab's own history has to do.
        return null;
      }
    },
    async keep(iid, text) {
      const path = pathOf(iid);
      try {
        await mkdir(directory, { recursive: true, mode: 0o700 });
        await writeWhole(path, JSON.stringify(maskDeep(text, mask)));
      } catch (error) {
        throw mapFileError(error, path);
      }
    },
  };
}
