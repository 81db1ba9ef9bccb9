import type { JsonValue } from '@baton/core';

/** A JSON object, as it was parsed. */
export type JsonObject = { readonly [key: string]: JsonValue };
