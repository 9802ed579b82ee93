# expect: {"status": "completed", "stdout": "help NameError\nlicense NameError\ncopyright NameError\ncredits NameError\nbreakpoint NameError\nTrue True\n"}
for name, look in (("help", lambda: help), ("license", lambda: license),
                   ("copyright", lambda: copyright),
                   ("credits", lambda: credits),
                   ("breakpoint", lambda: breakpoint)):
    try:
        look()
        print(name)
    except NameError as e:
        print(name, "NameError")
print(callable(exit), callable(quit))
