/** What survives `JSON.parse(JSON.stringify(value))` unchanged. Everything that Baton stores is of this type. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
