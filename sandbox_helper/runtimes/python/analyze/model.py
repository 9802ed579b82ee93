# Part of zygote-python: stub
