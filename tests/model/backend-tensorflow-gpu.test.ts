import { backendSuite } from "./backend-suite";

backendSuite("tensorflow-gpu");
