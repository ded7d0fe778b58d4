/** The dashboard's beginning: styles, stores, routes. */
import { createPinia } from "pinia";
import { createApp } from "vue";
import App from "./app.vue";
import { router } from "./router.ts";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/pieces.css";

createApp(App).use(createPinia()).use(router).mount("#app");
