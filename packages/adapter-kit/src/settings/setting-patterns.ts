/** A name in kebab-case, such as the `id` of an adapter or of an agent. */
export const kebabCase = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * The name of an environment variable. A setting that names one refuses what else is written there: a secret that was
 * put in place of its name, above all.
 */
export const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;
