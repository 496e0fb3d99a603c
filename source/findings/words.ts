// The one table of words: screen, plain output, JSON and documents all take theirs from here.
import { deploymentWords } from './words-of-deployment.ts'
import { muxWords } from './words-of-mux.ts'
import { settingsWords } from './words-of-settings.ts'
import { usageWords } from './words-of-usage.ts'

export const words = { ...deploymentWords, ...muxWords, ...settingsWords, ...usageWords }
