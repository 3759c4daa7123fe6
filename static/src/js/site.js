// Everything here is a convenience: each page works without it. Words shown to people come from
// data- attributes, written by the server in the language of the page.
import "./parts/leave.js";
import "./parts/folds.js";
import "./parts/sending.js";
import "./parts/drafts.js";
import "./parts/reading.js";
import "./parts/told.js";
import "./parts/preview.js";
import "./parts/writing.js";
import "./parts/guard.js";
import "./parts/files.js";
import "./parts/cases.js";
