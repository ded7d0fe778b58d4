/** What InfluxDB answers, decoded: the client hands over JSON as it came, and may wait for ever. */

/** Rows of the one table that a query answers; none where there are none. Throws what InfluxDB refuses. */
export function tableOf(answer: unknown): readonly (readonly unknown[])[] {
  const [result] = listAt(answer, "results");
  const error = at(result, "error") ?? at(answer, "error");
  if (error !== undefined) throw new Error(`InfluxDB refused: ${String(error)}`);
  const [series] = listAt(result, "series");
  return listAt(series, "values").filter(row => Array.isArray(row));
}

function at(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

function listAt(value: unknown, name: string): readonly unknown[] {
  const list = at(value, name);
  return Array.isArray(list) ? list : [];
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** An answer that is cut off in its middle never ends by itself. */
export async function inTime<Answer>(answer: Promise<Answer>, withinMs: number): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const error = new Error(`InfluxDB has not answered within ${withinMs} ms`);
    timer = setTimeout(() => reject(error), withinMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
