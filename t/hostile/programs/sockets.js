// expect: {"status": "completed", "stdout": "bind EPERM\nconnect EPERM\nconnect EPERM\nconnect EPERM\nlisten EPERM\nlisten EPERM\nqueryA ECONNREFUSED\n", "stderr": "", "exit_code": 0}
// stopped_by: seccomp
const net = require('net');
const lines = [];
const said = (e) => lines.push(e ? `${e.syscall} ${e.code}` : 'ESCAPED');
net.connect(80, '127.0.0.1', said).on('error', said);
net.connect(80, '::1', said).on('error', said);
net.connect('\0abstract', said).on('error', said);
net.createServer().on('error', said).listen(0, '127.0.0.1', said);
net.createServer().on('error', said).listen('/tmp/socket', said);
require('dgram').createSocket('udp4').on('error', said).bind(0, said);
require('dns').resolve4('example.com', said);
process.on('exit', () => console.log(lines.sort().join('\n')));
