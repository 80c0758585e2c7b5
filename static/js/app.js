// For pages without a script of their own that starts it.
import { startShell } from "./shell.js";

startShell();
