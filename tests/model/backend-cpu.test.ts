import { backendSuite } from "./backend-suite";

backendSuite("cpu");
