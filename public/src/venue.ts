/** The one client of this page: the venue that served it. */
import { CambistClient } from "./client/cambist-client.ts";

export const venue = new CambistClient(window.location.origin, window.sessionStorage);
