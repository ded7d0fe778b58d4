/** A trader's view of the REST interface, as small as tests need it. */
import type { Demo } from "./venue-process.ts";

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

export class RestClient {
  readonly address: string;
  token = "";

  constructor(address: string) {
    this.address = address;
  }

  static async signIn(address: string, { email, password }: Demo): Promise<RestClient> {
    const client = new RestClient(address);
    const { status, body } = await client.send<{ accessToken: string }>("POST", "auth/login", {
      email,
      password,
    });
    if (status !== 200) throw new Error(`Cannot sign in: ${status} ${JSON.stringify(body)}`);
    client.token = body.accessToken;
    return client;
  }

  async send<Body>(method: string, path: string, body?: object): Promise<Answer<Body>> {
    const answer = await fetch(`${this.address}/api/v1/${path}`, {
      method,
      headers: {
        ...(this.token === "" ? {} : { authorization: `Bearer ${this.token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Body };
  }

  get<Body>(path: string): Promise<Answer<Body>> {
    return this.send("GET", path);
  }
}
