// The shipped weights, as they lie in weights/: part of the program, paged in as they are touched. The encoder and the
// known words are there or not; where they are not, their two labels are one place.
    .section .rodata
    .balign 64
    .globl basin_weights_begin
    .globl basin_weights_end
basin_weights_begin:
    .incbin BASIN_WEIGHTS_FILE
basin_weights_end:
    .byte 0
    .balign 64
    .globl basin_encoder_begin
    .globl basin_encoder_end
basin_encoder_begin:
#ifdef BASIN_ENCODER_FILE
    .incbin BASIN_ENCODER_FILE
#endif
basin_encoder_end:
    .byte 0
    .balign 128
    .globl basin_spelling_begin
    .globl basin_spelling_end
basin_spelling_begin:
#ifdef BASIN_SPELLING_FILE
    .incbin BASIN_SPELLING_FILE
#endif
basin_spelling_end:
    .byte 0
    .section .note.GNU-stack,"",%progbits
