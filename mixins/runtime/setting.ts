/** One value of the environment: read, checked, refused with a sentence. */
export class SettingInvalid extends Error {
  readonly code = "SETTING_INVALID";
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Undefined where it is missing or empty. */
export function given(environment: Environment, name: string): string | undefined {
  return environment[name] || undefined;
}

export function integer(
  environment: Environment,
  name: string,
  fallback: number,
  least: number,
  most: number,
): number {
  const text = given(environment, name);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new SettingInvalid(
      `Cannot start as '${name}' must be an integer from ${least} to ${most}: received ${text}`,
    );
  }
  return value;
}

export function flag(environment: Environment, name: string, fallback: boolean): boolean {
  const text = given(environment, name);
  if (text === undefined) return fallback;
  if (text !== "true" && text !== "false") {
    throw new SettingInvalid(`Cannot start as '${name}' must be true or false: received ${text}`);
  }
  return text === "true";
}
