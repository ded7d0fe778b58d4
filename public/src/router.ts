/** Two pages. The terminal, with the charts, is fetched only by those who are signed in. */
import { createRouter, createWebHashHistory } from "vue-router";
import { useSession } from "./stores/session.ts";
import SignIn from "./views/sign-in.vue";

// A hash, so that a reload asks the server for nothing but the page itself.
export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: "/", name: "terminal", component: () => import("./views/trading-terminal.vue") },
    { path: "/sign-in", name: "sign-in", component: SignIn },
    { path: "/:rest(.*)*", redirect: "/" },
  ],
});

router.beforeEach(async to => {
  const session = useSession();
  if (to.name === "sign-in") return session.signedIn ? { name: "terminal" } : true;
  if (!session.signedIn) return { name: "sign-in" };
  return (await session.restore()) ? true : { name: "sign-in" };
});
