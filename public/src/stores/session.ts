/** Who is signed in, and how the line to the venue stands. */
import { defineStore } from "pinia";
import { ref } from "vue";
import type { Connection } from "../client/cambist-client.ts";
import { failureOf } from "../client/failure.ts";
import { venue } from "../venue.ts";

export const useSession = defineStore("session", () => {
  const signedIn = ref(venue.session.kept);
  const email = ref(venue.session.email);
  const connection = ref<Connection>("offline");
  /** Why one is back at the sign-in page, where it was not one's own doing. */
  const expired = ref(false);

  venue.onConnection = state => {
    connection.value = state;
  };
  venue.session.onEnded = reason => {
    signedIn.value = false;
    email.value = "";
    expired.value = reason === "expired";
    venue.close();
  };

  function enter(): void {
    signedIn.value = true;
    expired.value = false;
    email.value = venue.session.email;
  }

  async function signIn(address: string, password: string): Promise<void> {
    await venue.session.signIn(address, password);
    enter();
  }

  async function register(address: string, password: string): Promise<void> {
    await venue.session.register(address, password);
    enter();
  }

  /**
   * Goes on with the session of before a reload; false where it has ended. A venue out of reach ends nothing.
   */
  async function restore(): Promise<boolean> {
    if (!venue.session.kept) return false;
    try {
      await venue.session.accessToken();
      return true;
    } catch (caught) {
      return failureOf(caught).transient;
    }
  }

  return {
    signedIn,
    email,
    connection,
    expired,
    signIn,
    register,
    restore,
    signOut: () => venue.session.signOut(),
  };
});
