# expect: {"status": "failed", "error_type_in": ["MemoryError", "TimeoutError", "CompileError"], "stdout": ""}
# timeout: 10
# memory_mb: 64
# bounded_by: a compiler has the layers of any program
#define A "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define B A A A A A A A A A A A A A A A A
#define C B B B B B B B B B B B B B B B B
#define D C C C C C C C C C C C C C C C C
#define E D D D D D D D D D D D D D D D D
#define F E E E E E E E E E E E E E E E E
#define G F F F F F F F F F F F F F F F F
const char *a = G G G G G G G G G G G G G G G G;
int main(void) { return a[0]; }
