// After all tests: the server ends in order. What it left on the hosts goes with the lab.
import { stop } from "./server";

export default stop;
