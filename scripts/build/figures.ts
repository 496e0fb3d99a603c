// Stands for the package figures in the bundle: the one character that ink-select-input takes from it.
export default { pointer: '❯' }
