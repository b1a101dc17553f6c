import { createApp } from "vue";
import "ringback-rating/register";

import Phone from "./Phone.vue";

createApp(Phone).mount("#root");
