# expect: {"status": "completed", "stdout": "1j True\n(1.0, 1.5707963267948966) 3.141592653589793 (1+0j) True\n", "exit_code": 0}
import cmath
print(cmath.sqrt(-1), abs(cmath.exp(1j * cmath.pi) + 1) < 1e-12)
print(cmath.polar(1j), cmath.phase(-1), cmath.rect(1, 0), cmath.isclose(1j, 1j))
