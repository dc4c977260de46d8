/* The price list, as it stands beside this file, inside the program. */
        .section .rodata
        .global basin_builtin_prices_begin
        .global basin_builtin_prices_end
        .type basin_builtin_prices_begin, @object
        .type basin_builtin_prices_end, @object
basin_builtin_prices_begin:
        .incbin "ledger/builtin_prices.toml"
basin_builtin_prices_end:
        .byte 0
        .section .note.GNU-stack, "", @progbits
