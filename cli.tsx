process.stderr.write('mux-bridge-wizard\n')
