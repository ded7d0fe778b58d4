/** Load on `POST orders` for the benches of REST, and what came of it. */
import autocannon from "autocannon";

let order = 0;
const PREFIX = Date.now().toString(36);

/** An order that finds nobody and expires: journalled, settled, and stored as a document. */
export function orderBody(): string {
  order += 1;
  return JSON.stringify({
    clientOrderId: `${PREFIX}-${order}`,
    symbol: "EURUSD",
    side: "buy",
    type: "limit",
    quantity: "1000",
    price: "0.50000",
    timeInForce: "IOC",
  });
}

export async function post<Body>(url: string, body: object, token = ""): Promise<Body> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Body;
}

export interface Round {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly errors: number;
}

export async function load(
  address: string,
  token: string,
  connections: number,
  seconds: number,
): Promise<Round> {
  const result = await autocannon({
    url: `${address}/api/v1/orders`,
    connections,
    duration: seconds,
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    requests: [{ setupRequest: request => ({ ...request, body: orderBody() }) }],
  });
  return {
    requestsPerSecond: Math.round(result.requests.average),
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    errors: result.non2xx + result.errors,
  };
}

export function median(rounds: readonly Round[]): number {
  const sorted = rounds.map(({ requestsPerSecond }) => requestsPerSecond).sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
