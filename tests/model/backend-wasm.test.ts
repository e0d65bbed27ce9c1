import { backendSuite } from "./backend-suite";

backendSuite("wasm");
