# expect: {"status": "failed", "error_type": "CompileError", "stderr_has": "/etc/shadow", "stdout": ""}
# stopped_by: root
/* The assembler opens files, too. */
__asm__ (".incbin \"/etc/shadow\"");
int main(void) { return 0; }
