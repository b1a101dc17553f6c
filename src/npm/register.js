// A page that imports this has the element <ringback-rating>.

import { define } from './index.js';

define();
