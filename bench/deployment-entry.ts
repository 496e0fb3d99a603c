// The deployment that benchmarks run the wizard against.
export { startDemo } from '../source/demo/deployment.ts'
