// The shipped weights, as they lie in weights/: part of the program, paged in as they are touched.
    .section .rodata
    .balign 64
    .globl basin_weights_begin
    .globl basin_weights_end
basin_weights_begin:
    .incbin BASIN_WEIGHTS_FILE
basin_weights_end:
    .byte 0
    .section .note.GNU-stack,"",%progbits
